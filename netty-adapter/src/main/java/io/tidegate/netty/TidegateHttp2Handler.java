package io.tidegate.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.tidegate.Gate;
import io.tidegate.Permit;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has a gate decide each request of HTTP/2 connections before the application sees it.
 *
 * <p>Stands first in the pipeline of the streams that {@code Http2MultiplexHandler} makes, where
 * frames pass; a {@code Http2StreamFrameToHttpObjectCodec} may follow. One instance serves all
 * streams: in each pipeline it puts a handler of its own, with the stream's state, in its place.
 * Behind it belongs a {@link TidegateHttp2ConnectionGuard} for the connection, since what streams
 * do together no stream sees.
 *
 * <p><b>Admitted</b> requests are passed on, and the response gets the fields of their limits; the
 * permit is closed when the frame that ends the stream is written to the socket, or when the stream
 * ends, with the response's status, or 0 if it had none. A response's headers must not be shared
 * between streams, since they are changed. Trailers and informational responses are left alone.
 *
 * <p><b>Refused</b> requests are answered here. If the client is still sending, the stream is reset
 * with {@code NO_ERROR} when the answer is out (RFC 9113, section 8.1), so no body is waited for.
 *
 * <p><b>Slow senders</b> are answered with 408 if nothing of a response was sent, and reset: when a
 * body comes too slowly while the application waits for it. Time in which a response is being sent
 * does not count, so streams that talk in both directions may be silent. A call whose client sends
 * rarely and whose server answers at the end needs {@code minBodyRate(0, ...)}.
 *
 * <p>Safe for use by many threads; never blocks. A request that comes whole costs no timer, a
 * refused one has one until it is answered.
 *
 * <p>Source: RFC 9113, sections 8.1 (framing) and 8.3.1 (pseudo-header fields).
 */
@Sharable
public final class TidegateHttp2Handler extends ChannelHandlerAdapter {

  private final RequestOptions options;

  /**
   * A handler with the defaults of {@link Builder}.
   *
   * @param gate who decides; not closed by the handler
   */
  public TidegateHttp2Handler(Gate gate) {
    this(builder(gate));
  }

  private TidegateHttp2Handler(Builder builder) {
    this.options = builder.options;
  }

  /**
   * Starts a handler.
   *
   * @param gate who decides; not closed by the handler
   * @return a builder
   */
  public static Builder builder(Gate gate) {
    return new Builder(gate);
  }

  /**
   * The permit of a stream's request, as {@link TidegateHttpHandler#permit}.
   *
   * @param channel the stream
   * @return the permit; null if the request was not admitted, or its response is complete
   */
  public static @Nullable Permit permit(Channel channel) {
    return Passage.of(channel);
  }

  /**
   * Puts the stream's own handler in the place of this one.
   *
   * @param ctx the place
   */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    GateHandler.install(new Http2Stream(options), ctx);
  }

  /** Builds a handler; what is not said has the default that its method names. Not thread-safe. */
  public static final class Builder {
    private RequestOptions options;

    private Builder(Gate gate) {
      this.options = RequestOptions.of(gate);
    }

    /**
     * How long the client may take to receive a refusal; 2 seconds if not said. Clients can hold
     * answers back by flow control.
     *
     * @param time from 1 ms to 1 day
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder drainTime(Duration time) {
      this.options = options.withDrainTime(time);
      return this;
    }

    /**
     * How fast a body must come on average, after a grace; 500 bytes a second after 5 seconds if
     * not said. Time in which the application does not read, or answers already, does not count.
     *
     * @param bytesPerSecond from 0 to 1 GiB; 0 for no limit, also none to pauses within a body
     * @param grace from 1 ms to 1 day
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder minBodyRate(long bytesPerSecond, Duration grace) {
      this.options = options.withSender(options.sender().withBodyRate(bytesPerSecond, grace));
      return this;
    }

    /**
     * How long a body may pause; 60 seconds if not said.
     *
     * @param time from 1 ms to 1 day
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder maxIdle(Duration time) {
      this.options = options.withSender(options.sender().withMaxIdle(time));
      return this;
    }

    /**
     * Who hears of slow senders; nobody if not said.
     *
     * @param listener see {@link ConnectionEvent}
     * @return this builder
     */
    public Builder listener(Consumer<? super ConnectionEvent> listener) {
      this.options = options.withListener(listener);
      return this;
    }

    /**
     * Who a stream's user is, for rules that count by principal. Nobody if not said.
     *
     * @param principals gives the name, or null, for a stream, whose {@code parent()} is the
     *     connection; quick, and called on the event loop. If it throws, the rule's failure policy
     *     decides
     * @return this builder
     */
    public Builder principals(Function<? super Channel, @Nullable String> principals) {
      this.options = options.withPrincipals(principals);
      return this;
    }

    /**
     * Builds the handler.
     *
     * @return a new handler, for all streams
     */
    public TidegateHttp2Handler build() {
      return new TidegateHttp2Handler(this);
    }
  }
}
