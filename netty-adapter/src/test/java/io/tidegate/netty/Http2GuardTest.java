package io.tidegate.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.Outcome;
import io.tidegate.Verdict;
import io.tidegate.client.IpAddress;
import io.tidegate.limit.Quota;
import io.tidegate.netty.ConnectionEvent.Type;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Connections of HTTP/2 whose clients make work and throw it away. */
class Http2GuardTest extends WireTest {

  private static final long CALM = 11;

  private final BlockingQueue<ConnectionEvent> told = new LinkedBlockingQueue<>();

  private TidegateHttp2ConnectionGuard.Builder guard(int resets) {
    return TidegateHttp2ConnectionGuard.builder()
        .resets(Quota.of(resets, Duration.ofMinutes(1)))
        .ticker(ticker)
        .listener(told::add);
  }

  private NettyServer start(TidegateHttp2ConnectionGuard guard) {
    return start(guard, Silent::new);
  }

  private NettyServer start(
      TidegateHttp2ConnectionGuard guard, Supplier<ChannelHandler> application) {
    TidegateHttp2Handler handler = new TidegateHttp2Handler(gate);
    NettyServer server = new NettyServer();
    closing(server::stop);
    return server.start(
        channel ->
            channel
                .pipeline()
                .addLast(
                    guard,
                    Http2FrameCodecBuilder.forServer().build(),
                    new Http2MultiplexHandler(
                        new ChannelInitializer<Channel>() {
                          @Override
                          protected void initChannel(Channel stream) {
                            stream.pipeline().addLast(handler, application.get());
                          }
                        })));
  }

