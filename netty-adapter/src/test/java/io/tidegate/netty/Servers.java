package io.tidegate.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.HttpServerCodec;
import io.tidegate.scenarios.Scenario;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers of HTTP/1.1 over real sockets, and what clients see of them. */
final class Servers {

  private Servers() {}

  /** A server with two endpoints, the second of which counts. */
  static NettyServer http1(
      ChannelHandler handler, WireTest test, String path, String counting, AtomicInteger count) {
    NettyServer server = new NettyServer();
    test.closing(server::stop);
    return server.start(
        channel ->
            channel
                .pipeline()
                .addLast(
                    new HttpServerCodec(),
                    handler,
                    new EndpointHandler(
                        Map.of(
                            path,
                            exchange -> {
                              exchange.body();
                              exchange.answer(200, "");
                            },
                            counting,
                            exchange -> {
                              count.incrementAndGet();
                              exchange.answer(200, "");
                            }),
                        server.threads())));
  }

  static Socket connect(NettyServer server) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout((int) Scenario.PATIENCE.toMillis());
    return socket;
  }

  /** Sends, and reads until the server closes, or says no more for a while. */
  static String exchange(NettyServer server, String text) throws IOException {
    try (Socket socket = connect(server)) {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return readAll(socket);
    }
  }

  private static String readAll(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    try {
      for (int octet = in.read(); octet >= 0; octet = in.read()) {
        all.write(octet);
        socket.setSoTimeout(100);
      }
    } catch (SocketTimeoutException e) {
      // it stays open
    } catch (IOException e) {
      // reset
    }
    return all.toString(ISO_8859_1);
  }
}
