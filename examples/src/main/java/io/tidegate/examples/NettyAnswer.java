package io.tidegate.examples;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends an answer's content on an event loop, as its parts are made and as fast as the client
 * reads. It holds no thread. To be used on that event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written is closed
final class NettyAnswer {

  /** Who reads more slowly is cut off. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final ChannelHandlerContext ctx;
  private final Parts parts;
  private final Consumer<NettyAnswer> whenWritten;
  private @Nullable Future<?> clock;
  private @Nullable Future<?> deadline;
  private boolean ended;
  private boolean written;

  /**
   * An answer whose head is written.
   *
   * @param whenWritten what to do when the last part is with the socket
   */
  NettyAnswer(ChannelHandlerContext ctx, Parts parts, Consumer<NettyAnswer> whenWritten) {
    this.ctx = ctx;
    this.parts = parts;
    this.whenWritten = whenWritten;
  }

  void start() {
    if (!parts.areMade()) {
      long nanos = parts.pace().toNanos();
      clock = ctx.executor().scheduleAtFixedRate(this::tick, nanos, nanos, TimeUnit.NANOSECONDS);
    }
    long most = LONGEST.toNanos();
    deadline = ctx.executor().schedule(() -> ctx.close(), most, TimeUnit.NANOSECONDS);
    sendWhatIsMade();
  }

  private void tick() {
    parts.makeNext();
    if (parts.areMade()) {
      stop(clock);
    }
    sendWhatIsMade();
  }

  /** Called again when there is more to send, and when the client has read. */
  void sendWhatIsMade() {
    while (!ended && ctx.channel().isWritable()) {
      byte[] part = parts.next();
      if (part != null) {
        ctx.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(part)));
      } else if (parts.areSent()) {
        end();
        ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(done -> written());
      } else {
        return; // the next tick goes on
      }
    }
  }

  private void written() {
    written = true;
    stop(deadline);
    whenWritten.accept(this);
  }

  /** Whether the last part is with the socket. */
  boolean isWritten() {
    return written;
  }

  /** The client has gone. */
  void abandon() {
    end();
    stop(deadline);
  }

  private void end() {
    ended = true;
    stop(clock);
    parts.close();
  }

  private static void stop(@Nullable Future<?> task) {
    if (task != null) {
      task.cancel(false);
    }
  }
}
