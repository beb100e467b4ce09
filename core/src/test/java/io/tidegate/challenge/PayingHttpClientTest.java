package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidegate.challenge.Verification.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that pays, against a server on a socket that asks for work. */
@Timeout(60)
class PayingHttpClientTest {

  private static final Terms TERMS = Terms.of(2_000).action("POST /things");
  private static final String PROBLEM = "application/problem+json";

  private final ProofOfWork work = ProofOfWork.builder(KeyRing.random()).build();
  private final HttpClient http = HttpClient.newHttpClient();
  private final PayingHttpClient paying = PayingHttpClient.of(http, 1_000_000);

  /** What the server has seen: the proof or nothing, and the body. */
  private record Seen(String method, @Nullable String proof, String body) {}

  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  private volatile int status = 429;
  private volatile String type = PROBLEM;
  private volatile String refusal = "";
  private HttpServer server;
  private HttpRequest request;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    refuseWith(work.issue(TERMS).token());
    request = HttpRequest.newBuilder(uri()).POST(BodyPublishers.ofString("a thing")).build();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private URI uri() {
    return URI.create(
        "http://127.0.0.1:" + server.getAddress().getPort() + "/things?name=value%20x");
  }

  private void refuseWith(String token) {
    refusal =
        "{\"type\":\"about:blank\",\"status\":429,\"challenge\":{\"token\":\""
            + token
            + "\",\"puzzles\":16,\"work\":1,\"header\":\"X-Other\",\"pass\":\"/.tidegate/pass\"}}";
  }

  private void answer(HttpExchange exchange) throws IOException {
    String proof = exchange.getRequestHeaders().getFirst(ProofOfWork.FIELD);
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    seen.add(new Seen(exchange.getRequestMethod(), proof, body));
    boolean paid = false;
    if (proof != null) {
      Outcome outcome = work.redeem(proof, TERMS).outcome();
      outcomes.add(outcome);
      paid = outcome == Outcome.ACCEPTED;
    }
    byte[] reply = (paid ? "welcome" : refusal).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", paid ? "text/plain" : type);
    exchange.sendResponseHeaders(paid ? 200 : status, reply.length == 0 ? -1 : reply.length);
    try (exchange) {
      if (reply.length > 0) {
        exchange.getResponseBody().write(reply); // fails if the client has seen enough
      }
    }
  }

  private HttpResponse<String> send() throws Exception {
    return paying.send(request, BodyHandlers.ofString());
  }

  @Test
  void refusedWithAChallenge_isPaidAndSentOnceMore() throws Exception {
    HttpResponse<String> response = send();
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("welcome");
    assertThat(response.uri()).isEqualTo(uri());
    assertThat(outcomes).containsExactly(Outcome.ACCEPTED);
    assertThat(seen).hasSize(2);
    assertThat(seen.get(0)).isEqualTo(new Seen("POST", null, "a thing"));
    assertThat(seen.get(1)).isEqualTo(new Seen("POST", seen.get(1).proof(), "a thing"));
  }

