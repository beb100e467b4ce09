package io.tidegate.netty;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.Gate;
import io.tidegate.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a connection of HTTP/1.1, one at a time: decided, passed on or refused, and how
 * the connection ends. When the next one's turn has come is for {@link Http1Connection} to say.
 */
@SuppressWarnings({
  "NullAway.Init", // Netty adds a handler before it calls it
  "FutureReturnValueIgnored" // what fails to be written or closed is closed
})
abstract class Http1Requests extends ChannelDuplexHandler
    implements GateHandler, SenderWatch.Owner {

  enum Mode {
    /** As usual. */
    OPEN,
    /** No more is taken; what waits is still served. */
    LAST,
    /** The last answer is written. */
    CLOSING,
    /** Another protocol has taken over. */
    PASSING
  }

  /** How often something may be read of which the codec tells nothing, after the last request. */
  private static final int MOST_UNSEEN = 4;

  final RequestOptions options;
  private final long maxDrain;
  final WaitingMessages waiting;
  final Http1Body body = new Http1Body();
  final Http1ResponseParts response = new Http1ResponseParts();

  ChannelHandlerContext ctx;
  SenderWatch watch;
  Mode mode = Mode.OPEN;

  /** The request that waits for a slot, and all that comes after it. */
  @Nullable Undecided undecided;

  /** The admitted request whose response is outstanding. */
  @Nullable Exchange exchange;

  private @Nullable ChannelFuture lastAnswer;

  /** Whether the next part of what the client sends has been asked for. */
  boolean readAsked;

  /** Whether a refusal is written that somebody must flush. */
  boolean flushPending;

  /** Whether it was us who turned automatic reading off. */
  private boolean readingPaused;

  /** Whether somebody has asked for more while nothing more was to be read. */
  boolean readWaits;

  /** How much came after the last request that is taken; {@link #maxDrain} if it cannot be told. */
  private long dropped;

  Http1Requests(TidegateHttpHandler settings) {
    this.options = settings.options;
    this.maxDrain = settings.maxDrain;
    this.waiting = new WaitingMessages(settings.maxPipelined);
  }

  @Override
  public final Gate gate() {
    return options.gate();
  }

  @Override
  public final void handlerAdded(ChannelHandlerContext ctx) {
    this.ctx = ctx;
    this.watch = new SenderWatch(ctx, options.sender(), this);
    if (ctx.channel().isActive()) {
      watch.watchIdleness();
    }
  }

  /** Passes something on to the application. */
  abstract void pass(Object msg);

  /** Whether what would come now could be taken, or must at least be thrown away. */
  final boolean mayRead() {
    return switch (mode) {
      case OPEN -> !waiting.isEnough();
      case LAST -> dropped < maxDrain;
      case CLOSING -> body.isOpen() || dropped < maxDrain;
      case PASSING -> true;
    };
  }

  /**
   * Has the connection read exactly while {@link #mayRead()}. Not to pass on a request to read is
   * not enough: where reading is automatic, a transport goes on without being asked.
   */
  final void regulateReading() {
    ChannelConfig config = ctx.channel().config();
    boolean may = mayRead();
    if (!may && config.isAutoRead()) {
      readingPaused = true;
      config.setAutoRead(false);
    } else if (may && readingPaused) {
      readingPaused = false;
      config.setAutoRead(true);
    }
  }

  /**
   * Throws away what comes after the last request that is taken. A little of it is read, since to
   * close a socket with something unread may cost the client the answers before it.
   */
  final void drop(HttpObject part) {
    boolean readable = part.decoderResult().isSuccess();
    dropped = readable ? dropped + WaitingMessages.weightOf(part) : maxDrain;
    ReferenceCountUtil.release(part);
    regulateReading();
  }

  /** The codec has read something and keeps it, or swallows it, without saying how much. */
  final void dropUnseen() {
    dropped += maxDrain / MOST_UNSEEN + 1;
    regulateReading();
  }

  /** Whether it is but for us. */
  final boolean isReadAutomatic() {
    return readingPaused || ctx.channel().config().isAutoRead();
  }

  final void begin(HttpRequest request) {
    Throwable flaw = request.decoderResult().cause();
    if (flaw != null) {
      dropped = maxDrain; // the codec itself swallows what follows, and does not say how much
    }
    body.begin(request);
    response.begin(request);
    watch.begin();
    if (flaw instanceof PrematureChannelClosureException) {
      ReferenceCountUtil.release(request);
      ctx.close(); // the client has gone in the middle of a header
      return;
    }
    Http1Request asked = new Http1Request(request, ctx.channel(), options.principals());
    if (!options.mayWait()) {
      goOn(request, options.gate().enter(asked));
      return;
    }
    Undecided waits = new Undecided(ctx, request, verdict -> decided(request, verdict));
    undecided = waits;
    Verdict verdict = options.gate().enter(asked, waits);
    if (verdict != null) {
      undecided = null;
      goOn(request, verdict);
    }
  }

  /** On the event loop, some time after the request came. */
  private void decided(HttpRequest request, Verdict verdict) {
    if (undecided == null) { // the connection has ended in between
      ReferenceCountUtil.release(request);
      Undecided.close(verdict);
      return;
    }
    undecided = null;
    goOn(request, verdict);
    serveWaiting();
  }

  /** Goes on with what waits, and flushes. */
  abstract void serveWaiting();

  private void goOn(HttpRequest request, Verdict verdict) {
    Throwable flaw = request.decoderResult().cause();
    if (!verdict.admitted()) {
      refuse(request, verdict);
      return;
    }
    exchange = Exchange.open(verdict, ctx.channel());
    if (flaw == null) {
      pass(request);
    } else {
      ReferenceCountUtil.release(request);
      answerLast(Http1Framing.statusOf(flaw));
    }
  }

  private void refuse(HttpRequest request, Verdict verdict) {
    boolean goesOn =
        request.decoderResult().isSuccess()
            && HttpUtil.isKeepAlive(request)
            && (!body.isOpen() || Http1Framing.isDrainable(request, maxDrain));
    FullHttpResponse answer = Http1Answer.refusal(verdict, request, goesOn);
    ReferenceCountUtil.release(request);
    if (goesOn) {
      body.throwAway();
      flushPending = true;
      ctx.write(answer);
    } else {
      closeAfter(ctx.writeAndFlush(answer));
    }
  }

  final void takeContent(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      // It must not reach the application, which might take it for the end of the body.
      content.release();
      body.end();
      endUnanswered(HttpResponseStatus.BAD_REQUEST);
    } else if (body.isUnwanted()) {
      discard(content);
    } else {
      watch.receive(content.content().readableBytes());
      if (body.receive(content)) {
        watch.settle();
      }
      pass(content);
    }
  }

  final void discard(HttpContent content) {
    boolean last = body.receive(content);
    boolean tooMuch = body.discard(content) > maxDrain;
    if (!last && tooMuch) {
      flushAndClose();
    } else if (last && mode != Mode.CLOSING) {
      watch.settle();
    } else if (last && isDone(lastAnswer)) {
      ctx.close();
    } else if (last) {
      regulateReading();
    }
  }

  private static boolean isDone(@Nullable ChannelFuture future) {
    return future == null || future.isDone();
  }

  final void awaitBody() {
    if (body.isUnwanted()) {
      watch.drain(options.drainTime());
    } else if (body.isOpen() && !body.waitsFor100()) {
      watch.awaitBody();
    }
  }

  final void complete() {
    exchange = null;
    Passage.end(ctx.channel());
    watch.touch();
  }

  @Override
  public final boolean awaitsSender() {
    Exchange current = exchange;
    return readAsked && undecided == null && (current == null || !current.isAnswered());
  }

  @Override
  public final void tooSlow() {
    options.events().tell(ConnectionEvent.Type.SLOW_SENDER, ctx.channel());
    boolean inHeader = !body.isOpen();
    body.end();
    if (inHeader && exchange == null) {
      closeAfter(ctx.writeAndFlush(Http1Answer.last(HttpResponseStatus.REQUEST_TIMEOUT)));
    } else {
      endUnanswered(HttpResponseStatus.REQUEST_TIMEOUT);
    }
  }

  @Override
  public final void drainTooSlow() {
    ctx.close();
  }

  @Override
  public final void idle() {
    if (exchange == null) {
      ctx.close();
    }
  }

  /** Ends the connection, with an answer if nothing of one was sent. */
  private void endUnanswered(HttpResponseStatus status) {
    Exchange current = exchange;
    if (current != null && !current.isAnswered()) {
      answerLast(status);
    } else {
      flushAndClose();
    }
  }

  private void answerLast(HttpResponseStatus status) {
    Exchange current = exchange;
    FullHttpResponse answer = Http1Answer.last(status);
    if (current == null) {
      closeAfter(ctx.writeAndFlush(answer));
      return;
    }
    Http1Answer.withFields(answer, current.verdict());
    current.answered(status.code());
    complete();
    closeAfter(ctx.writeAndFlush(answer).addListener(current));
  }

  /** Closes when the answer is with the socket and the body, if there is one, is thrown away. */
  final void closeAfter(ChannelFuture answered) {
    mode = Mode.CLOSING;
    flushPending = false;
    lastAnswer = answered;
    dropWaiting();
    regulateReading();
    if (readWaits && mayRead()) {
      readWaits = false;
      ctx.read();
    }
    watch.drain(options.drainTime());
    answered.addListener(
        future -> {
          if (!body.isOpen()) {
            ctx.close();
          }
        });
  }

  /** What waits may hold the end of the body that is to be thrown away. */
  private void dropWaiting() {
    for (Object next = waiting.poll(); next != null; next = waiting.poll()) {
      if (body.isOpen() && next instanceof HttpContent content) {
        body.receive(content);
      }
      ReferenceCountUtil.release(next);
    }
  }

  private void flushAndClose() {
    mode = Mode.CLOSING;
    waiting.release();
    ctx.flush();
    ctx.close();
  }

  final void end() {
    watch.stop();
    Undecided waits = undecided;
    if (waits != null) {
      undecided = null;
      waits.leave();
    }
    Exchange current = exchange;
    if (current != null) {
      complete();
      current.close();
    }
  }
}
