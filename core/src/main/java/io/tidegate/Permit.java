package io.tidegate;

/**
 * The leave to go on, which an admitted {@link Verdict} carries. Whoever asked for the verdict must
 * close it when the request ends, whatever ends it; adapters do. Only the first close counts.
 *
 * <p>Safe for use by many threads; never blocks and never throws.
 */
public interface Permit {

  /**
   * Tells the gate that the request failed in a way that its status does not show, for example a
   * login form that is answered with 200 and a message. Counts if said before the permit is closed.
   */
  void markFailed();

  /**
   * Ends the request. Rules that charge on an outcome give back what they need not keep.
   *
   * @param status the response's status; 0 if the client went away before there was one
   */
  void close(int status);

  /**
   * Whether the permit is closed.
   *
   * @return true after the first {@link #close}
   */
  boolean isClosed();
}
