package io.tidegate.client;

import java.util.Collection;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Finds the asker's address from the socket's peer and the lines of one configured header.
 *
 * <p>A header is worth what its writer is worth. If the peer is not a trusted proxy, the header is
 * ignored. If it is, the hops are walked from the right, which is the end that the nearest proxy
 * wrote; trusted hops are skipped, and the first other one is the client. If all are trusted, the
 * left-most one is. A hop that is not an address ({@code unknown}, an obfuscated name, junk, an
 * empty element) ends the walk: nobody vouches for what is left of it, so the answer is the last
 * good hop, at worst the peer.
 *
 * <p>The header is a comma list of nodes, as {@code X-Forwarded-For}, or has the syntax of RFC 7239
 * if its name is {@code Forwarded}. Nodes may carry ports and brackets. At most 4,096 characters
 * and 64 hops are looked at, counted from the right.
 *
 * <p>Safe for use by many threads; no method blocks. {@link #resolve} takes time linear in the text
 * looked at.
 */
public final class ClientResolver {

  private static final int MAX_HEADER_NAME = 128;
  private static final String FORWARDED = "Forwarded";
  private static final ClientResolver SOCKET_ONLY = new ClientResolver(null, NetworkSet.empty());

  private final @Nullable String header;
  private final NetworkSet trusted;
  private final HopWalk hops;
  private final LongAdder ignored = new LongAdder();

  private ClientResolver(@Nullable String header, NetworkSet trusted) {
    this.header = header;
    this.trusted = trusted;
    boolean forwarded = FORWARDED.equalsIgnoreCase(header);
    this.hops = new HopWalk(trusted, forwarded ? new ForwardedList() : new CommaList());
  }

  /**
   * A resolver that reads no header: the socket's peer is the asker. Right for a server that
   * clients reach directly, or whose container has already put the client's address in its place.
   *
   * @return the same instance always
   */
  public static ClientResolver socketOnly() {
    return SOCKET_ONLY;
  }

  /**
   * Starts a resolver for a server behind proxies.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The header to read, all lines of it, in order.
   *
   * @return the name as configured, or null if no header is read
   */
  public @Nullable String header() {
    return header;
  }

  /**
   * Tells whether a peer is a trusted proxy. O(log n) time in the number of networks, no
   * allocation.
   *
   * @param peer the address of the other end of the socket
   * @return true if its header lines would be believed
   */
  public boolean trusts(IpAddress peer) {
    return trusted.contains(peer);
  }

  /**
   * Finds the asker. Never throws on any content of the header, and asks no name service.
   *
   * <p>Allocates the addresses that it reads. A copy of the list is made only if {@code
   * headerLines} is no {@link RandomAccess} list; a copy of a node only if it is quoted with
   * escapes.
   *
   * @param peer the address of the other end of the socket; null, if it has none, is taken as
   *     {@link IpAddress#UNKNOWN}
   * @param headerLines the lines of {@link #header()} in the order of their arrival; null or empty
   *     if the request has none
   * @return the asker's address
   */
  public IpAddress resolve(@Nullable IpAddress peer, @Nullable Iterable<String> headerLines) {
    IpAddress socket = peer == null ? IpAddress.UNKNOWN : peer;
    if (header == null || headerLines == null) {
      return socket;
    }
    if (!trusted.contains(socket)) {
      if (hasLines(headerLines)) {
        ignored.increment();
      }
      return socket;
    }
    return hops.walk(socket, headerLines);
  }

  /**
   * Tells whether the asker's own connection is encrypted: by the word of a trusted proxy if it
   * says so, else by the socket. Proxies say so in {@code X-Forwarded-Proto}, of which the last
   * value counts, which is the nearest proxy's.
   *
   * @param peer the address of the other end of the socket; null if it has none
   * @param socket whether the socket is encrypted
   * @param protocols the lines of {@code X-Forwarded-Proto}
   * @return true for https
   */
  public boolean isSecure(@Nullable IpAddress peer, boolean socket, Iterable<String> protocols) {
    if (header == null || peer == null || !trusted.contains(peer)) {
      return socket;
    }
    String last = null;
    for (String line : protocols) {
      last = line;
    }
    if (last == null) {
      return socket;
    }
    return last.substring(last.lastIndexOf(',') + 1).strip().equalsIgnoreCase("https");
  }

  private static boolean hasLines(Iterable<String> lines) {
    return lines instanceof Collection<?> all ? !all.isEmpty() : lines.iterator().hasNext();
  }

  /**
   * How many requests of a trusted peer had a header that could not be read as far as needed: an
   * unreadable hop, or more text or hops than are looked at. A number that grows with ordinary
   * traffic means that a proxy writes something else than was configured.
   *
   * @return a count since construction, not an atomic snapshot
   */
  public long malformed() {
    return hops.malformed();
  }

  /**
   * How many requests had the header although their peer is not trusted. A few are forgeries; a
   * number that grows with ordinary traffic means that a proxy is missing from the trusted
   * networks.
   *
   * @return a count since construction, not an atomic snapshot
   */
  public long ignored() {
    return ignored.sum();
  }

  /**
   * What is read and who is trusted, for configuration banners.
   *
   * @return one line of text
   */
  @Override
  public String toString() {
    return "ClientResolver[header=" + header + ", trusted=" + trusted + "]";
  }

  /** Collects the settings of a {@link ClientResolver}. For one thread. */
  public static final class Builder {

    private NetworkSet trusted = NetworkSet.empty();
    private @Nullable String header;

    private Builder() {}

    /**
     * Adds networks of trusted proxies. Name only networks in which nobody but your proxies can
     * reach this server: whoever is trusted here can pretend to be anyone.
     *
     * @param cidrs networks such as {@code 10.0.0.0/8}, or single addresses
     * @return this builder
     * @throws IllegalArgumentException if a text is not a network
     */
    public Builder trust(String... cidrs) {
      return trust(NetworkSet.of(cidrs));
    }

    /**
     * Adds networks of trusted proxies, for example {@link NetworkSet#privateRanges()}.
     *
     * @param networks the networks
     * @return this builder
     */
    public Builder trust(NetworkSet networks) {
      trusted = trusted.plus(Objects.requireNonNull(networks, "networks"));
      return this;
    }

    /**
     * Sets the one header to read. It must be one that all trusted proxies write or overwrite:
     * otherwise it is the client's own.
     *
     * @param name for example {@code X-Forwarded-For}, or {@code Forwarded} for the syntax of RFC
     *     7239; any case
     * @return this builder
     * @throws IllegalArgumentException if it is not a field name, or if another one is already set
     */
    public Builder header(String name) {
      HttpText.checkFieldName(Objects.requireNonNull(name, "name"), MAX_HEADER_NAME);
      if (header != null) {
        throw new IllegalArgumentException(
            "header: " + name + " (expected: only one header, and " + header + " is set)");
      }
      header = name;
      return this;
    }

    /**
     * Makes the resolver. Without header and trusted networks it is like {@link #socketOnly()}.
     *
     * @return a new resolver with counters of its own
     * @throws IllegalArgumentException if a header is set but no network, or the reverse
     */
    public ClientResolver build() {
      if (header != null && trusted.isEmpty()) {
        throw new IllegalArgumentException(
            "header: " + header + " (expected: at least one trusted network that writes it)");
      }
      if (header == null && !trusted.isEmpty()) {
        throw new IllegalArgumentException(
            "trust: " + trusted + " (expected: a header that these networks write)");
      }
      return new ClientResolver(header, trusted);
    }
  }
}
