package io.tidegate.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ResourceLeakDetector;
import io.tidegate.Outcome;
import io.tidegate.netty.ConnectionEvent.Type;
import io.tidegate.scenarios.Scenario;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Absurd clients, over real sockets: they are refused or cut off, and others are served. */
class FloodTest extends WireTest {

  private final AtomicInteger served = new AtomicInteger();
  private final BlockingQueue<ConnectionEvent> told = new LinkedBlockingQueue<>();

  private NettyServer start(TidegateHttpHandler.Builder handler) {
    return Servers.http1(handler.listener(told::add).build(), this, "/", "/ok", served);
  }

  private static void assertOthersAreServed(NettyServer server) throws IOException {
    assertThat(Servers.exchange(server, GET)).startsWith("HTTP/1.1 200 ");
  }

  /** Counts answers with a status until the server closes; null if there is one with another. */
  private static int count(Socket socket, String status) throws IOException {
    int count = 0;
    BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        int start = line.lastIndexOf("HTTP/1.1 ");
        if (start >= 0) {
          assertThat(line.substring(start + 9)).startsWith(status);
          count++;
        }
      }
    } catch (IOException e) {
      // reset, with what was unread
    }
    return count;
  }

  @AfterEach
  void searchForLeaksAgain() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  @Test
  void tenThousandPipelined_toASlowApplication_areCutOff() throws Exception {
    NettyServer server = start(handler());
    try (Socket socket = Servers.connect(server)) {
      socket.getOutputStream().write(GET.repeat(10_000).getBytes(ISO_8859_1));
      assertThat(count(socket, "200")).isLessThan(9_999);
    }
    assertThat(told.take().type()).isEqualTo(Type.PIPELINE_FULL);
    assertThat(served.get()).isLessThan(9_999);
    assertOthersAreServed(server);
  }

  @Test
  void tenThousandPipelined_refused_areAnsweredOrCutOff() throws Exception {
    // A stack trace for each byte that is written, as elsewhere, would take most of a minute.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    NettyServer server = start(handler());
    try (Socket socket = Servers.connect(server)) {
      Thread writer =
          new Thread(
              () -> {
                try {
                  socket.getOutputStream().write(REFUSED.repeat(10_000).getBytes(ISO_8859_1));
                  socket.shutdownOutput();
                } catch (IOException e) {
                  // cut off
                }
              });
      writer.start();
      assertThat(count(socket, "429")).isBetween(1, 10_000);
      writer.join();
    }
    assertThat(served).hasValue(0);
    assertOthersAreServed(server);
  }

  /** Answers that nobody reads are not piled up. */
  @Test
  void endlessPipeline_ofAClientThatReadsNothing_isNotReadOn() throws Exception {
    BlockingQueue<Channel> connections = new LinkedBlockingQueue<>();
    TidegateHttpHandler handler = handler().listener(told::add).build();
    NettyServer server = new NettyServer();
    closing(server::stop);
    server.start(
        channel -> {
          connections.add(channel);
          channel.pipeline().addLast(new HttpServerCodec(), handler);
        });
    assertNotReadOn(server, REFUSED);
    Channel connection = connections.take();
    long pending = connection.unsafe().outboundBuffer().totalPendingWriteBytes();
    assertThat(pending).as("waiting to be read").isLessThan(200_000);
  }

  @Test
  void endlessPipeline_whileTheFirstIsNotAnswered_isNotReadOn() throws Exception {
    BlockingQueue<HttpRequest> seen = new LinkedBlockingQueue<>();
    assertNotReadOn(silent(false, seen), GET);
    assertThat(seen).hasSize(1);
  }

  /** Sends for as long as it is taken, which ends when the sockets' buffers are full. */
  private void assertNotReadOn(NettyServer server, String request) throws Exception {
    // A server that is slow for its stack traces would seem to have stopped.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    ByteBuffer flood = ByteBuffer.wrap(request.repeat(1_000).getBytes(ISO_8859_1));
    long sent = 0;
    SocketChannel client = closing(connect(server));
    try (Selector selector = Selector.open()) {
      client.register(selector, SelectionKey.OP_WRITE);
      while (sent < 200_000_000 && selector.select(1_000) > 0) {
        selector.selectedKeys().clear();
        if (!flood.hasRemaining()) {
          flood.rewind();
        }
        sent += client.write(flood);
      }
    }
    assertThat(sent).as("taken in").isLessThan(50_000_000);
  }

  private static SocketChannel connect(NettyServer server) throws IOException {
    SocketChannel client =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    client.configureBlocking(false);
    return client;
  }

  @Test
  void hugeHeader_isRefused() throws Exception {
    NettyServer server = start(handler());
    String header = "X-Large: " + "x".repeat(1_000_000) + "\r\n";
    try (Socket socket = Servers.connect(server)) {
      socket.getOutputStream().write(("GET /ok HTTP/1.1\r\n" + header).getBytes(ISO_8859_1));
      assertThat(count(socket, "431")).isBetween(0, 1);
    } catch (IOException e) {
      // cut off while sending
    }
    assertThat(served).hasValue(0);
    assertOthersAreServed(server);
  }

  @Test
  void halfClosedConnection_isClosed_andItsPermitComesBack() throws Exception {
    BlockingQueue<HttpRequest> seen = new LinkedBlockingQueue<>();
    NettyServer server = silent(false, seen);
    try (Socket socket = Servers.connect(server)) {
      socket.getOutputStream().write(GET.getBytes(ISO_8859_1));
      seen.take();
      socket.shutdownOutput();
      assertThat(outcomes.next()).isEqualTo(new Outcome(0, false));
      assertThat(socket.getInputStream().read()).isNegative();
    }
  }

  @Test
  void halfClosedConnection_whereThatIsAllowed_isAnsweredAndClosed() throws Exception {
    TidegateHttpHandler handler = handler().build();
    NettyServer server = new NettyServer();
    closing(server::stop);
    server
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .start(
            channel ->
                channel
                    .pipeline()
                    .addLast(
                        new HttpServerCodec(),
                        handler,
                        new EndpointHandler(
                            Map.of("/ok", exchange -> exchange.answer(203, "")),
                            server.threads())));
    try (Socket socket = Servers.connect(server)) {
      socket.getOutputStream().write((GET + GET + REFUSED).getBytes(ISO_8859_1));
      socket.shutdownOutput();
      String all = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      assertThat(all).containsSubsequence(" 203 ", " 203 ", " 429 ");
    }
  }

  private NettyServer silent(boolean halfClosure, BlockingQueue<HttpRequest> seen) {
    TidegateHttpHandler handler = handler().listener(told::add).build();
    NettyServer server = new NettyServer();
    closing(server::stop);
    return server
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure)
        .start(
            channel ->
                channel
                    .pipeline()
                    .addLast(
                        new HttpServerCodec(),
                        handler,
                        new ChannelInboundHandlerAdapter() {
                          @Override
                          public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            if (msg instanceof HttpRequest request) {
                              seen.add(request);
                            }
                            ReferenceCountUtil.release(msg);
                          }
                        }));
  }

  /**
   * An application that answers on its event loop, later, and would not bear to be called in turn.
   */
  @Test
  void nextRequest_neverComesWithinTheApplicationsWrite() throws Exception {
    CopyOnWriteArrayList<String> nested = new CopyOnWriteArrayList<>();
    TidegateHttpHandler handler = handler().build();
    NettyServer server = new NettyServer();
    closing(server::stop);
    server.start(
        channel -> {
          AtomicBoolean writing = new AtomicBoolean();
          channel
              .pipeline()
              .addLast(
                  new HttpServerCodec(),
                  handler,
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                      if (writing.get()) {
                        nested.add(msg.toString());
                      }
                      if (msg instanceof HttpRequest) {
                        ctx.executor()
                            .execute(
                                () -> {
                                  writing.set(true);
                                  ctx.writeAndFlush(Wire.response(200));
                                  writing.set(false);
                                });
                      }
                      ReferenceCountUtil.release(msg);
                    }
                  });
        });
    String answers = Servers.exchange(server, GET.repeat(50));
    assertThat(answers.split("HTTP/1.1 200 ")).hasSize(51);
    assertThat(nested).isEmpty();
  }

  @Test
  void fiveHundredConnections_thatSendAByteNowAndThen_areCutOff() throws Exception {
    trickle(500);
  }

  /** As many as a process may usually open files, at both ends. */
  @Test
  @Tag("long")
  void nineThousandConnections_thatSendAByteNowAndThen_areCutOff() throws Exception {
    trickle(9_000);
  }

  private void trickle(int connections) throws Exception {
    // Long enough that all of them are there at once.
    Duration headerTimeout = Duration.ofMillis(1_000 + connections);
    NettyServer server = start(handler().headerTimeout(headerTimeout));
    long heapBefore = usedHeap();
    byte[] request = GET.repeat(1_000).getBytes(ISO_8859_1);
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        SocketChannel client = closing(connect(server));
        client.write(ByteBuffer.wrap(request, 0, 1));
        client.register(selector, SelectionKey.OP_READ);
      }
      long perConnection = (usedHeap() - heapBefore) / connections;
      assertThat(perConnection).as("bytes a connection").isLessThan(40_000);
      assertOthersAreServed(server);
      int open = connections;
      long end = System.nanoTime() + Scenario.PATIENCE.toNanos() + headerTimeout.toNanos();
      for (int sent = 1; open > 0 && System.nanoTime() - end < 0; ) {
        if (selector.select(100) == 0 && sent < GET.length() - 1) {
          sendByte(selector, request, sent++);
        }
        open -= closeEnded(selector);
      }
      assertThat(open).isZero();
    }
    assertThat(told).hasSize(connections).allMatch(event -> event.type() == Type.SLOW_SENDER);
    assertThat(served).hasValue(1);
    assertOthersAreServed(server);
  }

  private static void sendByte(Selector selector, byte[] request, int index) {
    for (SelectionKey key : selector.keys()) {
      try {
        ((SocketChannel) key.channel()).write(ByteBuffer.wrap(request, index, 1));
      } catch (IOException e) {
        // cut off meanwhile, as it will be found
      }
    }
  }

  private static int closeEnded(Selector selector) throws IOException {
    int ended = 0;
    ByteBuffer answer = ByteBuffer.allocate(1_000);
    for (SelectionKey key : selector.selectedKeys()) {
      SocketChannel client = (SocketChannel) key.channel();
      answer.clear();
      boolean closed;
      try {
        closed = client.read(answer) < 0;
      } catch (IOException e) {
        closed = true;
      }
      if (closed) {
        client.close();
        ended++;
      }
    }
    selector.selectedKeys().clear();
    return ended;
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
