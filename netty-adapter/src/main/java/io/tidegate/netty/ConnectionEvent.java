package io.tidegate.netty;

import io.tidegate.client.IpAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that the handlers of this package did to a connection, for whoever operates the server.
 *
 * <p>A listener is called on the connection's event loop, during a flood for every connection that
 * is closed: count, sample or hand over, and return. What it throws is dropped. A listener may ban:
 *
 * <pre>{@code
 * event -> {
 *   if (event.type() == ConnectionEvent.Type.STREAM_RESETS && event.peer() != null) {
 *     gate.penaltyBox().ban(ClientKey.address(event.peer()), Duration.ofMinutes(5));
 *   }
 * }
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param type what happened
 * @param peer the address that the connection is counted against; null if it has none, as a domain
 *     socket
 */
public record ConnectionEvent(Type type, @Nullable IpAddress peer) {

  /** What can happen. */
  public enum Type {
    /** A connection was closed since its address has as many open as it may. */
    ADDRESS_FULL,
    /** A connection was closed since its address opens them too fast. */
    ADDRESS_TOO_FAST,
    /** A connection was closed since the server has as many open as it may. */
    SERVER_FULL,
    /** A connection was closed since all addresses together open them too fast. */
    SERVER_TOO_FAST,
    /** A trusted proxy did not begin with a PROXY header in time, or with an unreadable one. */
    PROXY_HEADER_MISSING,
    /** A sender took too long for its header, or sent its body too slowly. */
    SLOW_SENDER,
    /** A client sent more requests than may wait for their turn on one connection. */
    PIPELINE_FULL,
    /** An HTTP/2 client reset streams too often, or provoked their reset. */
    STREAM_RESETS
  }

  /**
   * Makes an event.
   *
   * @param type what happened
   * @param peer the address, or null
   * @throws NullPointerException if there is no type
   */
  public ConnectionEvent {
    Objects.requireNonNull(type, "type");
  }

  /**
   * A form that is safe to log: the address is cut to its network.
   *
   * @return one line of text
   */
  @Override
  public String toString() {
    return "ConnectionEvent[" + type + ", " + (peer == null ? "no address" : peer.masked()) + "]";
  }
}
