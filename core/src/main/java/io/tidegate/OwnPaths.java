package io.tidegate;

import io.tidegate.challenge.Challenge;
import io.tidegate.challenge.Pass;
import io.tidegate.challenge.ProofOfWork;
import io.tidegate.challenge.RemoteReplayGuard;
import io.tidegate.challenge.ReplayGuard;
import io.tidegate.challenge.Verification;
import io.tidegate.challenge.WaitingTickets;
import io.tidegate.http.Asset;
import io.tidegate.http.ChallengeJson;
import io.tidegate.http.ChallengePage;
import io.tidegate.http.Problem;
import io.tidegate.limit.Decision;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import io.tidegate.limit.Ticker;
import io.tidegate.limit.TokenBucket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a gate answers itself, below its own path: the page's files, fresh challenges, passes for
 * proofs, and the way without scripts. Nothing that a client sent is repeated, and nobody is sent
 * anywhere by a redirect.
 */
final class OwnPaths {

  static final String PASS = "/pass";
  static final String CHALLENGE = "/challenge";

  /** As {@link #PASS}, for programs that keep no cookies. */
  private static final String PASS_TOKEN = "/pass-token";

  private static final String WAIT = "/wait";
  private static final String CONTENT_TYPE = "Content-Type";

  /** How long after its time a waiting ticket is good, for those who look away. */
  private static final Duration GOOD_FOR = Duration.ofMinutes(5);

  private static final byte[] EMPTY = {'{', '}'};

  private static final Problem NO_SUCH_PATH = Problem.notFound("The gate has nothing here.");
  private static final Problem NOT_COUNTED =
      Problem.forbidden("The proof does not count. Here is another challenge.");
  private static final Problem FULL =
      Problem.reducedCapacity("No more proofs can be taken now. Send this one again shortly.");
  private static final Problem TOO_MANY =
      Problem.quotaExceeded(
          List.of(), "Too many requests. Try again after the time in Retry-After.");

  /** More than browsers ask for, behind a shared address too. */
  private static final Quota REQUESTS = Quota.perMinute(600);

  private static final Duration FULL_FOR = Duration.ofSeconds(5);

  private final Toll toll;
  private final WaitingTickets tickets;
  private final WaitLimits waiting;
  private final KeyedRateLimiter<Long> requests;
  private final ReplayGuard guard;

  OwnPaths(Toll toll, Ticker ticker) {
    Challenges config = toll.config;
    this.toll = toll;
    this.guard = config.guard;
    this.tickets = WaitingTickets.of(config.keys, config.clock, config.waiting, GOOD_FOR);
    this.waiting = new WaitLimits(config.waiting, config.waiters, ticker);
    this.requests = TokenBucket.table(REQUESTS, KeyFunnel.hashed()).ticker(ticker).build();
  }

  /** Whether a request is for the gate itself. */
  boolean owns(Call call) {
    String path = call.path();
    String own = toll.config.path;
    return path.startsWith(own)
        && (path.length() == own.length() || path.charAt(own.length()) == '/')
        && call.hasOnePath();
  }

  /** Whether something may have come with a request that must be claimed elsewhere. Quick. */
  boolean mayClaim(Call call) {
    return guard instanceof RemoteReplayGuard
        && (call.request().header(ProofOfWork.FIELD) != null || owns(call));
  }

  /**
   * Redeems what came with a request and must be claimed elsewhere, before anything is decided.
   *
   * @return what becomes of it; null if nothing came that counts here
   */
  @Nullable CompletionStage<Verification> redeemAhead(Call call) {
    String proof = call.request().header(ProofOfWork.FIELD);
    return owns(call)
        ? redeemAhead(call, call.path().substring(toll.config.path.length()), proof)
        : proof == null ? null : toll.redeemAhead(proof, call);
  }

  /** Only where {@link #answer} will look at it, or a proof or ticket would be lost. */
  private @Nullable CompletionStage<Verification> redeemAhead(
      Call call, String path, @Nullable String proof) {
    String method = call.request().method();
    if (path.equals(PASS) || path.equals(PASS_TOKEN)) {
      return proof != null && method.equals("POST") ? toll.redeemAheadForPass(proof, call) : null;
    }
    boolean waited =
        path.startsWith(WAIT + "/")
            && method.equals("GET")
            && !isMember(call)
            && requests.admits(call.addressHash(), 1);
    return waited
        ? tickets.redeemAsync(path.substring(WAIT.length() + 1), call.network(), guard)
        : null;
  }

