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
 * Has a gate decide each request of HTTP/1.1 connections before the application sees it, and closes
 * connections whose client sends too slowly.
 *
 * <p>Stands after {@code HttpServerCodec} and before whatever aggregates, answers {@code Expect:
 * 100-continue} or upgrades; a handler that upgrades to HTTP/2 stands before it. One instance
 * serves all connections: in each pipeline it puts a handler of its own, with the connection's
 * state, in its place.
 *
 * <p><b>One request at a time.</b> Pipelined requests are decided and passed on one by one, each
 * when the response before it is complete, so responses never overtake each other, whatever threads
 * the application answers on. While requests wait the connection is not read: automatic reading is
 * turned off until then, if it was on.
 *
 * <p><b>Admitted</b> requests are passed on as they come. The application's response gets the
 * fields of their limits; the permit is closed when the response's last content is written to the
 * socket, or when the connection ends, with the response's status, or 0 if it had none. A response
 * must not be shared between connections, since its headers are changed. After {@code 101} or an
 * accepted {@code CONNECT} everything is passed on, and the permit is closed with the connection.
 *
 * <p><b>Refused</b> requests are answered here. No {@code 100 Continue} is sent, and the body is
 * not waited for: as much as {@code maxDrain} is thrown away and the connection goes on; if the
 * body is announced as longer, or waits for a {@code 100 Continue}, the connection is closed.
 * Requests that the codec could not read are decided and counted like others; if admitted, they are
 * answered with 400, 414 or 431, and the connection is closed.
 *
 * <p><b>Slow senders</b> are answered with 408 if nothing of a response was sent, and disconnected:
 * when a header takes too long, or a body comes too slowly while the application waits for it. Idle
 * connections are closed without a word. The connection's handler costs about 400 bytes.
 *
 * <p>Safe for use by many threads; never blocks. A request that comes whole costs no timer.
 *
 * <p>Source: RFC 9112, sections 3.2 (targets), 9.3 (persistence, pipelining) and 9.6 (closing); RFC
 * 9110, sections 10.1.1 (Expect) and 15.5.9 (408).
 */
@Sharable
public final class TidegateHttpHandler extends ChannelHandlerAdapter {

  final RequestOptions options;
  final int maxPipelined;
  final long maxDrain;

  /**
   * A handler with the defaults of {@link Builder}.
   *
   * @param gate who decides; not closed by the handler
   */
  public TidegateHttpHandler(Gate gate) {
    this(builder(gate));
  }

  private TidegateHttpHandler(Builder builder) {
    this.options = builder.options;
    this.maxPipelined = builder.maxPipelined;
    this.maxDrain = builder.maxDrain;
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
   * The permit of the request that a channel is at, for {@link Permit#markFailed()}: a login form
   * that says no with a status of 200 is a failure that only the application knows of.
   *
   * <p>Ask on the event loop; the permit itself may be used on any thread. The application need not
   * close it. If several gates let the request through, what is said to the permit is said to all.
   *
   * @param channel the connection, or the stream of HTTP/2
   * @return the permit; null if no request was admitted, or its response is complete
   */
  public static @Nullable Permit permit(Channel channel) {
    return Passage.of(channel);
  }

  /**
   * Puts the connection's own handler in the place of this one.
   *
   * @param ctx the place
   */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    GateHandler.install(new Http1Connection(this), ctx);
  }

  /** Builds a handler; what is not said has the default that its method names. Not thread-safe. */
  public static final class Builder {
    private static final int MOST_PIPELINED = 10_000;
    private static final int MOST_DRAIN = 1 << 30;

    private RequestOptions options;
    private int maxPipelined = 100;
    private int maxDrain = 64 * 1024;

    private Builder(Gate gate) {
      this.options = RequestOptions.of(gate);
    }

    /**
     * How many requests may wait on a connection for the response before them; 100 if not said.
     * When more come in one piece, those are answered and the connection is closed. Some versions
     * of {@code HttpServerCodec} have a limit of their own, and fail beyond it; stay below.
     *
     * @param requests how many, from 1 to 10,000
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder maxPipelined(int requests) {
      if (requests < 1 || requests > MOST_PIPELINED) {
        throw new IllegalArgumentException(
            "maxPipelined: " + requests + " (expected: 1 to " + MOST_PIPELINED + ")");
      }
      this.maxPipelined = requests;
      return this;
    }

    /**
     * How much of a refused request's body is read and thrown away; 64 KiB if not said. A longer
     * body costs its sender the connection. About as much is read of what follows the last request
     * that is taken.
     *
     * @param bytes how many, from 0 to 1 GiB
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder maxDrain(int bytes) {
      if (bytes < 0 || bytes > MOST_DRAIN) {
        throw new IllegalArgumentException(
            "maxDrain: " + bytes + " (expected: 0 to " + MOST_DRAIN + ")");
      }
      this.maxDrain = bytes;
      return this;
    }

    /**
     * How long that may take; 2 seconds if not said.
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
     * How long a header may take from its first byte, and a TLS handshake before it; 10 seconds if
     * not said.
     *
     * @param time from 1 ms to 1 day
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder headerTimeout(Duration time) {
      this.options = options.withSender(options.sender().withHeader(time));
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
     * How long nothing may come between two requests, before the first and within a body; 60
     * seconds if not said. Measured in quarters, so a connection is closed after up to a quarter
     * more.
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
     * Who hears of connections that are closed; nobody if not said.
     *
     * @param listener see {@link ConnectionEvent}
     * @return this builder
     */
    public Builder listener(Consumer<? super ConnectionEvent> listener) {
      this.options = options.withListener(listener);
      return this;
    }

    /**
     * Who a connection's user is, for rules that count by principal: the subject of a client
     * certificate, for example. Nobody if not said.
     *
     * @param principals gives the name, or null; quick, and called on the event loop. If it throws,
     *     the rule's failure policy decides
     * @return this builder
     */
    public Builder principals(Function<? super Channel, @Nullable String> principals) {
      this.options = options.withPrincipals(principals);
      return this;
    }

    /**
     * Builds the handler.
     *
     * @return a new handler, for all pipelines
     */
    public TidegateHttpHandler build() {
      return new TidegateHttpHandler(this);
    }
  }
}