  /** Never answers. */
  private static class Silent extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ReferenceCountUtil.release(msg);
    }
  }

  /** Closes streams that fail, as many applications do. */
  private static final class Closing extends Silent {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  private Http2Client client(NettyServer server) {
    return closing(new Http2Client(server.port(), Http2Settings.defaultSettings()));
  }

  @Test
  void rapidReset_isToldToBeCalm_andAllPermitsComeBack() throws Exception {
    NettyServer server = start(guard(50).build());
    Http2Client client = client(server);
    Http2Client.Call open = client.get("/ok");
    for (int i = 0; i < 50; i++) {
      client.get("/ok").reset();
      assertThat(outcomes.next()).isEqualTo(new Outcome(0, false));
    }
    assertThat(told).isEmpty();
    client.get("/ok").reset();
    assertThat(client.nextEnd()).isEqualTo(CALM);
    assertThat(client.nextEnd()).isEqualTo(-1);
    assertThat(told.take())
        .isEqualTo(new ConnectionEvent(Type.STREAM_RESETS, IpAddress.parse("127.0.0.1")));
    assertThat(open.stream.closeFuture().await(20_000)).isTrue();
    long last = gate.status().verdicts().get(Verdict.Kind.ADMITTED) - 50;
    for (long i = 0; i < last; i++) {
      assertThat(outcomes.next()).isEqualTo(new Outcome(0, false));
    }
  }

  @Test
  void resets_inTime_areForgiven() throws Exception {
    NettyServer server = start(guard(5).build());
    Http2Client client = client(server);
    for (int i = 0; i < 50; i++) {
      client.get("/ok").reset();
      assertThat(outcomes.next()).isEqualTo(new Outcome(0, false));
      ticker.advance(Duration.ofSeconds(12));
    }
    assertThat(told).isEmpty();
    assertThat(client.connection.isActive()).isTrue();
  }

  @Test
  void otherConnections_goOn() throws Exception {
    NettyServer server = start(guard(1).build());
    Http2Client bad = client(server);
    Http2Client good = client(server);
    bad.get("/ok").reset();
    bad.get("/ok").reset();
    assertThat(bad.nextEnd()).isEqualTo(CALM);
    assertThat(good.get("/refused").next()).isEqualTo("429");
  }

  @Test
  void madeYouReset_isToldToBeCalm() throws Exception {
    assertMadeYouResetIsCounted(start(guard(20).build()));
  }

  /** Its way to say so must not hide whose fault it was. */
  @Test
  void madeYouReset_ofAnApplicationThatClosesItsStreams_isToldToBeCalm() throws Exception {
    assertMadeYouResetIsCounted(start(guard(20).build(), Closing::new));
  }

  /** The client makes the server reset its streams, by window updates of nothing. */
  private void assertMadeYouResetIsCounted(NettyServer server) throws Exception {
    try (RawHttp2 client = new RawHttp2(server.port())) {
      for (int i = 0; i < 20; i++) {
        client.headers(2 * i + 1).frame(0x8, 0, 2 * i + 1, 0);
        assertThat(client.next(0x3)).isEqualTo(1);
      }
      assertThat(told).isEmpty();
      client.headers(41).frame(0x8, 0, 41, 0);
      assertThat(client.next(0x7)).isEqualTo(41);
      assertThat(client.isClosedByServer()).isTrue();
    }
    assertThat(told.take().type()).isEqualTo(Type.STREAM_RESETS);
    for (int i = 0; i < 21; i++) {
      assertThat(outcomes.next()).isEqualTo(new Outcome(0, false));
    }
  }

  @Test
  void resetsOfRefusedUploads_areNotTheClientsFault() throws Exception {
    NettyServer server = start(guard(1).build());
    Http2Client client = client(server);
    for (int i = 0; i < 10; i++) {
      Http2Client.Call call = client.post("/refused");
      assertThat(call.next()).isEqualTo("429");
      call.next();
      call.next();
      assertThat(call.next()).isEqualTo("reset 0");
    }
    assertThat(told).isEmpty();
  }

  // Without a network, in frozen time

  private EmbeddedChannel connection(boolean codec) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    channel.pipeline().addLast(guard(1).build());
    if (codec) {
      channel.pipeline().addLast(Http2FrameCodecBuilder.forServer().build());
    }
    closing(channel::finishAndReleaseAll);
    return channel;
  }

  private static void send(EmbeddedChannel channel, ByteBuf bytes) {
    channel.writeInbound(bytes);
    channel.runPendingTasks();
  }

  private static ByteBuf frame(int type, int flags, int streamId, int payload) {
    ByteBuf frame = Unpooled.buffer();
    frame.writeMedium(payload).writeByte(type).writeByte(flags).writeInt(streamId);
    return frame.writeZero(payload);
  }

  /** The last frame that was written, which must be a GOAWAY. */
  private static int goAway(EmbeddedChannel channel) {
    ByteBuf last = null;
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      ReferenceCountUtil.release(last);
      last = part;
    }
    assertThat(last).isNotNull();
    assertThat(last.getByte(3)).isEqualTo((byte) 7);
    int code = last.getInt(13);
    last.release();
    return code;
  }

  @Test
  void otherProtocol_isLeftAlone() {
    EmbeddedChannel channel = connection(false);
    send(channel, Unpooled.copiedBuffer("PR", US_ASCII));
    assertThat(channel.pipeline().get(Http2Connection.class)).isNotNull();
    send(channel, Unpooled.copiedBuffer("OPFIND / HTTP/1.1\r\n\r\n", US_ASCII));
    assertThat(channel.pipeline().get(Http2Connection.class)).isNull();
    assertThat(channel.inboundMessages()).hasSize(2);
    Wire.pass(channel, Duration.ofMinutes(5));
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void header_thatIsContinuedForTenSeconds_isTooLate() {
    EmbeddedChannel channel = connection(false);
    send(channel, Http2CodecUtil.connectionPrefaceBuf());
    send(channel, frame(0x1, 0, 1, 10));
    for (int i = 0; i < 9; i++) {
      Wire.pass(channel, Duration.ofSeconds(1));
      send(channel, frame(0x9, 0, 1, 1));
    }
    assertThat(channel.isOpen()).isTrue();
    Wire.pass(channel, Duration.ofSeconds(1));
    assertThat(channel.isOpen()).isFalse();
    assertThat(goAway(channel)).isEqualTo((int) CALM);
    assertThat(told.poll().type()).isEqualTo(Type.SLOW_SENDER);
  }

  @Test
  void preface_thatTakesTenSeconds_isTooLate() {
    EmbeddedChannel channel = connection(false);
    send(channel, Unpooled.copiedBuffer("PRI", US_ASCII));
    Wire.pass(channel, Duration.ofSeconds(10));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void dataFrame_mayTakeLonger() {
    EmbeddedChannel channel = connection(false);
    send(channel, Http2CodecUtil.connectionPrefaceBuf());
    send(channel, frame(0x0, 0, 1, 1_000).readSlice(500));
    Wire.pass(channel, Duration.ofSeconds(30));
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void connectionWithoutStreams_isClosedWhenIdle() {
    EmbeddedChannel channel = connection(true);
    send(channel, Http2CodecUtil.connectionPrefaceBuf());
    send(channel, frame(0x4, 0, 0, 0));
    Wire.pass(channel, Duration.ofSeconds(59));
    assertThat(channel.isOpen()).isTrue();
    Wire.pass(channel, Duration.ofSeconds(17));
    assertThat(channel.isOpen()).isFalse();
    assertThat(goAway(channel)).isZero();
    assertThat(told).isEmpty();
  }

  @Test
  void connectionWithAStream_isNeverIdle() {
    EmbeddedChannel channel = connection(true);
    send(channel, Http2CodecUtil.connectionPrefaceBuf());
    send(channel, frame(0x4, 0, 0, 0));
    ByteBuf headers = frame(0x1, 0x5, 1, 3);
    headers.setByte(9, 0x82).setByte(10, 0x84).setByte(11, 0x86);
    send(channel, headers);
    Wire.pass(channel, Duration.ofMinutes(5));
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void connectionThatSendsNothing_isClosed() {
    EmbeddedChannel channel = connection(true);
    Wire.pass(channel, Duration.ofSeconds(76));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whatComesAfterTheLimit_isNotPassedOn() {
    EmbeddedChannel channel = connection(false);
    ByteBuf flood = Unpooled.buffer();
    flood.writeBytes(Http2CodecUtil.connectionPrefaceBuf());
    for (int i = 0; i < 1_000; i++) {
      flood.writeBytes(frame(0x3, 0, 1, 4));
    }
    send(channel, flood);
    assertThat(channel.inboundMessages()).isEmpty();
    assertThat(goAway(channel)).isEqualTo((int) CALM);
    assertThat(told).hasSize(1);
    assertThat(channel.isOpen()).isFalse();
  }
}
