package io.tidegate;

/**
 * How a request ended, told to the gate when its {@link Permit} is closed.
 *
 * @param status the response's status, or 500 if the endpoint threw; 0 if the client went away
 *     before there was one
 * @param markedFailed whether the application said so by {@link Permit#markFailed()}
 */
public record Outcome(int status, boolean markedFailed) {

  /**
   * Whether the request failed, by its status, by the application's word, or since the client did
   * not stay to hear.
   *
   * @return true if the status is 400 or more or 0, or the application said so
   */
  public boolean failed() {
    return markedFailed || status >= 400 || aborted();
  }

  /**
   * Whether the client went away before there was a status.
   *
   * @return true if the status is 0
   */
  public boolean aborted() {
    return status == 0;
  }
}
