package io.tidegate.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ResourceLeakDetector;
import io.tidegate.Verdict;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a refusal costs the garbage collector, beside the decision and the response. A twin without
 * a connection's order is measured in the same way, so the test is skipped on a virtual machine
 * that does not count.
 */
class RefusalAllocationTest extends WireTest {

  /** Few, so that the compiler does not remove from one what it leaves in the other. */
  private static final int CALLS = 100;

  private static final int FEWEST_ROUNDS = 10;
  private static final int MOST_ROUNDS = 40;

  /** For looking up the fields that tell how a request is framed. */
  private static final int LOOK_UPS = 80;

  private final byte[] request = REFUSED.getBytes(ISO_8859_1);
  private Object sink = "";

  @BeforeEach
  void allowNoRecords() {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
            && threads.isThreadAllocatedMemorySupported()
            && threads.isThreadAllocatedMemoryEnabled());
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  @AfterEach
  void searchForLeaksAgain() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  /** Bytes per call, the least of some rounds: of more, as long as the code may not be warm. */
  private double bytesPerCall(double expected, Supplier<Object> call) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    double least = Double.MAX_VALUE;
    for (int round = 0;
        round < FEWEST_ROUNDS || (round < MOST_ROUNDS && least > expected);
        round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < CALLS; i++) {
        sink = call.get();
      }
      least = Math.min(least, (double) (threads.getThreadAllocatedBytes(id) - before) / CALLS);
    }
    return least;
  }

  /** The cost of a request from its bytes to those of its answer. */
  private double bytesPerRequest(double expected, ChannelHandler handler) {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec(), handler);
    closing(channel::finishAndReleaseAll);
    return bytesPerCall(
        expected,
        () -> {
          channel.writeInbound(Unpooled.wrappedBuffer(request));
          for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            part.release();
          }
          return channel;
        });
  }

  /** Asks the gate and answers, and keeps no order: what a refusal costs at least. */
  private final class Twin extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      if (msg instanceof HttpRequest one) {
        Verdict verdict = gate.enter(new Http1Request(one, ctx.channel(), nobody -> null));
        ctx.write(Http1Answer.refusal(verdict, one, true));
      }
      ReferenceCountUtil.release(msg);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
    }
  }

  @Test
  void refusal_addsNothing_toTheDecisionAndTheResponse() {
    double least = bytesPerRequest(0, new Twin());
    double refusal = bytesPerRequest(least + LOOK_UPS, handler().build());
    assertThat(gate.status().verdicts().get(Verdict.Kind.ADMITTED)).isZero();
    assertThat(least).as("bytes of a decision and a response").isBetween(500.0, 5_000.0);
    assertThat(refusal).as("bytes of a refusal").isLessThanOrEqualTo(least + LOOK_UPS);
  }
}
