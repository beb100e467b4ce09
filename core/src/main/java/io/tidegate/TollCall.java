package io.tidegate;

import io.tidegate.challenge.Pass;
import io.tidegate.client.ClientKey;
import org.jspecify.annotations.Nullable;

/** A request on its way through a gate that takes a toll, with the pass that it shows. */
final class TollCall extends Call {

  private @Nullable String network;
  private @Nullable Pass pass;
  private @Nullable ClientKey passKey;

  TollCall(GateRequest request, Pipeline pipeline) {
    super(request, pipeline);
  }

  /** Takes note of the pass that the request has shown. */
  void show(@Nullable Pass shown) {
    pass = shown;
    passKey = shown == null ? null : ClientKey.pass(shown.idHigh(), shown.idLow());
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
