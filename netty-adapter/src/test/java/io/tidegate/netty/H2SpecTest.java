package io.tidegate.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.Verdict;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** A server that keeps to HTTP/2 keeps to it behind the handlers. Asked of h2spec. */
@Tag("h2spec")
class H2SpecTest extends WireTest {

  private static final String PROGRAM = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
  private static final int MOST_SECONDS = 120;

  @TempDir Path folder;

  /** Answers each request with two bytes, when it is complete. */
  private static final class Trivial extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      boolean end =
          msg instanceof Http2HeadersFrame headers && headers.isEndStream()
              || msg instanceof Http2DataFrame data && data.isEndStream();
      ReferenceCountUtil.release(msg);
      if (end) {
        ctx.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
        ctx.writeAndFlush(
            new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[] {'o', 'k'}), true));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // Netty resets the stream, with the code that tells why; to close it here would say "cancel".
    }
  }

  private static ChannelHandler codec() {
    return Http2FrameCodecBuilder.forServer()
        .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(100))
        .build();
  }

  private static ChannelHandler streams(ChannelHandler... before) {
    return new Http2MultiplexHandler(
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel stream) {
            stream.pipeline().addLast(before).addLast(new Trivial());
          }
        });
  }

  private NettyServer bare() {
    NettyServer server = new NettyServer();
    closing(server::stop);
    return server.start(channel -> channel.pipeline().addLast(codec(), streams()));
  }

  private NettyServer guarded() {
    TidegateHttp2ConnectionGuard guard = new TidegateHttp2ConnectionGuard();
    TidegateHttp2Handler handler = new TidegateHttp2Handler(gate);
    NettyServer server = new NettyServer();
    closing(server::stop);
    return server
        .handler(new TidegateConnectionHandler())
        .start(channel -> channel.pipeline().addLast(guard, codec(), streams(handler)));
  }

  @BeforeEach
  void unpack() throws Exception {
    Path archive = folder.resolve("h2spec.tar.gz");
    try (InputStream program = H2SpecTest.class.getResourceAsStream(PROGRAM)) {
      assertThat(program).as("the profile h2spec brings " + PROGRAM).isNotNull();
      Files.copy(program, archive);
    }
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", folder.toString()).start();
    assertThat(tar.waitFor()).isZero();
  }

  /** What became of each case. */
  private Map<String, String> ask(NettyServer server, String name) throws Exception {
    Path report = folder.resolve(name + ".xml");
    Process program =
        new ProcessBuilder(
                folder.resolve("h2spec").toString(),
                "--host=127.0.0.1",
                "--port=" + server.port(),
                "--strict",
                "--timeout=1",
                "--junit-report=" + report)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".txt").toFile())
            .start();
    try {
      assertThat(program.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).as("in time").isTrue();
    } finally {
      program.destroyForcibly();
    }
    return read(report);
  }

  private static Map<String, String> read(Path report) throws Exception {
    // Where a case failed, there may be bytes in it that are no XML.
    String text = Files.readString(report, ISO_8859_1).replaceAll("[\\x00-\\x08\\x0B-\\x1F]", "");
    NodeList cases =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(text)))
            .getElementsByTagName("testcase");
    Map<String, String> results = new TreeMap<>();
    for (int i = 0; i < cases.getLength(); i++) {
      Element one = (Element) cases.item(i);
      String result =
          List.of("failure", "error", "skipped").stream()
              .filter(flaw -> one.getElementsByTagName(flaw).getLength() > 0)
              .findFirst()
              .orElse("passed");
      results.put(one.getAttribute("package") + " " + one.getAttribute("classname"), result);
    }
    return results;
  }

  @Test
  void handlers_changeNothingOfTheProtocol() throws Exception {
    Map<String, String> bare = ask(bare(), "bare");
    assertThat(bare).hasSizeGreaterThan(100);
    assertThat(bare.values().stream().filter("passed"::equals)).hasSizeGreaterThan(100);
    assertThat(ask(guarded(), "guarded")).isEqualTo(bare);
    assertThat(gate.status().verdicts().get(Verdict.Kind.ADMITTED)).isGreaterThan(50);
  }
}
