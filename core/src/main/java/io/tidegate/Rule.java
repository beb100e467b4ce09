package io.tidegate;

import io.tidegate.client.KeyBy;
import io.tidegate.http.FieldText;
import io.tidegate.limit.Quota;
import io.tidegate.limit.SharedLimits;
import io.tidegate.limit.WhenFull;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a gate limits: which requests, counted against whom, how much, and what a refusal leads to.
 *
 * <pre>{@code
 * Rule.named("login")
 *     .match(Match.post("/login"))
 *     .per(KeyBy.address())
 *     .quota(Quota.perMinute(10), Quota.perHour(50))
 *     .chargeWhen(Outcome::failed)
 *     .ban(BanPolicy.after(20, Duration.ofMinutes(1)).banFor(Duration.ofMinutes(10)))
 *     .build();
 * }</pre>
 *
 * <p>A rule is configuration and holds no state; one rule can serve in several gates. Immutable.
 */
public final class Rule {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,39}");
  private static final Pattern PLAN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,19}");

  final String name;
  final Match match;
  final KeyBy keyBy;
  final List<Quota> quotas;
  final Map<String, List<Quota>> plans;
  final @Nullable Function<? super GateRequest, @Nullable String> plan;
  final ToLongFunction<? super GateRequest> cost;
  final @Nullable Predicate<? super Outcome> chargeWhen;
  final @Nullable BanPolicy ban;
  final boolean shadow;
  final FailurePolicy onFailure;
  final @Nullable RefusalBody refusalBody;
  final Algorithm algorithm;
  final @Nullable Integer maxKeys;
  final WhenFull whenFull;
  final boolean exact;
  final boolean challenges;
  final @Nullable SharedLimits shared;
  final boolean blindToPasses;

  private Rule(Builder builder) {
    this.name = builder.name;
    this.match = builder.match;
    this.keyBy = builder.keyBy;
    this.quotas = builder.quotas;
    this.plans = Map.copyOf(builder.plans);
    this.plan = builder.plan;
    this.cost = builder.cost;
    this.chargeWhen = builder.chargeWhen;
    this.ban = builder.ban;
    this.shadow = builder.shadow;
    this.onFailure = builder.onFailure;
    this.refusalBody = builder.refusalBody;
    this.algorithm = builder.algorithm;
    this.maxKeys = builder.maxKeys;
    this.whenFull = builder.whenFull;
    this.exact = builder.isExact();
    this.challenges = builder.challenges;
    this.shared = builder.shared;
    this.blindToPasses = builder.blindToPasses;
  }

  /** How a rule counts. */
  enum Algorithm {
    TOKEN_BUCKET,
    SLIDING_WINDOW,
    SLIDING_LOG
  }

  /** The user's own text for a refusal. */
  record RefusalBody(String contentType, Function<? super Verdict, String> text) {
    byte[] bytes(Verdict verdict) {
      return text.apply(verdict).getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * Starts a rule. The name is told to clients and operators, and its state is kept under it when
   * the rules of a gate are replaced.
   *
   * @param name 1 to 40 letters, digits, underscores and hyphens
   * @return a builder
   * @throws IllegalArgumentException if the name is none
   */
  public static Builder named(String name) {
    if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
      throw new IllegalArgumentException(
          "name: " + printable(name) + " (expected: 1 to 40 of A-Z a-z 0-9 _ -)");
    }
    return new Builder(name);
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  /**
   * The rule's name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return "Rule[" + name + ", " + quotas + (shadow ? ", shadow" : "") + "]";
  }

  /** Builds a rule; what is not said has the default that its method names. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private Match match = Match.all();
    private KeyBy keyBy = KeyBy.address();
    private List<Quota> quotas = List.of();
    private final Map<String, List<Quota>> plans = new LinkedHashMap<>();
    private @Nullable Function<? super GateRequest, @Nullable String> plan;
    private ToLongFunction<? super GateRequest> cost = request -> 1;
    private @Nullable Predicate<? super Outcome> chargeWhen;
    private @Nullable BanPolicy ban;
    private boolean shadow;
    private FailurePolicy onFailure = FailurePolicy.OPEN;
    private @Nullable RefusalBody refusalBody;
    private Algorithm algorithm = Algorithm.TOKEN_BUCKET;
    private @Nullable Integer maxKeys;
    private WhenFull whenFull = WhenFull.SHARE;
    private boolean exact;
    private boolean challenges;
    private @Nullable SharedLimits shared;
    private boolean blindToPasses;

    private Builder(String name) {
      this.name = name;
    }

    /**
     * Which requests the rule is about; all if not said.
     *
     * @param match the match
     * @return this builder
     */
    public Builder match(Match match) {
      this.match = Objects.requireNonNull(match, "match");
      return this;
    }

    /**
     * Against whom to count; the asker's address if not said. Where there is no such key, the rule
     * does not apply.
     *
     * @param keyBy how to get the key
     * @return this builder
     */
    public Builder per(KeyBy keyBy) {
      this.keyBy = Objects.requireNonNull(keyBy, "keyBy");
      return this;
    }

    /**
     * Counts all who match together, under one limit.
     *
     * @return this builder
     */
    public Builder together() {
      return per(Call.EVERYONE);
    }

    /**
     * How much. Several quotas are charged together, all or none: ten a minute and a hundred a day.
     *
     * @param quotas one or more
     * @return this builder
     * @throws IllegalArgumentException if there are none
     */
    public Builder quota(Quota... quotas) {
      this.quotas = checked("quota", quotas);
      return this;
    }

    /**
     * How much for those on a plan, in place of {@link #quota}. See {@link #planBy}.
     *
     * @param plan its name: 1 to 20 letters, digits, underscores and hyphens
     * @param quotas one or more
     * @return this builder
     * @throws IllegalArgumentException if there are none, or the plan has quotas already
     */
    public Builder plan(String plan, Quota... quotas) {
      if (!PLAN.matcher(Objects.requireNonNull(plan, "plan")).matches()) {
        throw new IllegalArgumentException(
            "plan: " + printable(plan) + " (expected: 1 to 20 of A-Z a-z 0-9 _ -)");
      }
      if (plans.putIfAbsent(plan, checked("plan " + plan, quotas)) != null) {
        throw new IllegalArgumentException(
            "plan: " + plan + " (expected: a plan not given before)");
      }
      return this;
    }

    /**
     * Which plan a request is on. Null and unknown names mean {@link #quota}.
     *
     * @param plan quick, and safe for use by many threads
     * @return this builder
     */
    public Builder planBy(Function<? super GateRequest, @Nullable String> plan) {
      this.plan = Objects.requireNonNull(plan, "plan");
      return this;
    }

    private static List<Quota> checked(String name, Quota[] quotas) {
      if (quotas.length == 0) {
        throw new IllegalArgumentException(name + ": none (expected: at least one quota)");
      }
      return List.of(quotas);
    }

    /**
     * What every request costs, in permits; 1 if not said.
     *
     * @param permits at least 1
     * @return this builder
     * @throws IllegalArgumentException if permits is below 1
     */
    public Builder cost(long permits) {
      if (permits < 1) {
        throw new IllegalArgumentException("cost: " + permits + " (expected: at least 1)");
      }
      return cost(request -> permits);
    }

    /**
     * What a request costs, in permits. 0 is free. A negative cost counts as a failure of the rule;
     * one that fails open then charges 1.
     *
     * @param cost quick, and safe for use by many threads
     * @return this builder
     */
    public Builder cost(ToLongFunction<? super GateRequest> cost) {
      this.cost = Objects.requireNonNull(cost, "cost");
      return this;
    }

    /**
     * Charges only requests that end in a certain way; all if not said. The cost is taken on
     * arrival, so that many at once cannot slip past the limit, and given back when the request
     * ends otherwise.
     *
     * @param outcome for example {@code Outcome::failed}; quick, and safe for use by many threads
     * @return this builder
     */
    public Builder chargeWhen(Predicate<? super Outcome> outcome) {
      this.chargeWhen = Objects.requireNonNull(outcome, "outcome");
      return this;
    }

    /**
     * Turns repeated refusals into a ban from the whole gate; never if not said. Whoever can send a
     * key can have it banned: do not ban by what is public, such as the name of a tenant or a user.
     * An address that stands for many is not banned: a trusted proxy's own, or a peer that forwards
     * for others while the gate knows of no proxy.
     *
     * @param ban when, and for how long
     * @return this builder
     */
    public Builder ban(BanPolicy ban) {
      this.ban = Objects.requireNonNull(ban, "ban");
      return this;
    }

    /**
     * Counts and reports as if the rule were real, and refuses nobody. For trying a rule on live
     * traffic.
     *
     * @return this builder
     */
    public Builder shadow() {
      this.shadow = true;
      return this;
    }

    /**
     * What to do if the rule itself fails; {@link FailurePolicy#OPEN} if not said.
     *
     * @param onFailure the policy
     * @return this builder
     */
    public Builder onFailure(FailurePolicy onFailure) {
      this.onFailure = Objects.requireNonNull(onFailure, "onFailure");
      return this;
    }

    /**
     * The body of a refusal by this rule; a problem document (RFC 9457) if not said. The status and
     * the fields stay the gate's.
     *
     * @param contentType for example {@code text/plain;charset=utf-8}; the text is sent in UTF-8
     * @param text the text; quick, safe for use by many threads, and never from the client's input
     * @return this builder
     * @throws IllegalArgumentException if the content type is no field value
     */
    public Builder refusalBody(String contentType, Function<? super Verdict, String> text) {
      this.refusalBody =
          new RefusalBody(
              FieldText.requireFieldValue("contentType", contentType),
              Objects.requireNonNull(text, "text"));
      return this;
    }

    /**
     * Counts by a sliding window of two counters in place of a token bucket. See {@link
     * io.tidegate.limit.SlidingWindow#counter}.
     *
     * @return this builder
     */
    public Builder slidingWindow() {
      this.algorithm = Algorithm.SLIDING_WINDOW;
      return this;
    }

    /**
     * Counts by an exact log in place of a token bucket: never more than the quota in any window.
     * See {@link io.tidegate.limit.SlidingWindow#log}.
     *
     * @return this builder
     */
    public Builder slidingLog() {
      this.algorithm = Algorithm.SLIDING_LOG;
      return this;
    }

    /**
     * Keeps each key's count by itself, in a bounded store of about 200 bytes a key, and not in a
     * {@link io.tidegate.limit.KeyedTable}. For keys that cost something to get: accounts, API keys
     * that were looked up. The table is for strangers: whatever flood of new keys comes, its memory
     * stays as it is and nobody gets more than the quota; in return some newcomers meet debts that
     * are not theirs when it is full.
     *
     * <p>Said or not, it is so for {@link KeyBy#principal}, for rules that count all together or by
     * a sliding window, for those with {@link #chargeWhen} or {@link #whenFull}, and for quotas
     * that a table cannot hold.
     *
     * @return this builder
     */
    public Builder exact() {
      this.exact = true;
      return this;
    }

    /**
     * Keeps the rule's limits where several nodes keep them together, in place of this process. The
     * gate must have a {@link Gate.Builder#keySecret}, the same on all nodes. {@link #maxKeys} and
     * {@link #whenFull} then say nothing, and bans are each node's own.
     *
     * @param shared where; the names of the limits are those that clients are told
     * @return this builder
     */
    public Builder sharedBy(SharedLimits shared) {
      this.shared = Objects.requireNonNull(shared, "shared");
      return this;
    }

    private boolean isExact() {
      return exact
          || algorithm != Algorithm.TOKEN_BUCKET
          || chargeWhen != null
          || keyBy == Call.EVERYONE
          || keyBy == KeyBy.principal();
    }

    /**
     * Whom this rule refuses may go on for a price, see {@link Challenges}: with a proof of work
     * this one request, with a pass as many as the pass is good for. A pass is then counted in
     * place of the network, or of everyone together. Without {@link Gate.Builder#challenges} it
     * changes nothing.
     *
     * @return this builder
     */
    public Builder challenge() {
      this.challenges = true;
      return this;
    }

    /**
     * Counts what the rule counts, whatever pass is shown. If not said, a member is counted by
     * himself where strangers are counted by their network, so that no neighbour uses up what is
     * his. Where that would be too much, as for what a member should not do in numbers either, say
     * this.
     *
     * @return this builder
     */
    public Builder blindToPasses() {
      this.blindToPasses = true;
      return this;
    }

    /**
     * How many keys to count at once, for each quota: those that owe anything. If not said, 100,000
     * in a store; in a table, enough for 10,000 new keys a second, from 100,000 to 1,000,000. A
     * store takes about 200 bytes for each that it holds; a table 16 for each that it could hold,
     * from the start.
     *
     * @param maxKeys how many, from 1 to 268,435,456
     * @return this builder
     */
    public Builder maxKeys(int maxKeys) {
      this.maxKeys = maxKeys;
      return this;
    }

    /**
     * What a store does with keys beyond that; {@link WhenFull#SHARE} if not said. Makes the rule
     * {@link #exact}.
     *
     * @param whenFull the policy
     * @return this builder
     */
    public Builder whenFull(WhenFull whenFull) {
      this.whenFull = Objects.requireNonNull(whenFull, "whenFull");
      return exact();
    }

    /**
     * Builds the rule.
     *
     * @return the rule
     * @throws IllegalArgumentException if the parts do not go together, for example a quota that a
     *     sliding log cannot hold
     */
    public Rule build() {
      if (quotas.isEmpty()) {
        throw new IllegalArgumentException(
            "quota: none (expected: at least one for rule " + name + ")");
      }
      if (plans.isEmpty() != (plan == null)) {
        throw new IllegalArgumentException(
            "plan: rule " + name + " (expected: both plan and planBy, or neither)");
      }
      if (ban != null && keyBy == Call.EVERYONE) {
        throw new IllegalArgumentException(
            "ban: rule " + name + " (expected: none, since it would ban everyone)");
      }
      if (shared != null && algorithm != Algorithm.TOKEN_BUCKET) {
        throw new IllegalArgumentException(
            "sharedBy: rule " + name + " (expected: a token bucket, not a sliding window)");
      }
      if (blindToPasses && challenges) {
        throw new IllegalArgumentException(
            "blindToPasses: rule " + name + " (expected: no challenge, since passes answer it)");
      }
      Rule rule = new Rule(this);
      List<Quota> all = new ArrayList<>(quotas);
      plans.values().forEach(all::addAll);
      for (Quota quota : all) {
        LimitState.check(rule, quota); // refuses here, not when the gate is built
      }
      return rule;
    }
  }
}
