package io.tidegate;

import io.tidegate.client.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request as a gate sees it. Adapters implement it over their server's request, without copying.
 *
 * <p>A gate calls it on the thread that asks for a verdict, and only what its rules need. Header
 * names are case-insensitive. Values may be anything that a client can send; an implementation must
 * not throw because of them.
 */
public interface GateRequest {

  /**
   * The method.
   *
   * @return for example {@code POST}, as sent
   */
  String method();

  /**
   * The path as it was sent: undecoded, with its parameters, without the query. The gate brings it
   * into the form in which applications route.
   *
   * @return for example {@code /v1/chat%20room;v=1}
   */
  String path();

  /**
   * The part of {@link #path()} below which the application lives; rules do not name it.
   *
   * @return for example {@code /shop}, or the empty string
   */
  default String basePath() {
    return "";
  }

  /**
   * The host that was asked for, from {@code :authority} or {@code Host}, with or without a port.
   *
   * @return the host, or null if the request names none
   */
  @Nullable String host();

  /**
   * The address at the other end of the socket.
   *
   * @return the address, or null if it cannot be read
   */
  @Nullable IpAddress peer();

  /**
   * The first value of a header.
   *
   * @param name the field's name
   * @return the value, or null if there is none
   */
  @Nullable String header(String name);

  /**
   * All values of a header, line by line.
   *
   * @param name the field's name
   * @return the values in order, none if the field is not there
   */
  Iterable<String> headers(String name);

  /**
   * Who the server knows the asker to be, if authentication came before the gate.
   *
   * @return a name, or null
   */
  @Nullable String principal();

  /**
   * Whether the socket is encrypted. What a trusted proxy says of the connection before it, the
   * gate reads for itself.
   *
   * @return true for https; false if not overridden
   */
  default boolean isSecure() {
    return false;
  }
}