  Verdict answer(Call call) {
    String path = call.path().substring(toll.config.path.length());
    if (path.equals(PASS) || path.equals(PASS_TOKEN)) {
      // Not limited: that would let a neighbour's junk keep others from paying.
      return call.request().method().equals("POST")
          ? pass(call, path.equals(PASS))
          : wrongMethod("POST");
    }
    Decision asked = requests.decide(call.addressHash(), 1);
    return asked.admitted() ? answer(call, path) : tooMany(asked.retryAfter());
  }

  private Verdict answer(Call call, String path) {
    Asset asset = Asset.named(path.isEmpty() ? "" : path.substring(1));
    if (asset != null) {
      return isRead(call) ? asset(asset, call) : wrongMethod("GET, HEAD");
    }
    if (path.equals(CHALLENGE)) {
      return isRead(call) ? challenge(call) : wrongMethod("GET, HEAD");
    }
    if (path.equals(WAIT)) {
      return call.request().method().equals("GET") ? beginToWait(call) : wrongMethod("GET");
    }
    if (path.startsWith(WAIT + "/")) {
      String ticket = path.substring(WAIT.length() + 1);
      return call.request().method().equals("GET") ? endWaiting(ticket, call) : wrongMethod("GET");
    }
    return served(404, Problem.CONTENT_TYPE, NO_SUCH_PATH.bytes(), List.of());
  }

  private static boolean isRead(Call call) {
    String method = call.request().method();
    return method.equals("GET") || method.equals("HEAD");
  }

  private static Verdict wrongMethod(String allowed) {
    return served(405, "text/plain", new byte[0], List.of(new Served.Field("Allow", allowed)));
  }

  private static Verdict asset(Asset asset, Call call) {
    List<Served.Field> fields = new ArrayList<>();
    asset.setFields(
        (name, value) -> {
          if (!name.equals(CONTENT_TYPE)) { // which every verdict has in a place of its own
            fields.add(new Served.Field(name, value));
          }
        });
    boolean known = asset.isHeldBy(call.request().header("If-None-Match"));
    return new Served(
        known ? 304 : 200, asset.contentType(), known ? new byte[0] : asset.bytes(), fields);
  }

  private Verdict challenge(Call call) {
    Challenge challenge = toll.challengeForPass(call);
    String json = ChallengeJson.of(challenge, toll.path(call.request()) + PASS);
    return served(
        200, ChallengeJson.CONTENT_TYPE, json.getBytes(StandardCharsets.UTF_8), List.of());
  }

  private Verdict pass(Call call, boolean asCookie) {
    String proof = call.request().header(ProofOfWork.FIELD);
    if (proof == null) {
      return notCounted(call, Verification.Outcome.MALFORMED);
    }
    Verification verified = toll.redeemForPass(proof, call);
    if (!verified.accepted()) {
      return notCounted(call, verified.outcome());
    }
    if (asCookie && isMember(call)) {
      return served(200, ChallengeJson.CONTENT_TYPE, EMPTY, List.of()); // his is worth more
    }
    String token = toll.passes.visitor(call.network(), verified.work());
    return asCookie
        ? served(200, ChallengeJson.CONTENT_TYPE, EMPTY, cookie(token, call))
        : served(
            200,
            ChallengeJson.CONTENT_TYPE,
            ("{\"pass\":\"" + token + "\"}").getBytes(StandardCharsets.US_ASCII),
            List.of());
  }

  private List<Served.Field> cookie(String token, Call call) {
    return List.of(
        new Served.Field(Toll.SET_COOKIE, toll.passes.setCookie(token, call.isSecure())));
  }

