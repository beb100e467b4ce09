package io.tidegate.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.Match;
import io.tidegate.Outcome;
import io.tidegate.Permit;
import io.tidegate.Rule;
import io.tidegate.SetupNotice;
import io.tidegate.Verdict;
import io.tidegate.client.IpAddress;
import io.tidegate.limit.Quota;
import io.tidegate.netty.ConnectionEvent.Type;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of HTTP/2, frame by frame, over real sockets. */
class Http2HandlerTest extends WireTest {

  /** What reached the application. */
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private final BlockingQueue<ChannelHandlerContext> streams = new LinkedBlockingQueue<>();
  private final BlockingQueue<ConnectionEvent> told = new LinkedBlockingQueue<>();
  private NettyServer server;

  @BeforeEach
  void start() {
    start(TidegateHttp2Handler.builder(gate));
  }

  private void start(TidegateHttp2Handler.Builder builder) {
    TidegateHttp2Handler handler = builder.listener(told::add).build();
    NettyServer made = new NettyServer();
    closing(made::stop);
    server =
        made.start(
            channel ->
                channel
                    .pipeline()
                    .addLast(
                        Http2FrameCodecBuilder.forServer().build(),
                        new Http2MultiplexHandler(
                            new ChannelInitializer<Channel>() {
                              @Override
                              protected void initChannel(Channel stream) {
                                stream.pipeline().addLast(handler, new Application());
                              }
                            })));
  }

  private Http2Client client() {
    return closing(new Http2Client(server.port(), Http2Settings.defaultSettings()));
  }

