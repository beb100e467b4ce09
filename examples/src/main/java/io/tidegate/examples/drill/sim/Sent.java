package io.tidegate.examples.drill.sim;

import io.tidegate.GateRequest;
import io.tidegate.Verdict;
import io.tidegate.Waiting;
import io.tidegate.client.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request on its way, as the gate sees it and as its sender hears of it. */
abstract class Sent extends Waiting implements GateRequest {

  static final String REGISTER = "/register";
  static final String CHAT = "/v1/chat/completions";
  static final String BUY_PASS = "/.tidegate/pass-token";

  final Role role;
  private final World world;
  private final String path;
  private final IpAddress address;
  private @Nullable String authorization;
  private @Nullable String cookie;
  private @Nullable String proof;
  private @Nullable String pass;

  Sent(World world, Role role, String path, IpAddress address) {
    this.world = world;
    this.role = role;
    this.path = path;
    this.address = address;
  }

  Sent authorization(@Nullable String value) {
    this.authorization = value;
    return this;
  }

  Sent cookie(@Nullable String value) {
    this.cookie = value;
    return this;
  }

  Sent proof(@Nullable String value) {
    this.proof = value;
    return this;
  }

  Sent pass(@Nullable String value) {
    this.pass = value;
    return this;
  }

  /** The gate has refused, or answered by itself. */
  abstract void answered(Verdict verdict);

  /** The work is done. */
  abstract void served();

  @Override
  protected void decided(Verdict verdict) {
    world.decided(this, verdict);
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public @Nullable String host() {
    return "service.example";
  }

  @Override
  public IpAddress peer() {
    return address;
  }

  @Override
  public @Nullable String header(String name) {
    return switch (name) {
      case "Authorization", "authorization" -> authorization;
      case "Cookie" -> cookie;
      case "Tidegate-Proof" -> proof;
      case "Tidegate-Pass" -> pass;
      default -> null;
    };
  }

  @Override
  public Iterable<String> headers(String name) {
    String value = header(name);
    return value == null ? List.of() : List.of(value);
  }

  @Override
  public @Nullable String principal() {
    return null;
  }

  @Override
  public boolean isSecure() {
    return true;
  }
}
