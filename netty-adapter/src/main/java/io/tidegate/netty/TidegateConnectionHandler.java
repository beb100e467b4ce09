package io.tidegate.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.util.AttributeKey;
import io.tidegate.client.IpAddress;
import io.tidegate.client.NetworkSet;
import io.tidegate.limit.Quota;
import io.tidegate.limit.Ticker;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many connections are open and how fast they come, for each address and in all, before
 * TLS and before anything is read. An IPv6 address counts with its /64.
 *
 * <pre>{@code
 * new ServerBootstrap()
 *     .handler(connections) // on the listening socket: refuses before a pipeline is made
 *     .childHandler(initializer)
 * }</pre>
 *
 * <p>It may also stand first in the pipelines of the connections themselves; the same instance then
 * counts all of them. A connection is counted once, wherever the handler stands.
 *
 * <p>Refused connections are reset at once, without an answer. An address is asked before the
 * whole, so who floods alone uses up his own share only.
 *
 * <p><b>PROXY protocol.</b> Connections from trusted proxies must begin with a PROXY header,
 * version 1 or 2, within five seconds; the address that it names is counted, and is the peer of all
 * requests. A header without an address ({@code LOCAL}, {@code UNKNOWN}) leaves the proxy's own.
 * From others no such header is read. Needs {@code netty-codec-haproxy}.
 *
 * <p>Safe for use by many threads; never blocks. Memory is bounded by the number of open
 * connections and of the keys that {@link Builder#ratePerAddress} counts. An admitted connection
 * costs about 150 bytes, a refused one an address and a look-up.
 *
 * <p>Source: the PROXY protocol, versions 1 and 2 (2020-03-05).
 */
@Sharable
public final class TidegateConnectionHandler extends ChannelInboundHandlerAdapter {

  /**
   * The attribute of a connection that holds the address which its requests are counted against. It
   * is set here; a handler of one's own that learns a client's address otherwise may set it before
   * the first request.
   */
  public static final AttributeKey<IpAddress> PEER = PeerAddress.KEY;

  private static final AttributeKey<Boolean> COUNTED =
      AttributeKey.valueOf("io.tidegate.netty.counted");

  private final ConnectionCounts counts;
  private final NetworkSet exempt;
  private final NetworkSet proxies;

  /** A handler with the defaults of {@link Builder}. */
  public TidegateConnectionHandler() {
    this(builder());
  }

  private TidegateConnectionHandler(Builder builder) {
    this.counts = new ConnectionCounts(builder);
    this.exempt = builder.exempt;
    this.proxies = builder.proxies;
  }

  /**
   * Starts a handler.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * How many connections are open now.
   *
   * @return a count, not an atomic snapshot
   */
  public int open() {
    return counts.open();
  }

  /**
   * How many connections were refused.
   *
   * @return the count since the handler was built
   */
  public long refused() {
    return counts.refused();
  }

  /**
   * Counts the connection in whose pipeline the handler is put.
   *
   * @param ctx the place
   */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (!(ctx.channel() instanceof ServerChannel) && ctx.channel().isActive()) {
      meet(ctx.channel(), ctx);
    }
  }

  /**
   * Counts the connection in whose pipeline the handler is.
   *
   * @param ctx the place
   */
  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (ctx.channel() instanceof ServerChannel || meet(ctx.channel(), ctx)) {
      ctx.fireChannelActive();
    }
  }

  /**
   * Counts a connection that a listening socket has accepted.
   *
   * @param ctx the place
   * @param msg the connection; anything else is passed on
   */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (!(msg instanceof Channel connection) || meet(connection, null)) {
      ctx.fireChannelRead(msg);
    }
  }

  /** Returns false if the connection is refused, and closed. */
  private boolean meet(Channel connection, @Nullable ChannelHandlerContext place) {
    if (connection.hasAttr(COUNTED)) {
      return true;
    }
    connection.attr(COUNTED).set(Boolean.TRUE);
    IpAddress peer = PeerAddress.ofSocket(connection);
    boolean proxied = peer != null && proxies.contains(peer);
    if (!counts.enter(connection, proxied || isExempt(peer) ? null : peer)) {
      reset(connection);
      return false;
    }
    connection.attr(PEER).set(peer);
    if (proxied) {
      ProxyHeader.await(connection, place, this);
    }
    return true;
  }

  private boolean isExempt(@Nullable IpAddress peer) {
    return peer == null || exempt.contains(peer);
  }

  /** Takes the address that a trusted proxy named; returns false if it is refused. */
  boolean named(Channel connection, IpAddress client) {
    connection.attr(PEER).set(client);
    return isExempt(client) || counts.enterAddress(connection, client);
  }

  void headerMissing(Channel connection) {
    counts.refuse(ConnectionEvent.Type.PROXY_HEADER_MISSING, PeerAddress.ofSocket(connection));
    reset(connection);
  }

  /** Without lingering, so that a flood leaves no sockets behind that wait for their end. */
  @SuppressWarnings("FutureReturnValueIgnored") // closing does not fail
  static void reset(Channel connection) {
    connection.config().setOption(ChannelOption.SO_LINGER, 0);
    if (connection.isRegistered()) {
      connection.close();
    } else {
      connection.unsafe().closeForcibly();
    }
  }

  /** Builds a handler; what is not said has the default that its method names. Not thread-safe. */
  public static final class Builder {
    private static final int MOST = 1 << 24;

    int maxOpen = 10_000;
    int maxOpenPerAddress = 200;
    Quota rate = Quota.perSecond(1_000);
    Quota ratePerAddress = Quota.perSecond(20).withBurst(200);
    int maxAddresses = 100_000;
    Events events = Events.NONE;
    Ticker ticker = Ticker.system();
    private NetworkSet exempt = NetworkSet.empty();
    private NetworkSet proxies = NetworkSet.empty();

    private Builder() {}

    /**
     * How many connections may be open in all; 10,000 if not said.
     *
     * @param connections how many, from 1 to 16,777,216
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder maxOpen(int connections) {
      this.maxOpen = check("maxOpen", connections);
      return this;
    }

    /**
     * How many an address may have open; 200 if not said. Many people can share one address.
     *
     * @param connections how many, from 1 to 16,777,216
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder maxOpenPerAddress(int connections) {
      this.maxOpenPerAddress = check("maxOpenPerAddress", connections);
      return this;
    }

    private static int check(String name, int number) {
      if (number < 1 || number > MOST) {
        throw new IllegalArgumentException(name + ": " + number + " (expected: 1 to " + MOST + ")");
      }
      return number;
    }

    /**
     * How fast connections may come in all; 1,000 a second if not said.
     *
     * @param rate the quota
     * @return this builder
     */
    public Builder rate(Quota rate) {
      this.rate = Objects.requireNonNull(rate, "rate");
      return this;
    }

    /**
     * How fast an address may open them; 20 a second, and 200 at once, if not said.
     *
     * @param rate the quota
     * @return this builder
     */
    public Builder ratePerAddress(Quota rate) {
      this.ratePerAddress = Objects.requireNonNull(rate, "ratePerAddress");
      return this;
    }

    /**
     * How many addresses to count at once, at most; 100,000 if not said, at about 200 bytes each.
     * Addresses beyond share their rate.
     *
     * @param addresses how many, from 1 to 16,777,216
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder maxAddresses(int addresses) {
      this.maxAddresses = check("maxAddresses", addresses);
      return this;
    }

    /**
     * Networks whose addresses are not limited one by one, only in all: one's own proxies that do
     * not speak the PROXY protocol, health checks.
     *
     * @param networks in CIDR form, or single addresses
     * @return this builder
     * @throws IllegalArgumentException if one is none
     */
    public Builder exempt(String... networks) {
      this.exempt = NetworkSet.of(networks);
      return this;
    }

    /**
     * Trusted proxies that begin each connection with a PROXY header. Name only networks in which
     * nobody but your proxies can reach this server: whoever is trusted here can pretend to be
     * anyone.
     *
     * @param networks in CIDR form, or single addresses
     * @return this builder
     * @throws IllegalArgumentException if one is none
     * @throws IllegalStateException if {@code netty-codec-haproxy} is missing
     */
    public Builder proxyProtocol(String... networks) {
      this.proxies = NetworkSet.of(networks);
      if (!proxies.isEmpty()) {
        ProxyHeader.requireCodec();
      }
      return this;
    }

    /**
     * Who hears of connections that are refused; nobody if not said.
     *
     * @param listener see {@link ConnectionEvent}
     * @return this builder
     */
    public Builder listener(Consumer<? super ConnectionEvent> listener) {
      this.events = new Events(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * The clock of the rates; the system's if not said.
     *
     * @param ticker the clock
     * @return this builder
     */
    public Builder ticker(Ticker ticker) {
      this.ticker = Objects.requireNonNull(ticker, "ticker");
      return this;
    }

    /**
     * Builds the handler.
     *
     * @return a new handler, for all listening sockets or pipelines that are to be counted together
     */
    public TidegateConnectionHandler build() {
      return new TidegateConnectionHandler(this);
    }
  }
}
