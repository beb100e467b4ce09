package io.tidegate.examples.drill.sim;

import io.tidegate.Gate;
import io.tidegate.Permit;
import io.tidegate.Verdict;
import io.tidegate.challenge.KeyRing;
import io.tidegate.client.IpAddress;
import io.tidegate.examples.drill.DrillGate;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Who there is, the same in all rows: bots' addresses, and established users, half of whom have API
 * keys and half members' passes.
 */
final class Crowd {

  private static final int ESTABLISHED = 5_000;

  /** An odd number spreads the numbers of bots over all addresses without a repetition. */
  private static final int SPREAD = 0x9E37_79B1;

  private static final int HUMANS_FROM = 0x0A00_0000;
  private static final int MEMBERS_FROM = 0x0B00_0000;

  final KeyRing keys =
      KeyRing.of("drill", "secret of the simulation, no other".getBytes(StandardCharsets.UTF_8));

  private final IpAddress[] bots;
  private final IpAddress[] homes = new IpAddress[ESTABLISHED];
  private final String[] apiKeys = new String[ESTABLISHED];
  private final String[] passes = new String[ESTABLISHED];

  Crowd(int addresses) {
    bots = new IpAddress[addresses];
    Arrays.setAll(bots, i -> ipv4(i * SPREAD));
    Arrays.setAll(homes, i -> ipv4(MEMBERS_FROM + i * 256));
    Arrays.setAll(apiKeys, i -> DrillGate.CUSTOMER + i);
    try (Gate gate = new SimulatedGate(this, Scenario.of(0, 0)).gate) {
      Arrays.setAll(passes, i -> logIn(gate, i));
    }
  }

  static IpAddress ipv4(int bits) {
    byte[] bytes = {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits};
    try {
      return IpAddress.of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("address: " + bits + " (expected: four bytes)", e);
    }
  }

  /** As an application does after a successful login. */
  private String logIn(Gate gate, int member) {
    Verdict verdict = gate.enter(new Login(homes[member]));
    Permit permit = verdict.permit();
    String cookie = permit.remember("member-" + member).orElseThrow();
    permit.close(200);
    return cookie.substring(0, cookie.indexOf(';'));
  }

  int bots() {
    return bots.length;
  }

  IpAddress bot(int number) {
    return bots[number];
  }

  /** Each human has an address of his own. */
  IpAddress human(int number) {
    return ipv4(HUMANS_FROM + number * 256);
  }

  int established() {
    return ESTABLISHED;
  }

  IpAddress home(int user) {
    return homes[user];
  }

  String apiKey(int user) {
    return apiKeys[user];
  }

  String pass(int user) {
    return passes[user];
  }
}
