package io.tidegate.redis;

/**
 * Why a script call has no answer. Made once each, without a stack trace and anything that could be
 * added: these are no bugs, and while a server is down there is one for each call.
 */
@SuppressWarnings("StaticAssignmentOfThrowable")
final class Unavailable extends Exception {

  private static final long serialVersionUID = 1L;

  /** The server is not asked for a while. */
  static final Unavailable SUSPENDED = new Unavailable("suspended");

  /** There is no connection. */
  static final Unavailable DISCONNECTED = new Unavailable("disconnected");

  /** No answer in time; the server may have done it. */
  static final Unavailable LATE = new Unavailable("late");

  /** The store was closed. */
  static final Unavailable CLOSED = new Unavailable("closed");

  private Unavailable(String message) {
    super(message, null, false, false);
  }
}
