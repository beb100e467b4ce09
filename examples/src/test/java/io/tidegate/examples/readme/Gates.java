package io.tidegate.examples.readme;

import io.tidegate.Bulkhead;
import io.tidegate.Challenges;
import io.tidegate.FailurePolicy;
import io.tidegate.Gate;
import io.tidegate.GateRequest;
import io.tidegate.GateStatus;
import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.Verdict;
import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.PayingHttpClient;
import io.tidegate.challenge.Price;
import io.tidegate.client.ClientKey;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.IpAddress;
import io.tidegate.client.KeyBy;
import io.tidegate.client.NetworkSet;
import io.tidegate.http.RateLimitFields;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.ManualTicker;
import io.tidegate.limit.Quota;
import io.tidegate.limit.RateLimiter;
import io.tidegate.limit.SlidingWindow;
import io.tidegate.limit.TokenBucket;
import io.tidegate.limit.WaitingLimiter;
import io.tidegate.overload.Priority;
import io.tidegate.overload.Slots;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Snippets about rules, identity, fields, failures and limiters by hand. */
final class Gates {

  private Gates() {}

  static List<Rule> more() {
    // tag::more
    Rule chat =
        Rule.named("chat")
            .match(Match.path("/v1/**").and(Match.method("POST")))
            .per(KeyBy.apiKey()) // no key: this rule does not apply
            .quota(Quota.perMinute(60).withBurst(10))
            .plan("gold", Quota.perMinute(600).withBurst(50))
            .planBy(request -> Accounts.planOf(request.header("Authorization")))
            .build();
    Rule exports =
        Rule.named("exports")
            .match(Match.get("/users/{id}/export"))
            .per(KeyBy.pair(KeyBy.principal(), KeyBy.prefix(24, 48)))
            .quota(Quota.perDay(3))
            .slidingLog() // exact: never more than 3 in any 24 hours
            .shadow() // counts and reports, refuses nobody
            .build();
    Rule uploads =
        Rule.named("uploads")
            .match(Match.path("/files/**"))
            .quota(Quota.perHour(500_000_000)) // bytes
            .cost(request -> Accounts.lengthOf(request.header("Content-Length")))
            .onFailure(FailurePolicy.CLOSED)
            .refusalBody("text/plain;charset=utf-8", verdict -> "That is enough for an hour.")
            .build();
    // end::more
    return List.of(chat, exports, uploads);
  }

  static Gate identity() {
    // tag::identity
    Gate gate =
        Gate.builder()
            .clients(
                ClientResolver.builder()
                    .trust("10.0.7.0/28", "2001:db8:1:7::/64") // your load balancers, nobody else
                    .header("X-Forwarded-For") // or "Forwarded" (RFC 7239)
                    .build())
            .allow("192.0.2.0/28") // never limited
            .deny("203.0.113.0/24") // 403
            .rule(Rules.login())
            .build();
    // end::identity
    return gate;
  }

  static Gate fields() {
    // tag::fields
    Gate gate = Gate.builder().fields(RateLimitFields.draft11().withLlmSdk()).build();
    // end::fields
    return gate;
  }

  static void operate(Gate gate) {
    // tag::operate
    ClientKey offender = ClientKey.address(IpAddress.parse("203.0.113.7"));
    gate.penaltyBox().ban(offender, Duration.ofHours(1));
    gate.penaltyBox().list().forEach(ban -> System.out.println(ban.key() + " " + ban.left()));
    gate.reset(offender); // lets them out, and forgets what they owe

    gate.replaceRule(Rules.login()); // the one of this name: keeps its state, under new quotas
    gate.replaceDenied(NetworkSet.of("203.0.113.0/24", "198.51.100.0/24"));

    GateStatus status = gate.status(); // counts by rule, offenders, set-ups that look unsafe
    // end::operate
    System.out.println(status);
  }

  static void byHand(Gate gate, GateRequest request, Exchange exchange) {
    // tag::byhand
    Verdict verdict = gate.enter(request);
    verdict.writeFields(exchange::setHeader);
    if (verdict.admitted()) {
      try {
        exchange.serve();
      } finally {
        verdict.permit().close(exchange.status());
      }
    } else {
      exchange.answer(verdict.status(), verdict.contentType(), verdict.body());
    }
    // end::byhand
  }

