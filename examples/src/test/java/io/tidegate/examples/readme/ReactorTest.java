package io.tidegate.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Outcome;
import io.tidegate.Rule;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.web.embedded.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServer;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.ByteBufFlux;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/** The snippets for Reactor Netty at work, in Spring WebFlux and without it, over real sockets. */
@Timeout(60)
class ReactorTest {
  @TempDir static Path folder;
  private final AtomicInteger served = new AtomicInteger();
  private final Sinks.Many<String> stream = Sinks.many().unicast().onBackpressureBuffer();
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private final List<Channel> channels = new CopyOnWriteArrayList<>();
  private final Gate gate =
      Gate.builder()
          .rule(
              Rule.named("echo")
                  .match(Match.path("/echo"))
                  .per(KeyBy.address())
                  .quota(Quota.perHour(2))
                  .build())
          .rule(
              Rule.named("stream")
                  .match(Match.get("/stream"))
                  .per(KeyBy.address())
                  .quota(Quota.perHour(1))
                  .chargeWhen(outcomes::add)
                  .build())
          .build();
  private WebServer server;

  private record Answer(int status, String version, String limit, String body) {}

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop();
    }
    gate.close();
  }

  private void startWebFlux(HttpProtocol protocol) {
    NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(0);
    factory.addServerCustomizers(new ReactorSnippets.Http1().tidegate(gate));
    if (protocol == HttpProtocol.H2C) {
      offerHttp2(factory);
    }
    start(factory);
  }

  private void offerHttp2(NettyReactiveWebServerFactory factory) {
    Http2 http2 = new Http2();
    http2.setEnabled(true);
    factory.setHttp2(http2);
    factory.addServerCustomizers(new ReactorSnippets.Http2().tidegateStreams(gate));
  }

  /** TLS that offers HTTP/2 and HTTP/1.1. */
  private void startTls() throws Exception {
    NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(0);
    Ssl ssl = new Ssl();
    ssl.setKeyStore(Keys.make(folder).toString());
    ssl.setKeyStorePassword(Keys.PASSWORD);
    factory.setSsl(ssl);
    factory.addServerCustomizers(new ReactorSnippets.Tls().tidegate(gate));
    offerHttp2(factory);
    start(factory);
  }

  private void start(NettyReactiveWebServerFactory factory) {
    factory.addServerCustomizers(
        plain -> plain.childObserve((connection, state) -> channels.add(connection.channel())));
    server = factory.getWebServer(application());
    server.start();
  }

  private HttpHandler application() {
    return RouterFunctions.toHttpHandler(
        route()
            .POST("/echo", this::echo)
            .GET("/echo", this::echo)
            .GET(
                "/stream",
                request ->
                    ServerResponse.ok()
                        .contentType(MediaType.TEXT_EVENT_STREAM)
                        .body(stream.asFlux(), String.class))
            .build());
  }

  private Mono<ServerResponse> echo(ServerRequest request) {
    served.incrementAndGet();
    return request
        .bodyToMono(String.class)
        .defaultIfEmpty("nothing")
        .flatMap(text -> ServerResponse.ok().bodyValue(text));
  }

  private static Answer post(HttpProtocol protocol, int port, String body) {
    return post(HttpClient.create().protocol(protocol).port(port), body);
  }

  private static Answer post(HttpClient client, String body) {
    return client
        .host("127.0.0.1")
        .post()
        .uri("/echo")
        .send(ByteBufFlux.fromString(Mono.just(body)))
        .responseSingle(
            (response, content) ->
                content
                    .asString()
                    .map(
                        text ->
                            new Answer(
                                response.status().code(),
                                response.version().text(),
                                response.responseHeaders().get("RateLimit"),
                                text)))
        .block();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP11", "H2C"})
  void webFlux_moreThanIsAllowed_isRefusedAndNeverServed(HttpProtocol protocol) {
    startWebFlux(protocol);
    String version = protocol == HttpProtocol.H2C ? "HTTP/2.0" : "HTTP/1.1";
    String text = "x".repeat(50_000);
    for (int left = 1; left >= 0; left--) {
      Answer answer = post(protocol, server.getPort(), text);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.limit()).startsWith("\"echo\";r=" + left + ";");
      assertThat(answer.body()).isEqualTo(text);
    }
    for (int i = 0; i < 3; i++) { // each on the connection that the refusal before it has left
      Answer refusal = post(protocol, server.getPort(), text);
      assertThat(refusal.status()).isEqualTo(429);
      assertThat(refusal.version()).isEqualTo(version);
      assertThat(refusal.limit()).startsWith("\"echo\";r=0;");
      assertThat(refusal.body()).contains("quota-exceeded");
    }
    assertThat(served).hasValue(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP11", "H2C"})
  void webFlux_streamedResponse_holdsItsPermitUntilTheEnd(HttpProtocol protocol) throws Exception {
    startWebFlux(protocol);
    CompletableFuture<Void> begun = new CompletableFuture<>();
    CompletableFuture<List<String>> all =
        HttpClient.create()
            .protocol(protocol)
            .host("127.0.0.1")
            .port(server.getPort())
            .get()
            .uri("/stream")
            .responseContent()
            .asString()
            .doOnNext(part -> begun.complete(null))
            .collectList()
            .toFuture();
    stream.tryEmitNext("one").orThrow();
    begun.get();
    assertThat(outcomes).isEmpty();
    stream.tryEmitNext("two").orThrow();
    stream.tryEmitComplete().orThrow();
    assertThat(String.join("", all.get())).isEqualTo("data:one\n\ndata:two\n\n");
    Outcome outcome = outcomes.poll(20, TimeUnit.SECONDS);
    assertThat(outcome).isNotNull();
    assertThat(outcome.status()).isEqualTo(200);
  }

  /** The first request comes with the upgrade, and is on a stream when it is answered. */
  @Test
  void webFlux_upgraded_decidesTheRequestThatUpgradesAndThoseAfterIt() throws Exception {
    startWebFlux(HttpProtocol.H2C);
    java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient();
    URI uri = URI.create("http://127.0.0.1:" + server.getPort() + "/echo");
    for (int status : new int[] {200, 200, 429}) {
      HttpResponse<String> response =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(response.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
    }
    assertThat(served).hasValue(2);
  }

  /** On a connection of streams it would see nothing pass, and close it for being idle. */
  @Test
  void webFlux_http2_leavesNoHandlerOfHttp1OnTheConnection() {
    startWebFlux(HttpProtocol.H2C);
    assertThat(post(HttpProtocol.H2C, server.getPort(), "hello").status()).isEqualTo(200);
    assertThat(channels)
        .filteredOn(Http2StreamChannel.class::isInstance)
        .isNotEmpty()
        .allSatisfy(
            channel -> assertThat(channel.parent().pipeline().names()).doesNotContain("tidegate"));
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP11", "H2"})
  void tls_whicheverProtocolIsChosen_moreThanIsAllowedIsRefused(HttpProtocol protocol)
      throws Exception {
    startTls();
    HttpClient client =
        HttpClient.create()
            .protocol(protocol)
            .port(server.getPort())
            .secure(tls -> tls.sslContext(trusting(protocol)));
    String version = protocol == HttpProtocol.H2 ? "HTTP/2.0" : "HTTP/1.1";
    for (int status : new int[] {200, 200, 429}) {
      Answer answer = post(client, "hello");
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.version()).isEqualTo(version);
    }
    assertThat(served).hasValue(2);
    assertThat(channels)
        .extracting(
            channel -> channel.parent() instanceof ServerChannel ? channel : channel.parent())
        .allSatisfy(
            connection ->
                assertThat(connection.pipeline().names())
                    .contains(protocol == HttpProtocol.H2 ? "tidegate-guard" : "tidegate")
                    .doesNotContain("tidegate-later"));
  }

  private static GenericSslContextSpec<?> trusting(HttpProtocol protocol) {
    return protocol == HttpProtocol.H2
        ? Http2SslContextSpec.forClient()
            .configure(tls -> tls.trustManager(InsecureTrustManagerFactory.INSTANCE))
        : Http11SslContextSpec.forClient()
            .configure(tls -> tls.trustManager(InsecureTrustManagerFactory.INSTANCE));
  }

  @Test
  void plainReactorNetty_moreThanIsAllowed_isRefused() {
    HttpServer plain =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(
                routes ->
                    routes.post(
                        "/echo", (request, response) -> response.send(request.receive().retain())));
    DisposableServer running = new ReactorSnippets.Http1().tidegate(gate).apply(plain).bindNow();
    try {
      for (int status : new int[] {200, 200, 429}) {
        assertThat(post(HttpProtocol.HTTP11, running.port(), "hello").status()).isEqualTo(status);
      }
    } finally {
      running.disposeNow();
    }
  }
}
