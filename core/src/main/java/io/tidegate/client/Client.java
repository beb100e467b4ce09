package io.tidegate.client;

import org.jspecify.annotations.Nullable;

/**
 * What is known about the asker of one request, before anything is decided. Keys are made from it
 * (see {@link KeyBy}).
 *
 * <p>Implemented by whoever translates a server's request. It belongs to one request and is used by
 * one thread at a time. Its methods must be cheap, must not block and must not throw.
 */
public interface Client {

  /**
   * Where the request comes from, behind trusted proxies.
   *
   * @return the address; {@link IpAddress#UNKNOWN} if there is none
   */
  IpAddress address();

  /**
   * A header of the request.
   *
   * @param name the field name, in any case
   * @return the value of its first line, or null if the request has no such header
   */
  @Nullable String header(String name);

  /**
   * Who the application says this is, for example an account id. Only what was authenticated
   * belongs here.
   *
   * @return the name, or null if the asker is not authenticated (yet)
   */
  @Nullable String principal();

  /**
   * The pass that the asker has shown and that is valid now.
   *
   * @return its key, or null if there is none
   */
  default @Nullable ClientKey pass() {
    return null;
  }
}
