package io.tidegate.netty;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.tidegate.limit.Quota;
import io.tidegate.limit.Ticker;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Guards HTTP/2 connections against clients that make work and throw it away.
 *
 * <p>Counts, for each connection in a token bucket, the streams that the client resets (rapid
 * reset, CVE-2023-44487), and those that the server has to reset since the client broke the
 * protocol or asked for more than it may (MadeYouReset, CVE-2025-8671). When the bucket is empty,
 * the connection gets a {@code GOAWAY} with {@code ENHANCE_YOUR_CALM} and is closed; whatever its
 * streams held is free. Resets that the application chooses ({@code NO_ERROR}, {@code CANCEL},
 * {@code INTERNAL_ERROR}) do not count. An application without {@link TidegateHttp2Handler} must
 * therefore not close a stream when it hears of the codec's exceptions, which says {@code CANCEL};
 * the handler gives the reason before it can.
 *
 * <p>Also closes connections on which a header, or any frame but data, takes too long, and those on
 * which nothing comes while no stream is open.
 *
 * <p>Stands before the HTTP/2 codec, whichever it is, and after TLS: it reads the frames' headers
 * as they pass, in both directions. On a connection that does not begin with HTTP/2's preface it
 * leaves the pipeline at once, so it may stand before a codec that speaks both. One instance serves
 * all connections: in each pipeline it puts a handler of its own, with the connection's state, in
 * its place.
 *
 * <p>Netty's codec has limits of its own, 200 resets in 30 seconds; its counts start when this
 * guard's do, so with a quota below that the guard acts first, and says so.
 *
 * <p>Safe for use by many threads; never blocks. Costs some 10 ns for each frame, and for each
 * connection 300 bytes, 500 once a stream was reset.
 *
 * <p>Source: RFC 9113, sections 4.1 (frames), 5.4 (errors) and 10.5 (denial of service).
 */
@Sharable
public final class TidegateHttp2ConnectionGuard extends ChannelHandlerAdapter {

  final Quota resets;
  final Duration headerTimeout;
  final Duration maxIdle;
  final Events events;
  final Ticker ticker;

  /** A guard with the defaults of {@link Builder}. */
  public TidegateHttp2ConnectionGuard() {
    this(builder());
  }

  private TidegateHttp2ConnectionGuard(Builder builder) {
    this.resets = builder.resets;
    this.headerTimeout = builder.headerTimeout;
    this.maxIdle = builder.maxIdle;
    this.events = builder.events;
    this.ticker = builder.ticker;
  }

  /**
   * Starts a guard.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Puts the connection's own handler in the place of this one.
   *
   * @param ctx the place
   */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.pipeline().replace(ctx.name(), ctx.name(), new Http2Connection(this));
  }

  /** Builds a guard; what is not said has the default that its method names. Not thread-safe. */
  public static final class Builder {
    private Quota resets = Quota.of(100, Duration.ofSeconds(30));
    private Duration headerTimeout = Duration.ofSeconds(10);
    private Duration maxIdle = Duration.ofSeconds(60);
    private Events events = Events.NONE;
    private Ticker ticker = Ticker.system();

    private Builder() {}

    /**
     * How many resets a connection may cause; 100 in 30 seconds if not said. Browsers reset streams
     * when their users leave a page.
     *
     * @param resets the quota
     * @return this builder
     */
    public Builder resets(Quota resets) {
      this.resets = Objects.requireNonNull(resets, "resets");
      return this;
    }

    /**
     * How long a header, or any frame but data, may take from its first byte; 10 seconds if not
     * said.
     *
     * @param time from 1 ms to 1 day
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder headerTimeout(Duration time) {
      this.headerTimeout = Durations.check("headerTimeout", time);
      return this;
    }

    /**
     * How long nothing may come while no stream is open; 60 seconds if not said. Measured in
     * quarters, so a connection is closed after up to a quarter more.
     *
     * @param time from 1 ms to 1 day
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder maxIdle(Duration time) {
      this.maxIdle = Durations.check("maxIdle", time);
      return this;
    }

    /**
     * Who hears of connections that are closed; nobody if not said.
     *
     * @param listener see {@link ConnectionEvent}
     * @return this builder
     */
    public Builder listener(Consumer<? super ConnectionEvent> listener) {
      this.events = new Events(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * The clock of the token buckets; the system's if not said.
     *
     * @param ticker the clock
     * @return this builder
     */
    public Builder ticker(Ticker ticker) {
      this.ticker = Objects.requireNonNull(ticker, "ticker");
      return this;
    }

    /**
     * Builds the guard.
     *
     * @return a new guard, for all connections
     */
    public TidegateHttp2ConnectionGuard build() {
      return new TidegateHttp2ConnectionGuard(this);
    }
  }
}
