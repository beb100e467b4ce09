package io.tidegate;

/**
 * A set-up that looks unsafe. Each is logged once, with its code and the mend, and stands in {@link
 * GateStatus#notices()} from then on.
 */
public enum SetupNotice {
  /** A forwarding header came from a peer that is not a trusted proxy. */
  UNTRUSTED_PROXY(
      "TG001",
      "a forwarding header came from a peer that is not trusted, so the peer's own address is used;"
          + " if the peer is your proxy, name its network in ClientResolver, or all its clients"
          + " share one limit; if it is a client, all is well"),
  /** The adapter stands in the way of a request twice. */
  FILTER_TWICE(
      "TG002",
      "the filter met a request that it has already decided, and let it pass; register it once"),
  /** A trusted proxy sends what cannot be read. */
  MALFORMED_PROXY_HEADER(
      "TG003",
      "a trusted proxy sent a forwarding header that cannot be read, so the last readable hop is"
          + " used; check that the proxy writes the header that ClientResolver names"),
  /** The server does not tell the peer's address. */
  UNKNOWN_PEER(
      "TG004",
      "the server gave no address for a request's peer; all such requests share one limit"),
  /** The keys of a rule outgrew its store. */
  STORE_FULL(
      "TG005",
      "a rule has more keys at once than its maxKeys, and decides new ones by whenFull; raise"
          + " maxKeys or shorten the quota's window"),
  /** The server, or a filter in front, lets no request wait for a slot. */
  CANNOT_WAIT(
      "TG007",
      "requests cannot wait for a slot, and are refused at once when all are taken, since a filter"
          + " or the servlet is registered without async support, or the gate's filter not for the"
          + " dispatcher type ASYNC; register all with setAsyncSupported(true), and the gate's for"
          + " REQUEST and ASYNC"),
  /** A rule's table would be full in a flood. */
  TABLE_SMALL(
      "TG006",
      "10,000 new keys a second would fill the table of a rule, and newcomers would then meet debts"
          + " that are not theirs; leave its maxKeys unsaid, raise it, or shorten the quota's window");

  private final String code;
  private final String text;

  SetupNotice(String code, String text) {
    this.code = code;
    this.text = text;
  }

  /**
   * A code that stays the same in all versions.
   *
   * @return for example {@code TG001}
   */
  public String code() {
    return code;
  }

  /**
   * What was noticed and what mends it.
   *
   * @return one sentence
   */
  public String text() {
    return text;
  }
}
