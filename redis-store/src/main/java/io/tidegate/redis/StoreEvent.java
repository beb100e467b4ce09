package io.tidegate.redis;

/**
 * Something happened between this node and the server.
 *
 * @param kind what
 * @param node which node of a cluster, by its id; empty if it is not known, or there is one server
 */
public record StoreEvent(Kind kind, String node) {

  /** What can happen. */
  public enum Kind {
    /** A connection was made. */
    CONNECTED,
    /** A connection was lost; it is made again by itself. */
    DISCONNECTED,
    /** Too many calls failed or were late: for a while the server is not asked. */
    SUSPENDED,
    /** A few calls are tried. */
    PROBING,
    /** The server is asked again. */
    RESUMED,
    /**
     * The server knew the script before and does not any more: it was started anew, or another took
     * its place, most likely without what clients owe. That gives each client one burst at most.
     */
    RESTARTED
  }
}
