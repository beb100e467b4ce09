package io.tidegate.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;

/**
 * One connection of HTTP/1.1: whose turn it is. While a response is outstanding, or the client does
 * not read what it was answered, what follows waits, and the connection is not read.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written or closed is closed
final class Http1Connection extends Http1Requests {

  /** Of the read that is going on. */
  private boolean reading;

  private boolean readSomething;
  private boolean passedSomething;
  private boolean handshaken;

  /** While automatic reading is turned on again, before what waits has gone on. */
  private boolean resuming;

  /** Whether that made for something to be read. */
  private boolean resumed;

  Http1Connection(TidegateHttpHandler settings) {
    super(settings);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    watch.watchIdleness();
    ctx.fireChannelActive();
  }

  // What the client sends

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    watch.touch();
    reading = true;
    readSomething = true;
    if (mode == Mode.PASSING || !(msg instanceof HttpObject part)) {
      pass(msg);
      return;
    }
    if (mode == Mode.CLOSING && body.isOpen() && msg instanceof HttpContent content) {
      discard(content);
    } else if (mode != Mode.OPEN) {
      drop(part);
    } else if (mayTake(part)) {
      take(part);
    } else {
      keep(part);
    }
  }

  private void keep(HttpObject part) {
    if (!waiting.add(part)) {
      mode = Mode.LAST;
      drop(part);
      options.events().tell(ConnectionEvent.Type.PIPELINE_FULL, ctx.channel());
    }
    regulateReading();
  }

  private boolean mayTake(Object msg) {
    return waiting.isEmpty() && undecided == null && (!(msg instanceof HttpRequest) || mayBegin());
  }

  /** No response is outstanding, and the client reads what it was answered. */
  private boolean mayBegin() {
    if (exchange == null && flushPending && !ctx.channel().isWritable()) {
      flushPending = false;
      ctx.flush();
    }
    return exchange == null && undecided == null && ctx.channel().isWritable();
  }

  @Override
  void pass(Object msg) {
    passedSomething = true;
    ctx.fireChannelRead(msg);
  }

  private void take(Object msg) {
    if (msg instanceof HttpRequest request) {
      begin(request);
    } else if (msg instanceof HttpContent content) {
      takeContent(content);
    } else {
      pass(msg);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    watch.touch();
    boolean swallowed = readSomething && !passedSomething;
    if (mode == Mode.OPEN && body.isOpen()) {
      awaitBody();
    } else if (mode == Mode.OPEN && exchange == null && !readSomething && !handshaken) {
      watch.awaitHeader(); // the codec has got something, and keeps it for itself
    } else if ((mode == Mode.LAST || mode == Mode.CLOSING) && !readSomething) {
      dropUnseen();
    }
    reading = false;
    readSomething = false;
    passedSomething = false;
    handshaken = false;
    readAsked = false;
    ctx.fireChannelReadComplete();
    flushPending();
    boolean nobodyAsks = swallowed || mode == Mode.CLOSING;
    if (nobodyAsks && !isReadAutomatic()) {
      read(ctx); // the application has nothing that would make it ask
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (resuming) {
      resumed = true;
    } else if (mayRead()) {
      readAsked = true;
      ctx.read();
    } else {
      readWaits = true;
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    serveNext();
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent) {
      watch.settle();
      handshaken = true;
    } else if (event instanceof HttpServerUpgradeHandler.UpgradeEvent) {
      handOver(); // by a handler before this one
    } else if (event == ChannelInputShutdownEvent.INSTANCE && mode == Mode.OPEN) {
      mode = Mode.LAST;
      if (exchange == null) {
        body.end();
      }
      serveNext();
    }
    ctx.fireUserEventTriggered(event);
  }

  /**
   * Once nothing more is taken, what cannot be decoded is no news; a flood would fill logs with it.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    boolean moot = mode == Mode.LAST || mode == Mode.CLOSING;
    if (!moot || !(cause instanceof DecoderException)) {
      ctx.fireExceptionCaught(cause);
    }
  }

  // What the application answers

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    Exchange current = exchange;
    if (mode == Mode.CLOSING) {
      ReferenceCountUtil.release(msg);
      promise.tryFailure(new ClosedChannelException());
    } else if (current == null || mode == Mode.PASSING || !(msg instanceof HttpObject)) {
      ctx.write(msg, promise);
    } else {
      writePart(current, response.of(msg), msg, promise);
    }
  }

  private void writePart(
      Exchange current, Http1ResponseParts.Part part, Object msg, ChannelPromise promise) {
    Object told = msg;
    if (msg instanceof HttpResponse head && part != Http1ResponseParts.Part.INTERIM) {
      current.answered(head.status().code());
      told = Http1Answer.withFields(head, current.verdict());
    }
    switch (part) {
      case INTERIM -> {
        ctx.write(told, promise);
        if (body.waitsFor100()) {
          body.askedFor();
          awaitBody();
        }
      }
      case HEAD, CONTENT -> ctx.write(told, promise);
      case WHOLE, LAST -> {
        complete();
        ctx.write(told, promise.unvoid().addListener(current));
        serveNext();
      }
      case TAKEOVER -> {
        ctx.write(told, promise);
        handOver();
      }
    }
  }

  private void handOver() {
    mode = Mode.PASSING;
    watch.stop();
    waiting.passOn(ctx);
    regulateReading();
    if (readWaits) {
      readWaits = false;
      ctx.read();
    }
  }

  /**
   * Goes on with what waits. Not at once: the application may be in the middle of what made room,
   * and need not be ready for the next request before it returns.
   */
  private void serveNext() {
    if (!waiting.isEmpty() || mode == Mode.LAST) {
      ctx.executor().execute(this::serveWaiting);
    }
  }

  @Override
  void serveWaiting() {
    if (ctx.isRemoved() || (mode != Mode.OPEN && mode != Mode.LAST)) {
      return;
    }
    for (Object next = waiting.peek(); next != null; next = waiting.peek()) {
      if (undecided != null || (next instanceof HttpRequest && !mayBegin())) {
        break;
      }
      waiting.poll();
      resumeReading();
      take(next);
    }
    if (passedSomething && !reading) {
      passedSomething = false;
      ctx.fireChannelReadComplete();
    }
    flushPending();
    readIfResumed();
    if (waiting.isEmpty() && mode == Mode.LAST && exchange == null && undecided == null) {
      closeAfter(ctx.writeAndFlush(Unpooled.EMPTY_BUFFER));
    } else if (mode == Mode.OPEN && !waiting.isEnough()) {
      awaitBody();
      if (readWaits) {
        readWaits = false;
        read(ctx);
      }
    }
  }

  /**
   * Before the application is called, who may turn automatic reading off again. But what comes must
   * not overtake what waits.
   */
  private void resumeReading() {
    resuming = true;
    regulateReading();
    resuming = false;
  }

  private void readIfResumed() {
    if (resumed) {
      resumed = false;
      if (ctx.channel().config().isAutoRead()) {
        read(ctx);
      }
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    flushPending = false;
    ctx.flush();
  }

  private void flushPending() {
    if (flushPending) {
      flush(ctx);
    }
  }

  // The end

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end();
    waiting.release();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    end();
    if (ctx.channel().isActive()) {
      handOver();
    } else {
      waiting.release();
    }
  }
}
