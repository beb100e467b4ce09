package io.tidegate;

import io.tidegate.challenge.Challenge;
import io.tidegate.challenge.Pass;
import io.tidegate.challenge.Passes;
import io.tidegate.challenge.Price;
import io.tidegate.challenge.ProofOfWork;
import io.tidegate.challenge.Terms;
import io.tidegate.challenge.Verification;
import io.tidegate.client.KeyBy;
import io.tidegate.http.ChallengePage;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import io.tidegate.limit.SharedLimits;
import io.tidegate.limit.Ticker;
import io.tidegate.limit.TokenBucket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The gate's toll: what going on past a refusal costs now, who has paid, and who holds a pass.
 *
 * <p>One challenge is good for all rules of a gate, since what a client is asked follows from what
 * it owes and not from where it wants to go. It is bound to the asker's network, an IPv4 /24 or an
 * IPv6 /48: addresses change within one while a phone solves, and a proof that is sold is worth
 * nothing elsewhere.
 *
 * <p>A pass is always looked at, whatever else came from its address: junk costs one MAC, and not
 * to look would let one bad neighbour shut out the members behind a shared address.
 */
final class Toll {

  static final String SET_COOKIE = "Set-Cookie";

  /** What clients know the limit of a visitor's pass by; no rule can have the name. */
  static final String VISITORS = "visitor-pass";

  private static final String ACTION = "gate";

  /** Of challenges that nobody was refused for, which are good for a pass alone. */
  private static final String PASS_ACTION = "pass";

  /**
   * The work of a pass, in thousandths: once at once, and once more over the hour that it lives.
   */
  private static final Quota PLACES = Quota.perHour(1_000);

  /** How many passes are used in an hour, 138 a second: 8 MB. With more, some are used up early. */
  private static final int PASSES = 500_000;

  private static final int LONGEST_BASE = 128;

  /** For how many base paths of applications pages are kept. */
  private static final int MOST_BASES = 64;

  final Challenges config;
  final Passes passes;

  /** What the passes of visitors are good for. */
  final RuleState visitors;

  /** What places in line have cost them, on this node. */
  private final KeyedRateLimiter<Long> places;

  private final ProofOfWork work;
  private final Price price;
  private final Pressure pressure;
  private final LongAdder issued = new LongAdder();
  private final ChallengePage page;
  private final Map<String, ChallengePage> pages = new ConcurrentHashMap<>();
  private final Map<Verification.Outcome, LongAdder> outcomes =
      new EnumMap<>(Verification.Outcome.class);

  Toll(Challenges config, Pressure pressure, Reports reports, Ticker ticker) {
    this.config = config;
    this.pressure = pressure;
    this.passes = config.passes(reports);
    this.price = config.price;
    this.page = ChallengePage.at(config.path);
    this.work =
        ProofOfWork.builder(config.keys).replayGuard(config.guard).clock(config.clock).build();
    Rule.Builder budget =
        Rule.named(VISITORS).per(KeyBy.pass()).quota(config.visitorBudget).exact().challenge();
    SharedLimits shared = config.shared;
    if (shared != null) {
      budget.sharedBy(shared);
    }
    this.visitors = new RuleState(budget.build(), null, ticker, false);
    this.places =
        TokenBucket.table(PLACES, KeyFunnel.hashed()).maxKeys(PASSES).ticker(ticker).build();
    for (Verification.Outcome outcome : Verification.Outcome.values()) {
      outcomes.put(outcome, new LongAdder());
    }
  }

  /** The pass that a request shows, if it is valid now; a member's only over https. */
  @Nullable Pass passOf(Call call) {
    GateRequest request = call.request();
    String field = request.header(Passes.FIELD);
    if (field != null) {
      Pass pass = passes.read(field, call.network());
      if (pass != null && (pass.level() != Pass.Level.MEMBER || call.isSecure())) {
        return pass;
      }
    }
    Iterable<String> cookies = request.headers("Cookie");
    return mayHoldPass(cookies)
        ? passes.fromCookies(cookies, call.isSecure(), call.network())
        : null;
  }

