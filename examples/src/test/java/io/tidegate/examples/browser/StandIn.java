package io.tidegate.examples.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidegate.challenge.Challenge;
import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.ProofOfWork;
import io.tidegate.challenge.Terms;
import io.tidegate.challenge.Verification;
import io.tidegate.http.Asset;
import io.tidegate.http.ChallengePage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A server with a gate that asks every stranger for work: the protocol of the challenge page in
 * short, with switches for what goes wrong. Everything below {@code /open/} is free.
 */
final class StandIn implements AutoCloseable {

  static final String PROOF = "Tidegate-Proof";
  private static final String PATH = "/.tidegate";

  /** How much work a challenge asks for. */
  volatile long work = 300_000;

  /** What the cookie has behind its path. */
  volatile String cookieAttributes = "; HttpOnly; SameSite=Lax";

  volatile boolean setsCookie = true;
  volatile boolean believesProofs = true;

  /** Of a refusal that a program can pay for. */
  volatile int refusalStatus = 429;

  volatile boolean putsChallengeInRefusals = true;
  volatile String pagePolicy = ChallengePage.POLICY;
  volatile String workerPolicy = Asset.WORKER_POLICY;

  /** Why the next proofs are refused, whatever they are worth; {@code offline} is status 502. */
  final Queue<String> refusals = new ConcurrentLinkedQueue<>();

  /** Method and path of each request, but for those of the assets. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** What was posted to the site, refused or not, as a digest of each body. */
  final List<String> bodies = new CopyOnWriteArrayList<>();

  private final ChallengePage pages = ChallengePage.at(PATH);
  private final ProofOfWork proofOfWork = ProofOfWork.builder(KeyRing.random()).build();
  private final Set<String> passes = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  StandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** This server under the name of a host. */
  String at(String host) {
    return "http://" + host + ":" + port();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith(PATH + "/")) {
        answerItself(exchange, path.substring(PATH.length() + 1));
      } else {
        if (!path.equals("/favicon.ico")) { // browsers ask for it when they like
          requests.add(exchange.getRequestMethod() + " " + path);
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        exchange.setStreams(new ByteArrayInputStream(body), null);
        if (exchange.getRequestMethod().equals("POST")) {
          bodies.add(body.length + " " + Arrays.hashCode(body));
        }
        if (path.startsWith("/open/") || hasPass(exchange) || hasProof(exchange)) {
          Site.answer(exchange, path);
        } else {
          refuse(exchange);
        }
      }
    }
  }

  private void answerItself(HttpExchange exchange, String name) throws IOException {
    Asset asset = Asset.named(name);
    if (asset != null) {
      asset.setFields(exchange.getResponseHeaders()::set);
      if (name.equals("worker.js")) {
        exchange.getResponseHeaders().set("Content-Security-Policy", workerPolicy);
      }
      send(exchange, 200, asset.bytes());
      return;
    }
    requests.add(exchange.getRequestMethod() + " " + name);
    switch (name) {
      case "challenge" -> sendJson(exchange, 200, "application/json", json(issue()));
      case "pass" -> sellPass(exchange);
      case "wait", "wait/ticket" -> letWait(exchange, name);
      default -> send(exchange, 404, new byte[0]);
    }
  }

  private Challenge issue() {
    return proofOfWork.issue(Terms.of(work));
  }

  private boolean hasPass(HttpExchange exchange) {
    return exchange.getRequestHeaders().getOrDefault("Cookie", List.of()).stream()
        .flatMap(field -> List.of(field.split("; ")).stream())
        .anyMatch(cookie -> cookie.startsWith("tidegate=") && passes.contains(cookie.substring(9)));
  }

  private boolean hasProof(HttpExchange exchange) {
    String proof = exchange.getRequestHeaders().getFirst(PROOF);
    return proof != null && believesProofs && proofOfWork.redeem(proof, Terms.of(1)).accepted();
  }

  private void refuse(HttpExchange exchange) throws IOException {
    String mode = exchange.getRequestHeaders().getFirst("Sec-Fetch-Mode");
    String accept = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Accept"), "");
    String destination = exchange.getRequestHeaders().getFirst("Sec-Fetch-Dest");
    // Browsers send Sec-Fetch fields to trustworthy origins only.
    if ("navigate".equals(mode) || (mode == null && accept.contains("text/html"))) {
      String language = exchange.getRequestHeaders().getFirst("Accept-Language");
      sendPage(exchange, 429, pages.render(language, issue()));
    } else if (destination == null || destination.equals("empty")) {
      sendProblem(exchange, refusalStatus, "", issue());
    } else {
      send(exchange, 429, new byte[0]);
    }
  }

  private void sellPass(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String refusal = refusals.poll();
    if (refusal == null) {
      String proof =
          Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(PROOF), "none");
      Verification verification = proofOfWork.redeem(proof, Terms.of(1));
      refusal = verification.accepted() ? null : verification.outcome().name();
    }
    if (refusal == null) {
      setPass(exchange);
      send(exchange, 204, new byte[0]);
    } else if (refusal.equals("offline")) {
      send(exchange, 502, new byte[0]);
    } else if (refusal.equals("busy")) {
      exchange.getResponseHeaders().set("Retry-After", "7");
      sendProblem(exchange, 429, "", null);
    } else {
      String reason = refusal.toLowerCase(Locale.ROOT).replace('_', '-');
      sendProblem(exchange, 403, reason, putsChallengeInRefusals ? issue() : null);
    }
  }

  private void letWait(HttpExchange exchange, String name) throws IOException {
    String language = exchange.getRequestHeaders().getFirst("Accept-Language");
    if (name.equals("wait")) {
      sendPage(exchange, 200, pages.waiting(language, 1, "ticket"));
    } else {
      setPass(exchange);
      sendPage(exchange, 200, pages.waited(language));
    }
  }

  private void setPass(HttpExchange exchange) {
    if (setsCookie) {
      String pass = Long.toHexString(ThreadLocalRandom.current().nextLong());
      passes.add(pass);
      exchange
          .getResponseHeaders()
          .set("Set-Cookie", "tidegate=" + pass + "; Path=/" + cookieAttributes);
    }
  }

  private static String json(Challenge challenge) {
    return String.format(
        "{\"token\":\"%s\",\"puzzles\":%d,\"work\":%d,\"expires\":\"%s\",\"header\":\"%s\","
            + "\"pass\":\"%s/pass\"}",
        challenge.token(), challenge.puzzles(), challenge.work(), challenge.expires(), PROOF, PATH);
  }

  private void sendPage(HttpExchange exchange, int status, byte[] page) throws IOException {
    ChallengePage.setFields(exchange.getResponseHeaders()::set);
    exchange.getResponseHeaders().set("Content-Security-Policy", pagePolicy);
    send(exchange, status, page);
  }

  private static void sendProblem(
      HttpExchange exchange, int status, String reason, @Nullable Challenge challenge)
      throws IOException {
    String member = challenge == null ? "" : ",\"challenge\":" + json(challenge);
    String problem = "{\"status\":" + status + ",\"reason\":\"" + reason + "\"" + member + "}";
    sendJson(exchange, status, "application/problem+json", problem);
  }

  private static void sendJson(HttpExchange exchange, int status, String type, String json)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    send(exchange, status, json.getBytes(UTF_8));
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (InputStream rest = exchange.getRequestBody()) {
      rest.readAllBytes();
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }
}