  static void limiters() throws InterruptedException {
    // tag::limiters
    RateLimiter mail = TokenBucket.of(Quota.perSecond(50).withBurst(10));
    if (mail.tryAcquire()) {
      Accounts.sendMail();
    }

    KeyedRateLimiter<String> perTenant =
        SlidingWindow.keyedCounter(Quota.perMinute(1_000), KeyFunnel.ofString()).build();
    var decision = perTenant.decide("acme", 3); // admitted, remaining, retryAfter, resetAfter

    var waiting = new WaitingLimiter(mail, 100);
    boolean sent = waiting.acquire(1, Duration.ofSeconds(2)); // first come, first served
    // end::limiters
    System.out.println(decision + " " + sent);
  }

  static void testing() {
    // tag::testing
    ManualTicker time = new ManualTicker();
    RateLimiter limiter = TokenBucket.of(Quota.perMinute(1), time);
    limiter.tryAcquire(); // true
    limiter.tryAcquire(); // false
    time.advance(Duration.ofMinutes(1));
    limiter.tryAcquire(); // true, and no test slept
    // end::testing
  }

  /** A server's exchange, for the snippet that has no adapter. */
  interface Exchange {
    void setHeader(String name, String value);

    void serve();

    int status();

    void answer(int status, String contentType, byte[] body);
  }

  /** What an application has. */
  static final class Accounts {
    static boolean isCustomer(GateRequest request) {
      return request.header("Authorization") != null;
    }

    private Accounts() {}

    static String planOf(@org.jspecify.annotations.Nullable String authorization) {
      return authorization == null ? "free" : "gold";
    }

    static long lengthOf(@org.jspecify.annotations.Nullable String contentLength) {
      // Without a length, as much as such an upload may be at most.
      return contentLength == null ? 10_000_000 : 1 + Long.parseLong(contentLength);
    }

    static void sendMail() {}
  }

  static Gate challenging(byte[] secret) {
    // tag::challenging
    Gate gate =
        Gate.builder()
            .challenges(Challenges.builder(KeyRing.of("2026-11", secret)).build())
            .rule(
                Rule.named("register")
                    .match(Match.post("/register"))
                    .quota(Quota.perMinute(3))
                    .challenge() // the fourth is asked for work, or to wait
                    .build())
            .rule(
                Rule.named("newcomers")
                    .match(Match.post("/register"))
                    .together() // in calm nobody is asked; in a flood everybody new is
                    .quota(Quota.perSecond(20))
                    .challenge()
                    .build())
            .build();
    // end::challenging
    return gate;
  }

  static Challenges priced(KeyRing keys, Function<String, Long> epochs) {
    // tag::priced
    Challenges challenges =
        Challenges.builder(keys)
            .path("/gate") // /.tidegate if not said
            .price(Price.builder().floor(Duration.ofMillis(100)).cap(Duration.ofSeconds(2)).build())
            .visitorBudget(Quota.perHour(100)) // what a pass is good for
            .epochs(epochs::apply) // takes a member's passes back: from memory, not a database
            .build();
    // end::priced
    return challenges;
  }

  static void rotate(KeyRing keys, byte[] secret) {
    // tag::rotate
    keys.add("2026-12", secret); // on all nodes
    keys.sign("2026-12"); // on all nodes, when all have it
    keys.remove("2026-11"); // when the last pass that it signed has expired
    // end::rotate
  }

  static HttpResponse<String> paying(HttpRequest request) throws Exception {
    // tag::paying
    PayingHttpClient paying = PayingHttpClient.of(HttpClient.newHttpClient(), 50_000_000);
    HttpResponse<String> response = paying.send(request, BodyHandlers.ofString());
    // end::paying
    return response;
  }

  static Gate bulkhead(byte[] secret) {
    // tag::bulkhead
    Slots slots = Slots.builder(16).build(); // as many as the back end can do at once
    Gate gate =
        Gate.builder()
            .bulkhead(
                Bulkhead.builder(slots)
                    .match(Match.post("/v1/chat/completions").or(Match.post("/register")))
                    .priority(
                        Match.where(request -> Accounts.isCustomer(request)), Priority.ESTABLISHED)
                    .build())
            .challenges(Challenges.builder(KeyRing.of("2026-11", secret)).build())
            .rule(Rules.login())
            .build();
    // end::bulkhead
    return gate;
  }
}