  private final class Application extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      if (msg instanceof Http2HeadersFrame head) {
        seen.add(head.headers().method() + " " + head.headers().path());
        streams.add(ctx);
      } else if (msg instanceof Http2DataFrame data) {
        seen.add(data.content().toString(ISO_8859_1) + (data.isEndStream() ? "." : ""));
      }
      ReferenceCountUtil.release(msg);
    }
  }

  private static Http2Headers status(String status) {
    return new DefaultHttp2Headers().status(status);
  }

  private static void write(ChannelHandlerContext stream, Http2Headers headers, boolean end) {
    stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end)).syncUninterruptibly();
  }

  private static void write(ChannelHandlerContext stream, String text, boolean end) {
    stream
        .writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, ISO_8859_1), end))
        .awaitUninterruptibly();
  }

  @Test
  void admitted_isServedWithFields_andEndsWithItsStream() throws Exception {
    Http2Client.Call call = client().get("/ok?x=1");
    ChannelHandlerContext stream = streams.take();
    assertThat(seen.take()).isEqualTo("GET /ok?x=1");
    write(stream, status("103"), false);
    write(stream, status("200"), false);
    write(stream, "part", false);
    assertThat(outcomes.isEmpty()).isTrue();
    write(stream, new DefaultHttp2Headers().set("x-trailer", "1"), true);
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
    assertThat(List.of(call.next(), call.next(), call.next(), call.next(), call.next()))
        .containsExactly("103", "200", "part", "null", "end");
    assertThat(call.heads.take().contains("ratelimit")).as("103").isFalse();
    assertThat(call.heads.take().get("ratelimit").toString()).startsWith("\"outcomes\"");
    assertThat(call.heads.take().contains("ratelimit")).as("trailers").isFalse();
  }

  @Test
  void refused_isAnsweredWithFieldsInLowerCase() throws Exception {
    Http2Client.Call call = client().get("/refused");
    assertThat(call.next()).isEqualTo("429");
    assertThat(call.next()).startsWith("{\"type\"");
    assertThat(call.next()).isEqualTo("end");
    assertThat(call.next()).isEqualTo("closed");
    Http2Headers head = call.heads.take();
    assertThat(head.get("cache-control")).hasToString("no-store");
    assertThat(head.get("content-type")).hasToString("application/problem+json");
    assertThat(head.names()).allSatisfy(name -> assertThat(name.toString()).isLowerCase());
    assertThat(seen).isEmpty();
  }

  @Test
  void refused_head_hasNoBody() throws Exception {
    Http2Client.Call call = client().call(Http2Client.headers("HEAD", "/refused"), true);
    assertThat(call.next()).isEqualTo("429");
    assertThat(call.next()).isEqualTo("end");
    assertThat(call.heads.take().getInt("content-length")).isPositive();
  }

  @Test
  void refused_whileSending_isAnsweredAndThenResetWithoutError() throws Exception {
    Http2Client client = client();
    Http2Client.Call call = client.post("/refused");
    assertThat(call.next()).isEqualTo("429");
    assertThat(call.next()).startsWith("{");
    assertThat(call.next()).isEqualTo("end");
    assertThat(call.next()).isEqualTo("reset 0");
    Http2Client.Call next = client.get("/ok");
    write(streams.take(), status("204"), true);
    assertThat(next.next()).isEqualTo("204");
    assertThat(seen).containsExactly("GET /ok");
  }

  @Test
  void refused_withALongBody_costsNobodyElseTheirWindow() throws Exception {
    Http2Client client = client();
    for (int i = 0; i < 5; i++) {
      Http2Client.Call call = client.post("/refused");
      call.send("x".repeat(60_000), false);
      assertThat(call.next()).isEqualTo("429");
    }
    Http2Client.Call call = client.post("/ok");
    call.send("x".repeat(60_000), true);
    int received = 0;
    assertThat(seen.take()).isEqualTo("POST /ok");
    while (received < 60_001) {
      received += seen.take().length();
    }
    assertThat(received).isEqualTo(60_001);
  }

  @Test
  void clientThatTakesNoAnswer_isNotWaitedForLong() throws Exception {
    server.stop();
    start(TidegateHttp2Handler.builder(gate).drainTime(Duration.ofMillis(50)));
    Http2Settings noWindow = Http2Settings.defaultSettings().initialWindowSize(0);
    Http2Client client = closing(new Http2Client(server.port(), noWindow));
    Http2Client.Call call = client.get("/refused");
    assertThat(call.next()).isEqualTo("429");
    assertThat(call.next()).isEqualTo("reset 8");
  }

  @Test
  void reset_beforeAResponse_endsTheRequestWithZero() throws Exception {
    Http2Client.Call call = client().get("/ok");
    streams.take();
    assertThat(outcomes.isEmpty()).isTrue();
    call.reset();
    assertThat(outcomes.next()).isEqualTo(new Outcome(0, false));
  }

  @Test
  void reset_withinAResponse_endsTheRequestWithItsStatus() throws Exception {
    Http2Client.Call call = client().get("/ok");
    write(streams.take(), status("200"), false);
    assertThat(call.next()).isEqualTo("200");
    call.reset();
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
  }

  @Test
  void connectionThatCloses_endsAllItsRequests() throws Exception {
    Http2Client client = client();
    for (int i = 0; i < 5; i++) {
      client.get("/ok");
      streams.take();
    }
    client.close();
    for (int i = 0; i < 5; i++) {
      assertThat(outcomes.next()).isEqualTo(new Outcome(0, false));
    }
    assertThat(outcomes.isEmpty()).isTrue();
  }

  @Test
  void connect_keepsItsPermitUntilTheStreamEnds() throws Exception {
    Http2Headers headers = new DefaultHttp2Headers().method("CONNECT").authority("b:443");
    Http2Client.Call call = client().call(headers, false);
    ChannelHandlerContext stream = streams.take();
    write(stream, status("200"), false);
    call.send("tunnelled", false);
    assertThat(seen.take()).startsWith("CONNECT");
    assertThat(seen.take()).isEqualTo("tunnelled");
    assertThat(outcomes.isEmpty()).isTrue();
    stream.close();
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, false));
  }

  @Test
  void headersThatCannotBeChanged_getTheFieldsInACopy() throws Exception {
    Http2Client.Call call = client().get("/ok");
    Http2Headers fixed =
        ReadOnlyHttp2Headers.serverHeaders(
            true, AsciiString.of("200"), AsciiString.of("x-mine"), AsciiString.of("1"));
    write(streams.take(), fixed, true);
    assertThat(call.next()).isEqualTo("200");
    Http2Headers head = call.heads.take();
    assertThat(head.get("x-mine")).hasToString("1");
    assertThat(head.contains("ratelimit")).isTrue();
  }

  @Test
  void permit_isTheStreams() throws Exception {
    client().get("/ok");
    ChannelHandlerContext stream = streams.take();
    Permit permit = TidegateHttp2Handler.permit(stream.channel());
    permit.markFailed();
    assertThat(TidegateHttp2Handler.permit(stream.channel().parent())).isNull();
    write(stream, status("200"), true);
    assertThat(outcomes.next()).isEqualTo(new Outcome(200, true));
  }

  @Test
  void handlerOfTheSameGate_twice_decidesOnceAndSaysSo() throws Exception {
    TidegateHttp2Handler again = new TidegateHttp2Handler(gate);
    client().get("/ok");
    ChannelHandlerContext stream = streams.take();
    stream.executor().submit(() -> stream.pipeline().addFirst(again)).syncUninterruptibly();
    assertThat(gate.status().notices()).contains(SetupNotice.FILTER_TWICE);
    assertThat(stream.pipeline().get(TidegateHttp2Handler.class)).isNull();
  }

  @Test
  void request_isSeenWithAuthorityAndPeer() throws Exception {
    BlockingQueue<List<Object>> read = new LinkedBlockingQueue<>();
    gate.replaceRules(
        List.of(
            Rule.named("all")
                .match(
                    Match.where(
                        request ->
                            read.add(
                                List.of(
                                    request.method(),
                                    request.path(),
                                    request.host(),
                                    request.peer(),
                                    String.valueOf(request.header("X-Key")),
                                    List.copyOf((List<String>) request.headers("X-Key")),
                                    String.valueOf(request.header("Host"))))))
                .quota(Quota.perDay(9))
                .build()));
    Http2Headers headers = Http2Client.headers("POST", "/a/b;c?d=e").authority("b:80");
    client().call(headers.add("x-key", "1").add("x-key", "2"), true);
    assertThat(read.take())
        .containsExactly(
            "POST", "/a/b;c", "b:80", IpAddress.parse("127.0.0.1"), "1", List.of("1", "2"), "null");
  }

  @Test
  void slowBody_isAnsweredWith408_andReset() throws Exception {
    server.stop();
    start(TidegateHttp2Handler.builder(gate).minBodyRate(1 << 20, Duration.ofMillis(1)));
    Http2Client.Call call = client().post("/ok");
    call.send("x", false);
    assertThat(call.next()).isEqualTo("408");
    assertThat(call.next()).isEqualTo("end");
    assertThat(call.next()).isEqualTo("reset 0");
    assertThat(outcomes.next()).isEqualTo(new Outcome(408, false));
    assertThat(told.take().type()).isEqualTo(Type.SLOW_SENDER);
    assertThat(gate.status().verdicts()).containsEntry(Verdict.Kind.ADMITTED, 1L);
  }
}
