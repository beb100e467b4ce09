package io.tidegate;

import io.tidegate.client.ClientKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that operators may want to know. Safe to log as it is.
 *
 * @param type what happened
 * @param rule the rule that it is about, or null if it is about none
 * @param client who, or null if it is about nobody; as text it is masked to a network or to a keyed
 *     hash
 * @param retryAfter how long it lasts, or null if it has no end
 */
public record GateEvent(
    Type type, @Nullable String rule, @Nullable ClientKey client, @Nullable Duration retryAfter) {

  /** What can happen. */
  public enum Type {
    /** A request was refused by a limit. */
    THROTTLED,
    /** A request was refused by a limit, and offered a price at which it may go on. */
    CHALLENGED,
    /** A request went on past a limit, for work. */
    PAID,
    /** A request would have been refused by a shadow rule. */
    WOULD_THROTTLE,
    /** Somebody was put into the penalty box. */
    BAN_GIVEN,
    /** A request was refused since its sender is in the penalty box. */
    BANNED,
    /** A request was refused by the deny list. */
    DENIED,
    /** A request was refused since no slot was free, or a rule, or the gate, failed closed. */
    OVERLOADED,
    /** The state of the sea has changed; the status says to what. */
    SEA
  }
}