  private Verdict notCounted(Call call, Verification.Outcome outcome) {
    if (outcome == Verification.Outcome.OVERLOADED) {
      return served(503, Problem.CONTENT_TYPE, FULL.bytes(), retryAfter(FULL_FOR));
    }
    Challenge challenge = toll.challengeForPass(call);
    byte[] body =
        ChallengeJson.problem(
            NOT_COUNTED, challenge, toll.path(call.request()) + PASS, reason(outcome));
    return served(NOT_COUNTED.status(), Problem.CONTENT_TYPE, body, List.of());
  }

  /** A verification's outcome as clients read it. */
  static String reason(Verification.Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Verdict tooMany(Duration wait) {
    return served(TOO_MANY.status(), Problem.CONTENT_TYPE, TOO_MANY.bytes(), retryAfter(wait));
  }

  private static List<Served.Field> retryAfter(Duration wait) {
    return List.of(new Served.Field("Retry-After", Long.toString(roundedUp(wait))));
  }

  private static long roundedUp(Duration wait) {
    return Math.max(1, wait.plusNanos(999_999_999).toSeconds());
  }

  /** A ticket for a person who may begin to wait, and has nothing better. */
  private Verdict beginToWait(Call call) {
    String languages = call.request().header("Accept-Language");
    if (isMember(call)) {
      return page(200, pages(call).waited(languages), List.of());
    }
    if (Reader.of(call.request()) == Reader.PART || call.request().header("Sec-Purpose") != null) {
      return served(403, "text/plain", new byte[0], List.of()); // nobody would see it
    }
    Duration wait = waiting.refusal(call);
    if (wait == null) {
      byte[] page =
          pages(call)
              .waiting(languages, roundedUp(tickets.waitingTime()), tickets.issue(call.network()));
      return page(200, page, List.of());
    }
    byte[] page = pages(call).waiting(languages, roundedUp(wait), null);
    return page(429, page, retryAfter(wait));
  }

  private ChallengePage pages(Call call) {
    return toll.page(toll.path(call.request()));
  }

  private boolean isMember(Call call) {
    Pass shown = toll.passOf(call);
    return shown != null && shown.level() == Pass.Level.MEMBER;
  }

  private Verdict endWaiting(String ticket, Call call) {
    String languages = call.request().header("Accept-Language");
    if (isMember(call)) {
      return page(200, pages(call).waited(languages), List.of()); // his pass is worth more
    }
    Verification ahead = call.redeemedAhead();
    Verification.Outcome outcome =
        (ahead != null ? ahead : tickets.redeem(ticket, call.network(), guard)).outcome();
    toll.count(outcome);
    if (outcome == Verification.Outcome.ACCEPTED) {
      byte[] page = pages(call).waited(languages);
      return page(200, page, cookie(toll.passForWaiting(call), call));
    }
    // Too early, or nobody can be let in now: the ticket is ours, and stays good.
    boolean stays =
        outcome == Verification.Outcome.TOO_EARLY || outcome == Verification.Outcome.OVERLOADED;
    byte[] page =
        pages(call).waiting(languages, roundedUp(tickets.waitingTime()), stays ? ticket : null);
    return page(403, page, List.of());
  }

  private static Verdict page(int status, byte[] page, List<Served.Field> more) {
    List<Served.Field> fields = new ArrayList<>(more);
    fields.add(new Served.Field("Content-Security-Policy", ChallengePage.POLICY));
    fields.add(new Served.Field("Referrer-Policy", "same-origin"));
    return served(status, ChallengePage.CONTENT_TYPE, page, fields);
  }

  private static Verdict served(
      int status, String contentType, byte[] body, List<Served.Field> more) {
    List<Served.Field> fields = new ArrayList<>();
    fields.add(new Served.Field("Cache-Control", "no-store"));
    fields.add(new Served.Field("X-Content-Type-Options", "nosniff"));
    fields.addAll(more);
    return new Served(status, contentType, body, fields);
  }

  void keep() {
    waiting.keep();
    requests.cleanUp();
    toll.keep();
  }

  /** The toll that is taken here. */
  Toll toll() {
    return toll;
  }

  /** Those of a gate; null if it challenges nobody. */
  static @Nullable OwnPaths of(
      @Nullable Challenges config, Pressure pressure, Reports reports, Ticker ticker) {
    if (config == null) {
      return null;
    }
    return new OwnPaths(new Toll(config, pressure, reports, ticker), ticker);
  }
}
