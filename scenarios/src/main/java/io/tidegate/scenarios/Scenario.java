package io.tidegate.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Gate;
import io.tidegate.Rule;
import io.tidegate.Verdict;
import io.tidegate.limit.ManualTicker;
import io.tidegate.limit.Quota;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** A server with a gate whose clock stands still, and a client. */
public abstract class Scenario {

  /** So that what never comes fails a test, on machines under load too. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Map<HttpClient.Version, HttpClient> CLIENTS =
      new EnumMap<>(HttpClient.Version.class);

  static {
    for (HttpClient.Version version : HttpClient.Version.values()) {
      CLIENTS.put(version, HttpClient.newBuilder().version(version).build());
    }
  }

  protected final ManualTicker ticker = new ManualTicker();

  /** How many requests have reached the endpoint {@link #hello}. */
  protected final AtomicInteger served = new AtomicInteger();

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private HttpClient client = client(HttpClient.Version.HTTP_1_1);
  private int port;

  /** An endpoint that reads the request's body and says hello. */
  protected Endpoint hello() {
    return exchange -> {
      served.incrementAndGet();
      exchange.answer(200, "hello, " + exchange.body().length());
    };
  }

  /** A gate with these rules, on the clock of the scenario. */
  protected Gate gate(Rule... rules) {
    Gate.Builder gate = Gate.builder();
    for (Rule rule : rules) {
      gate.rule(rule);
    }
    return gate(gate);
  }

  protected Gate gate(Gate.Builder builder) {
    Gate gate = builder.ticker(ticker).build();
    closing(gate);
    return gate;
  }

  protected static Rule rule(String name, int perMinute) {
    return Rule.named(name).quota(Quota.perMinute(perMinute)).build();
  }

  protected static long count(Gate gate, Verdict.Kind kind) {
    return gate.status().verdicts().getOrDefault(kind, 0L);
  }

  /** Starts a server; requests go there from now on. */
  protected void start(Starter starter, Gate gate, Map<String, Endpoint> endpoints)
      throws Exception {
    client = client(starter.version());
    use(starter.start(gate, endpoints));
  }

  protected void use(TestServer server) {
    closing(server::stop);
    port = server.port();
  }

  /** Has something closed after the test, before what was opened earlier. */
  protected void closing(AutoCloseable resource) {
    open.addFirst(resource);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable resource : open) {
      resource.close();
    }
  }

  protected int port() {
    return port;
  }

  protected HttpRequest.Builder request(String path, String... fields) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(PATIENCE);
    return fields.length == 0 ? request : request.headers(fields);
  }

  protected HttpResponse<String> get(String path, String... fields) throws Exception {
    return send(request(path, fields));
  }

  protected HttpResponse<String> post(String path, String body, String... fields) throws Exception {
    return send(request(path, fields).POST(BodyPublishers.ofString(body)));
  }

  protected HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  protected HttpClient client() {
    return client;
  }

  private static HttpClient client(HttpClient.Version version) {
    return Objects.requireNonNull(CLIENTS.get(version), "version");
  }

  protected RawConnection connect() throws IOException {
    RawConnection connection = new RawConnection(port);
    closing(connection);
    return connection;
  }

  /**
   * A request is admitted, at once or soon: a rule hears of an outcome just before it gives back
   * what the outcome need not pay.
   */
  protected final void assertAdmittedSoon(String path) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    int status;
    do {
      status = get(path).statusCode();
    } while (status == 429 && System.nanoTime() - end < 0);
    assertThat(status).isEqualTo(200);
  }
}
