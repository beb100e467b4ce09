package io.tidegate.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.Gate;
import io.tidegate.Verdict;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One stream of HTTP/2, which is one request and its response. */
@SuppressWarnings({
  "NullAway.Init", // Netty adds a handler before it calls it
  "FutureReturnValueIgnored" // what fails to be written or closed is closed
})
final class Http2Stream extends ChannelDuplexHandler implements GateHandler, SenderWatch.Owner {

  private final RequestOptions options;

  private ChannelHandlerContext ctx;
  private SenderWatch watch;
  private boolean decided;

  /** The admitted request, until its response is complete. */
  private @Nullable Exchange exchange;

  /** We have answered, and nothing else counts any more. */
  private boolean closing;

  /** The request while it waits for a slot, and what came after it. */
  private @Nullable Undecided undecided;

  private final Deque<Object> held = new ArrayDeque<>(0);
  private boolean readWaits;

  private boolean inputEnded;
  private boolean readAsked;

  Http2Stream(RequestOptions options) {
    this.options = options;
  }

  @Override
  public Gate gate() {
    return options.gate();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    this.ctx = ctx;
    this.watch = new SenderWatch(ctx, options.sender(), this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof Http2HeadersFrame headers) {
      inputEnded |= headers.isEndStream();
    } else if (msg instanceof Http2DataFrame data) {
      inputEnded |= data.isEndStream();
      watch.receive(data.content().readableBytes());
    }
    if (inputEnded && !closing) {
      watch.settle();
    }
    if (closing) {
      ReferenceCountUtil.release(msg);
    } else if (undecided != null) {
      held.add(msg);
    } else if (!decided && msg instanceof Http2HeadersFrame headers) {
      decided = true;
      decide(headers);
    } else {
      ctx.fireChannelRead(msg);
    }
  }

  private void decide(Http2HeadersFrame request) {
    Http2Request asked = new Http2Request(request.headers(), ctx.channel(), options.principals());
    if (!options.mayWait()) {
      goOn(request, options.gate().enter(asked));
      return;
    }
    Undecided waits = new Undecided(ctx, request, verdict -> decidedLate(request, verdict));
    undecided = waits;
    Verdict verdict = options.gate().enter(asked, waits);
    if (verdict != null) {
      undecided = null;
      goOn(request, verdict);
    }
  }

  private void decidedLate(Http2HeadersFrame request, Verdict verdict) {
    if (undecided == null) { // the stream has ended in between
      Undecided.close(verdict);
      return;
    }
    undecided = null;
    goOn(request, verdict);
    for (Object msg = held.poll(); msg != null; msg = held.poll()) {
      if (closing) {
        ReferenceCountUtil.release(msg);
      } else {
        ctx.fireChannelRead(msg);
      }
    }
    if (closing) {
      ctx.flush();
    } else {
      ctx.fireChannelReadComplete();
    }
    if (readWaits) {
      readWaits = false;
      read(ctx);
    }
  }

  private void goOn(Http2HeadersFrame request, Verdict verdict) {
    if (verdict.admitted()) {
      exchange = Exchange.open(verdict, ctx.channel());
      ctx.fireChannelRead(request);
    } else {
      closeAfter(Http2Answer.refuse(verdict, request.headers(), ctx));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    readAsked = false;
    if (decided && undecided == null && !inputEnded && !closing) {
      watch.awaitBody();
    }
    ctx.fireChannelReadComplete();
    if (closing && !ctx.channel().config().isAutoRead()) {
      ctx.read(); // the application will not ask
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (undecided != null) {
      readWaits = true; // what comes meanwhile has to wait somewhere, and should with its sender
      return;
    }
    readAsked = true;
    ctx.read();
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    Exchange current = exchange;
    if (closing) {
      ReferenceCountUtil.release(msg);
      promise.tryFailure(new ClosedChannelException());
    } else if (current == null) {
      ctx.write(msg, promise);
    } else if (msg instanceof Http2HeadersFrame headers) {
      Http2HeadersFrame told = Http2Answer.told(headers, current);
      writePart(current, told, told.isEndStream(), promise);
    } else {
      writePart(current, msg, msg instanceof Http2DataFrame data && data.isEndStream(), promise);
    }
  }

  private void writePart(Exchange current, Object msg, boolean last, ChannelPromise promise) {
    if (last) {
      complete();
      ctx.write(msg, promise.unvoid().addListener(current));
    } else {
      ctx.write(msg, promise);
    }
  }

  private void complete() {
    exchange = null;
    Passage.end(ctx.channel());
  }

  @Override
  public boolean awaitsSender() {
    Exchange current = exchange;
    return readAsked && undecided == null && (current == null || !current.isAnswered());
  }

  @Override
  public void tooSlow() {
    options.events().tell(ConnectionEvent.Type.SLOW_SENDER, ctx.channel());
    Exchange current = exchange;
    if (current == null) {
      ctx.close();
      return;
    }
    complete();
    closeAfter(Http2Answer.timeOut(current, ctx).addListener(current));
    ctx.flush();
  }

  /** Resets the stream when the answer is out, if the client is still sending. */
  private void closeAfter(ChannelFuture answered) {
    closing = true;
    watch.drain(options.drainTime());
    answered.addListener(
        future -> {
          if (!inputEnded && future.isSuccess()) {
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
          }
          ctx.close();
        });
  }

  /**
   * Said aloud: a stream whose last frame waits for the client would not be reset by its closing.
   */
  @Override
  public void drainTooSlow() {
    ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
    ctx.close();
  }

  /**
   * What the client did wrong is said in its own code, as Netty would. An application that closes
   * the stream when it hears of it would say {@code CANCEL}, and nobody would count it.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof Http2Exception flaw) {
      ctx.writeAndFlush(new DefaultHttp2ResetFrame(flaw.error()));
    }
    ctx.fireExceptionCaught(cause);
  }

  @Override
  public void idle() {
    // Whether anybody is idle is for the connection to say.
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    end();
  }

  private void end() {
    watch.stop();
    Undecided waits = undecided;
    if (waits != null) {
      undecided = null;
      waits.leave();
    }
    for (Object msg = held.poll(); msg != null; msg = held.poll()) {
      ReferenceCountUtil.release(msg);
    }
    Exchange current = exchange;
    if (current != null) {
      complete();
      current.close();
    }
  }
}
