package io.tidegate.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.tidegate.scenarios.Endpoint;
import io.tidegate.scenarios.Scenario;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All handlers in one pipeline, in the order of the package's overview. */
class TlsTest extends WireTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path folder;

  /** A key of a test's own, made once. */
  private static KeyStore keys() throws Exception {
    Path file = folder.resolve("keys.p12");
    if (!file.toFile().exists()) {
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-keystore",
                  file.toString(),
                  "-storepass",
                  new String(PASSWORD),
                  "-keyalg",
                  "EC",
                  "-alias",
                  "test",
                  "-dname",
                  "CN=127.0.0.1",
                  "-ext",
                  "san=ip:127.0.0.1")
              .inheritIO()
              .start();
      assertThat(keytool.waitFor()).isZero();
    }
    return KeyStore.getInstance(file.toFile(), PASSWORD);
  }

  private NettyServer start(KeyStore keys) throws Exception {
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(keys, PASSWORD);
    SslContext ssl =
        SslContextBuilder.forServer(factory)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2,
                    ApplicationProtocolNames.HTTP_1_1))
            .build();
    Map<String, Endpoint> endpoints =
        Map.of("/ok", exchange -> exchange.answer(200, exchange.body().length() + " bytes"));
    TidegateHttpHandler http1 = handler().build();
    TidegateHttp2ConnectionGuard guard = new TidegateHttp2ConnectionGuard();
    NettyServer server = new NettyServer();
    closing(server::stop);
    return server
        .handler(new TidegateConnectionHandler())
        .start(
            channel ->
                channel
                    .pipeline()
                    .addLast(
                        ssl.newHandler(channel.alloc()),
                        new ApplicationProtocolNegotiationHandler(
                            ApplicationProtocolNames.HTTP_1_1) {
                          @Override
                          protected void configurePipeline(
                              ChannelHandlerContext ctx, String protocol) {
                            ChannelPipeline pipeline = ctx.pipeline();
                            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                              pipeline.addLast(
                                  guard,
                                  Http2FrameCodecBuilder.forServer().build(),
                                  new Http2MultiplexHandler(
                                      NettyStarters.streams(gate, endpoints, server)));
                            } else {
                              pipeline.addLast(
                                  new HttpServerCodec(),
                                  http1,
                                  new EndpointHandler(endpoints, server.threads()));
                            }
                          }
                        }));
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void requestsOverTls_areServedAndRefused(HttpClient.Version version) throws Exception {
    KeyStore keys = keys();
    NettyServer server = start(keys);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    HttpClient client = HttpClient.newBuilder().sslContext(context).version(version).build();
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> served = post(client, server, "/ok");
      assertThat(served.statusCode()).isEqualTo(200);
      assertThat(served.version()).isEqualTo(version);
      assertThat(served.body()).isEqualTo("100000 bytes");
      assertThat(served.headers().firstValue("ratelimit")).isPresent();
      HttpResponse<String> refused = post(client, server, "/refused");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).startsWith("{");
    }
  }

  private static HttpResponse<String> post(HttpClient client, NettyServer server, String path)
      throws Exception {
    int length = path.equals("/ok") ? 100_000 : 1_000;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path))
            .POST(HttpRequest.BodyPublishers.ofString("x".repeat(length)))
            .timeout(Scenario.PATIENCE)
            .build();
    return client.send(request, BodyHandlers.ofString());
  }
}
