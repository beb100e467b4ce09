package io.tidegate;

import io.tidegate.challenge.Pass;
import io.tidegate.challenge.Verification;
import io.tidegate.client.ClientKey;
import org.jspecify.annotations.Nullable;

/** A request on its way through a gate that takes a toll, with the pass that it shows. */
final class TollCall extends Call {

  private @Nullable String network;
  private @Nullable Pass pass;
  private @Nullable ClientKey passKey;
  private long paid;
  private @Nullable Verification ahead;
  private boolean passIsUsed;

  TollCall(GateRequest request, Pipeline pipeline) {
    super(request, pipeline);
  }

  /** Takes note of the pass that the request has shown. */
  void show(@Nullable Pass shown) {
    pass = shown;
    passKey = shown == null ? null : key(shown);
  }

  /** A member is one however often he logs in: else each login would be a fresh quota. */
  private static ClientKey key(Pass shown) {
    String account = shown.account();
    return account == null
        ? ClientKey.pass(shown.idHigh(), shown.idLow())
        : ClientKey.member(account);
  }

  /** Whether this is somebody who has logged in here before. */
  @Override
  boolean isMember() {
    return pass != null && pass.level() == Pass.Level.MEMBER;
  }

  /** A visitor's pass is spent only where its holder would be refused without it. */
  @Override
  boolean holdsBack() {
    return pass != null && !passIsUsed && pass.level() == Pass.Level.VISITOR;
  }

  @Override
  void usePass() {
    passIsUsed = true;
  }

  @Override
  void paid(long work) {
    paid = work;
  }

  @Override
  long paid() {
    return paid;
  }

  @Override
  @Nullable Verification redeemedAhead() {
    return ahead;
  }

  @Override
  void redeemedAhead(Verification verified) {
    ahead = verified;
  }

  @Override
  String network() {
    String known = network;
    if (known == null) {
      known = super.network();
      network = known;
    }
    return known;
  }

  @Override
  @Nullable Pass shownPass() {
    return pass;
  }

  @Override
  public @Nullable ClientKey pass() {
    return passKey;
  }
}
