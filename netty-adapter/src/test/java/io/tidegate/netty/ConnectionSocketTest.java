package io.tidegate.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpServerCodec;
import io.tidegate.Rule;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import io.tidegate.netty.ConnectionEvent.Type;
import io.tidegate.scenarios.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may connect, over real sockets, wherever the handler stands. */
class ConnectionSocketTest extends WireTest {

  private final AtomicInteger pipelines = new AtomicInteger();
  private final BlockingQueue<ConnectionEvent> told = new LinkedBlockingQueue<>();

  private NettyServer start(TidegateConnectionHandler connections, boolean onListeningSocket) {
    gate.replaceRules(
        List.of(Rule.named("one").per(KeyBy.address()).quota(Quota.perDay(1)).build()));
    TidegateHttpHandler handler = new TidegateHttpHandler(gate);
    NettyServer server = new NettyServer();
    closing(server::stop);
    if (onListeningSocket) {
      server.handler(connections);
    }
    return server.start(
        channel -> {
          pipelines.incrementAndGet();
          if (!onListeningSocket) {
            channel.pipeline().addLast(connections);
          }
          channel
              .pipeline()
              .addLast(
                  new HttpServerCodec(),
                  handler,
                  new EndpointHandler(
                      Map.of("/", exchange -> exchange.answer(200, "")), server.threads()));
        });
  }

  private Socket connect(NettyServer server) throws IOException {
    Socket socket = closing(new Socket(InetAddress.getLoopbackAddress(), server.port()));
    socket.setSoTimeout((int) Scenario.PATIENCE.toMillis());
    return socket;
  }

  private static String ask(Socket socket, String header) throws IOException {
    socket.getOutputStream().write((header + GET.replace("/ok", "/")).getBytes(ISO_8859_1));
    return new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
  }

  private static boolean isClosed(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // reset
    }
  }

  private static void awaitOpen(TidegateConnectionHandler connections, int count) {
    long end = System.nanoTime() + Scenario.PATIENCE.toNanos();
    while (connections.open() != count && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertThat(connections.open()).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tooMany_areClosed_andOthersServed(boolean onListeningSocket) throws Exception {
    TidegateConnectionHandler connections =
        TidegateConnectionHandler.builder().maxOpenPerAddress(5).listener(told::add).build();
    NettyServer server = start(connections, onListeningSocket);
    List<Socket> first = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      first.add(connect(server));
    }
    awaitOpen(connections, 5); // threads of their own may meet connections in another order
    for (int i = 0; i < 20; i++) {
      assertThat(isClosed(connect(server))).isTrue();
      assertThat(told.take().type()).isEqualTo(Type.ADDRESS_FULL);
    }
    assertThat(ask(first.get(0), "")).isEqualTo("HTTP/1.1 200");
    assertThat(connections.open()).isEqualTo(5);
    assertThat(connections.refused()).isEqualTo(20);
    if (onListeningSocket) {
      assertThat(pipelines).as("refused before a pipeline is made").hasValue(5);
    }
    for (Socket socket : first) {
      socket.close();
    }
    awaitOpen(connections, 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void trustedProxy_namesWhomTheGateCounts(boolean onListeningSocket) throws Exception {
    TidegateConnectionHandler connections =
        TidegateConnectionHandler.builder().proxyProtocol("127.0.0.0/8").build();
    NettyServer server = start(connections, onListeningSocket);
    String one = "PROXY TCP4 192.0.2.1 127.0.0.1 4711 80\r\n";
    String two = "PROXY TCP4 192.0.2.2 127.0.0.1 4711 80\r\n";
    assertThat(ask(connect(server), one)).isEqualTo("HTTP/1.1 200");
    assertThat(ask(connect(server), one)).isEqualTo("HTTP/1.1 429");
    assertThat(ask(connect(server), two)).isEqualTo("HTTP/1.1 200");
    Socket silent = connect(server);
    silent.getOutputStream().write(GET.getBytes(ISO_8859_1));
    assertThat(isClosed(silent)).isTrue();
  }
}
