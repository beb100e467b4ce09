package io.tidegate.netty;

import io.netty.channel.Channel;
import io.tidegate.Gate;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of requests, whichever HTTP they came by.
 *
 * @param gate who decides
 * @param drainTime how long a client may take that was refused
 * @param sender how slow one may be that was admitted
 * @param events who hears of those that are slower
 * @param principals who a channel's user is
 */
record RequestOptions(
    Gate gate,
    Duration drainTime,
    SenderLimits sender,
    Events events,
    Function<? super Channel, @Nullable String> principals) {

  /** The defaults. */
  static RequestOptions of(Gate gate) {
    return new RequestOptions(
        Objects.requireNonNull(gate, "gate"),
        Duration.ofSeconds(2),
        SenderLimits.DEFAULT,
        Events.NONE,
        channel -> null);
  }

  /** Whether a verdict may come late. */
  boolean mayWait() {
    return gate.mayWait() || gate.claimsRemotely();
  }

  RequestOptions withDrainTime(Duration time) {
    return new RequestOptions(gate, Durations.check("drainTime", time), sender, events, principals);
  }

  RequestOptions withSender(SenderLimits sender) {
    return new RequestOptions(gate, drainTime, sender, events, principals);
  }

  RequestOptions withListener(Consumer<? super ConnectionEvent> listener) {
    Events events = new Events(Objects.requireNonNull(listener, "listener"));
    return new RequestOptions(gate, drainTime, sender, events, principals);
  }

  RequestOptions withPrincipals(Function<? super Channel, @Nullable String> principals) {
    Objects.requireNonNull(principals, "principals");
    return new RequestOptions(gate, drainTime, sender, events, principals);
  }
}