  private static boolean mayHoldPass(Iterable<String> cookies) {
    for (String line : cookies) {
      if (line.contains("tidegate=")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes note of a request that was asked for a price. What one address is refused says nothing of
   * the service; what all together are does.
   */
  void challenged(RuleState rule) {
    if (rule.rule.keyBy == Call.EVERYONE) {
      pressure.asked();
    }
  }

  /** A challenge at what is asked now of somebody who owes so much. */
  Challenge challenge(Call call, Duration deficit) {
    return challenge(call, deficit, ACTION);
  }

  /** A challenge for a pass, for somebody who was not refused anything. */
  Challenge challengeForPass(Call call) {
    return challenge(call, Duration.ZERO, PASS_ACTION);
  }

  private Challenge challenge(Call call, Duration deficit, String action) {
    long asked = price.work(deficit, pressure.value());
    issued.increment();
    return work.issue(new Terms(asked, action, call.network()));
  }

  /** The pages for a path as {@link #path} gives it: one for each base that the server knows. */
  ChallengePage page(String path) {
    ChallengePage known = pages.get(path);
    if (known != null) {
      return known;
    }
    if (pages.size() >= MOST_BASES) {
      return page; // a server that makes up base paths, from what clients send
    }
    ChallengePage made = ChallengePage.at(path);
    pages.put(path, made);
    return made;
  }

  /**
   * Redeems a proof for the request that carries it: of a challenge that came with a refusal, whose
   * price was made for what was asked.
   */
  Verification.Outcome redeem(String proof, Call call) {
    Verification verified = redeem(proof, ACTION, call);
    count(verified.outcome());
    if (verified.accepted()) {
      call.paid(verified.work());
    }
    return verified.outcome();
  }

  /** Redeems a proof for a pass: of any challenge. */
  Verification redeemForPass(String proof, Call call) {
    Verification verified = redeem(proof, ACTION, call);
    if (verified.outcome() == Verification.Outcome.FOR_ANOTHER) {
      verified = redeem(proof, PASS_ACTION, call);
    }
    count(verified.outcome());
    return verified;
  }

  private Verification redeem(String proof, String action, Call call) {
    Verification ahead = call.redeemedAhead();
    return ahead != null ? ahead : work.redeem(proof, terms(action, call));
  }

  /** As {@link #redeem(String, Call)}, to be noted in the call later. */
  CompletionStage<Verification> redeemAhead(String proof, Call call) {
    return work.redeemAsync(proof, terms(ACTION, call));
  }

  /** As {@link #redeemForPass}, to be noted in the call later. */
  CompletionStage<Verification> redeemAheadForPass(String proof, Call call) {
    return work.redeemAsync(proof, terms(ACTION, call))
        .thenCompose(
            verified ->
                verified.outcome() == Verification.Outcome.FOR_ANOTHER
                    ? work.redeemAsync(proof, terms(PASS_ACTION, call))
                    : CompletableFuture.completedStage(verified));
  }

  private Terms terms(String action, Call call) {
    return new Terms(price.leastWork(), action, call.network());
  }

  /** The pass of somebody who has waited: it counts as one that cost what is asked now. */
  String passForWaiting(Call call) {
    return passes.visitor(call.network(), price.work(Duration.ZERO, pressure.value()));
  }

  /**
   * Whether what somebody paid still makes him a newcomer who has paid: half of what is asked now
   * of those who owe nothing. The price may double while a phone solves. Who gathered challenges
   * while they were cheap has paid, but stands behind those who pay the price of the flood.
   */
  boolean isFair(long paid) {
    return paid >= price.work(Duration.ZERO, pressure.value()) / 2;
  }

  /**
   * Has a visitor's pass pay for one place in line while the service is pressed: with such a part
   * of what it has cost as is asked now, so that it buys what proofs for as much work would. That
   * is not given back where there is no slot: else one pass would pay for any number of tries.
   *
   * @return whether there was so much left
   */
  boolean takesPlace(Pass pass, Long key) {
    double asked = price.work(Duration.ZERO, pressure.value());
    double part = Math.ceil(asked / Math.max(1, pass.work()) * PLACES.burst());
    double cost = pass.isHome() ? part : 2 * part;
    return places.tryAcquire(key, Math.min(PLACES.burst(), (long) cost));
  }

  void count(Verification.Outcome outcome) {
    LongAdder adder = outcomes.get(outcome);
    if (adder != null) {
      adder.increment();
    }
  }

  /** What has become of all proofs and waiting tickets, and what is asked now. */
  GateStatus.TollCounts counts() {
    Map<Verification.Outcome, Long> counts = new EnumMap<>(Verification.Outcome.class);
    outcomes.forEach((outcome, adder) -> counts.put(outcome, adder.sum()));
    double pressed = pressure.value();
    Duration asked = price.timeFor(price.work(Duration.ZERO, pressed));
    return new GateStatus.TollCounts(issued.sum(), counts, visitors.counts(), pressed, asked);
  }

  /** What a holder's requests are charged to beside the rules; null for members. */
  @Nullable LimitState budgetOf(Pass pass) {
    List<LimitState> budget = visitors.limitsWithoutPlan();
    return pass.level() == Pass.Level.VISITOR ? budget.get(0) : null;
  }

  /** The cookie that renews a member's pass, if it is time and the request is one for cookies. */
  @Nullable String renewal(Call call) {
    Pass pass = call.shownPass();
    if (pass == null || !call.isMember() || !call.isSecure()) {
      return null;
    }
    String token = passes.renewed(pass, call.network());
    return token != null && Reader.takesCookies(call.request())
        ? passes.setCookie(token, true)
        : null;
  }

  /** The cookie of a new member's pass; none over plain http, where anybody could read it. */
  Optional<String> memberCookie(Call call, String account) {
    Passes.checkAccount(account);
    if (!call.isSecure()) {
      return Optional.empty();
    }
    try {
      return Optional.of(passes.setCookie(passes.member(account, call.network()), true));
    } catch (RuntimeException e) { // the application's epochs, which have been counted as failing
      return Optional.empty();
    }
  }

  /** What needs no escaping and names no other place; such a path is short. */
  private static boolean isPlain(String base) {
    if (base.length() > LONGEST_BASE || !base.startsWith("/") || !RoutePath.isPlain(base)) {
      return false;
    }
    for (int i = 0; i < base.length(); i++) {
      char c = base.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letter && "/._~-".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Where the gate's own paths lie for a client, whose spelling of the application's base path is
   * repeated only if it is plain.
   */
  String path(GateRequest request) {
    String base = request.basePath();
    return !base.isEmpty() && isPlain(base) ? base + config.path : config.path;
  }

  void keep() {
    visitors.forEachLimiter(KeyedRateLimiter::cleanUp);
    places.cleanUp();
  }
}