  /** A service that is busy asks strangers for a price, too. */
  @Test
  void busyWithAChallenge_isPaid() throws Exception {
    status = 503;
    assertThat(send().body()).isEqualTo("welcome");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/problem+json; charset=utf-8",
        "Application/Problem+JSON",
        "application/problem+json ;x=y"
      })
  void problemType_inAnyOfItsSpellings_isPaid(String spelling) throws Exception {
    type = spelling;
    assertThat(send().body()).isEqualTo("welcome");
  }

  @Test
  void bodyOfAnyLength_arrivesWhole() throws Exception {
    String large = "0123456789abcdef".repeat(50_000);
    request = HttpRequest.newBuilder(uri()).PUT(BodyPublishers.ofString(large)).build();
    assertThat(send().statusCode()).isEqualTo(200);
    assertThat(seen.get(1).method()).isEqualTo("PUT");
    assertThat(seen.get(1).body()).isEqualTo(large);
  }

  @Test
  void otherFields_areSentAgain_andAnOldProofIsNot() throws Exception {
    List<String> fields = new CopyOnWriteArrayList<>();
    server.removeContext("/");
    server.createContext(
        "/",
        exchange -> {
          fields.add(
              exchange.getRequestHeaders().get("Accept")
                  + " "
                  + exchange.getRequestHeaders().get(ProofOfWork.FIELD).size());
          answer(exchange);
        });
    request =
        HttpRequest.newBuilder(uri())
            .header("accept", "text/plain")
            .header("tidegate-proof", "of an earlier time")
            .build();
    assertThat(send().statusCode()).isEqualTo(200);
    assertThat(fields).containsExactly("[text/plain] 1", "[text/plain] 1");
    assertThat(outcomes).containsExactly(Outcome.MALFORMED, Outcome.ACCEPTED);
  }

  /** The caller gets what the server said, as without us. */
  private void assertHandedOn(int expected, String body) throws Exception {
    HttpResponse<String> response = send();
    assertThat(response.statusCode()).isEqualTo(expected);
    assertThat(response.body()).isEqualTo(body);
    assertThat(seen).hasSize(1);
    seen.clear();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 403, 404, 428, 500})
  void otherStatus_isHandedOn(int other) throws Exception {
    status = other;
    assertHandedOn(other, refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/html", "application/problem+xml", "x"})
  void otherType_isHandedOn(String other) throws Exception {
    type = other;
    assertHandedOn(429, refusal);
  }

  @Test
  void documentWithoutAChallengeToSolve_isHandedOn() throws Exception {
    String token = work.issue(TERMS).token();
    for (String junk :
        List.of("", "x", token + "A", token.substring(1), "A".repeat(134), "-".repeat(134))) {
      refuseWith(junk);
      assertHandedOn(429, refusal);
    }
    for (String document :
        List.of(
            "",
            "{}",
            "not found",
            "{\"status\":429}",
            "{\"challenge\":{\"token\":\"" + token + "\"}",
            "x".repeat(ProblemHandler.MOST_BYTES))) {
      refusal = document;
      assertHandedOn(429, document);
    }
  }

  /** The price is the token's; what the document says of it is nobody's word. */
  @Test
  void moreWorkThanAllowed_isHandedOn() throws Exception {
    refuseWith(work.issue(Terms.of(1_000_001)).token());
    assertHandedOn(429, refusal);
    refuseWith(tokenOf(Long.MAX_VALUE));
    assertHandedOn(429, refusal);
    refuseWith(tokenOf(-1));
    assertHandedOn(429, refusal);
    refuseWith(tokenOf(0));
    assertHandedOn(429, refusal);
    PayingHttpClient frugal = PayingHttpClient.of(http, 2_000);
    refuseWith(work.issue(TERMS).token());
    assertThat(frugal.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    seen.clear();
    PayingHttpClient tooFrugal = PayingHttpClient.of(http, 1_999);
    assertThat(tooFrugal.send(request, BodyHandlers.ofString()).body()).isEqualTo(refusal);
    assertThat(seen).hasSize(1);
  }

  private static String tokenOf(long digests) {
    return Token.blank(16, digests, 0, 0, 0, 0).toString();
  }

  @Test
  void proofThatIsRefused_isNotTriedAgain() throws Exception {
    refuseWith(work.issue(Terms.of(10).action("another")).token());
    HttpResponse<String> response = send();
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.body()).isEqualTo(refusal);
    assertThat(outcomes).containsExactly(Outcome.FOR_ANOTHER);
    assertThat(seen).hasSize(2);
  }

  @Test
  void endlessDocument_endsTheRequest() {
    refusal = "x".repeat(ProblemHandler.MOST_BYTES + 1);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(this::send)
        .withStackTraceContaining("problem document: too long (expected: at most 65536)");
    refusal = " ".repeat(10_000_000) + refusal;
    assertThatExceptionOfType(IOException.class).isThrownBy(this::send);
    assertThat(seen).hasSize(2);
  }

  @Test
  void solving_canBeCancelled() {
    PayingHttpClient patient = PayingHttpClient.of(http, Terms.MOST_WORK);
    refuseWith(work.issue(Terms.of(Terms.MOST_WORK)).token());
    AtomicInteger asked = new AtomicInteger();
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(
            () ->
                patient.send(request, BodyHandlers.ofString(), () -> asked.incrementAndGet() > 3));
    assertThat(asked).hasValue(4);
    assertThat(seen).hasSize(1);
  }

  @Test
  void solving_canBeInterrupted() {
    PayingHttpClient patient = PayingHttpClient.of(http, Terms.MOST_WORK);
    refuseWith(work.issue(Terms.of(Terms.MOST_WORK)).token());
    Thread self = Thread.currentThread();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(
            () ->
                patient.send(
                    request,
                    BodyHandlers.ofString(),
                    () -> {
                      self.interrupt();
                      return false;
                    }));
    assertThat(Thread.interrupted()).as("told once, by the exception").isFalse();
    assertThat(seen).hasSize(1);
  }

  /** A handler may write a file: what is not the answer must not get there. */
  @Test
  void handler_ofAPaidRequest_seesTheAnswerAlone(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("answer");
    HttpResponse<Path> response = paying.send(request, BodyHandlers.ofFile(file));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Files.readString(file)).isEqualTo("welcome");
    AtomicInteger applied = new AtomicInteger();
    refuseWith(work.issue(TERMS).token());
    paying.send(
        request,
        info -> {
          applied.incrementAndGet();
          return BodyHandlers.ofString().apply(info);
        });
    assertThat(applied).hasValue(1);
  }

  /** Handlers ask for what they get in their own ways. */
  @Test
  void document_handedOn_reachesEveryKindOfHandler(@TempDir Path folder) throws Exception {
    refusal = "{\"title\":\"" + "x".repeat(50_000) + "\"}";
    assertThat(paying.send(request, BodyHandlers.ofByteArray()).body())
        .isEqualTo(refusal.getBytes(StandardCharsets.UTF_8));
    try (InputStream in = paying.send(request, BodyHandlers.ofInputStream()).body()) {
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo(refusal);
    }
    try (Stream<String> lines = paying.send(request, BodyHandlers.ofLines()).body()) {
      assertThat(lines).containsExactly(refusal);
    }
    Path file = paying.send(request, BodyHandlers.ofFile(folder.resolve("problem"))).body();
    assertThat(Files.readString(file)).isEqualTo(refusal);
    assertThat(paying.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(429);
    assertThat(paying.send(request, BodyHandlers.replacing("other")).body()).isEqualTo("other");
    assertThat(paying.send(request, BodyHandlers.buffering(BodyHandlers.ofString(), 7)).body())
        .isEqualTo(refusal);
    assertThat(outcomes).isEmpty();
  }

  @Test
  void handlerThatThrows_isHeardOf() {
    refusal = "{}";
    BodyHandler<String> broken =
        info -> {
          throw new IllegalStateException("no room");
        };
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> paying.send(request, broken))
        .withStackTraceContaining("no room");
  }

  @Test
  void of_refusesNonsenseByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PayingHttpClient.of(http, 0))
        .withMessage("mostWork: 0 (expected: 1 to 1099511627776)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PayingHttpClient.of(http, Terms.MOST_WORK + 1))
        .withMessage("mostWork: 1099511627777 (expected: 1 to 1099511627776)");
  }
}
