package io.tidegate;

import io.tidegate.challenge.RemoteReplayGuard;
import io.tidegate.client.ClientKey;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.Network;
import io.tidegate.client.NetworkSet;
import io.tidegate.http.RateLimitFields;
import io.tidegate.limit.KeyFunnel;
import io.tidegate.limit.KeyedHash;
import io.tidegate.limit.KeyedRateLimiter;
import io.tidegate.limit.Quota;
import io.tidegate.limit.Ticker;
import io.tidegate.limit.TokenBucket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides each request before the endpoint sees it: lists, penalty box, limits, cheapest first.
 *
 * <pre>{@code
 * Gate gate =
 *     Gate.builder()
 *         .rule(Rule.named("register").match(Match.post("/register")).quota(Quota.perMinute(5)).build())
 *         .build();
 * }</pre>
 *
 * <p>Usually an adapter asks it. By hand: {@link #enter}, then either answer with the verdict or
 * serve the request and close its permit.
 *
 * <p>Safe for use by many threads. A verdict never blocks and never throws; it takes under a
 * microsecond for a handful of rules. State is in memory and bounded by each rule's {@code
 * maxKeys}. One daemon thread, {@code tidegate-keeper}, drops what has expired; {@link #close} ends
 * it.
 */
public final class Gate implements AutoCloseable {

  /** How many preflights an address has for free; more than any browser asks. */
  private static final Quota PREFLIGHTS = Quota.perMinute(600);

  private final RateLimitFields fields;
  private final Ticker ticker;
  private final Parts parts;
  private final Reports reports;
  private final PenaltyBox box;
  private final Keeper keeper;
  private final @Nullable Bulkhead bulkhead;
  private final boolean claimsRemotely;
  private final boolean hasKeySecret;
  private final Object changing = new Object();

  private volatile Pipeline pipeline;
  private volatile Pipeline.Lists lists;

  private Gate(Builder builder) {
    this.fields = builder.fields;
    this.ticker = builder.ticker;
    KeyedHash hash =
        builder.keySecret == null ? KeyedHash.random() : KeyedHash.under(builder.keySecret);
    this.hasKeySecret = builder.keySecret != null;
    this.box = new PenaltyBox(builder.maxBans, hash, ticker);
    this.reports = new Reports(builder.listener, ticker);
    Challenges challenges = builder.challenges;
    if (challenges != null && challenges.shared != null && !hasKeySecret) {
      throw new IllegalArgumentException(
          "keySecret: none (expected: one, since what passes are good for is shared by nodes)");
    }
    Bulkhead bulkhead = builder.bulkhead;
    Pressure pressure =
        new Pressure(
            challenges == null ? null : challenges.pressure,
            bulkhead == null ? null : bulkhead.slots,
            reports,
            ticker);
    this.bulkhead = bulkhead;
    this.claimsRemotely = challenges != null && challenges.guard instanceof RemoteReplayGuard;
    this.parts =
        new Parts(
            builder.clients,
            hash,
            box,
            TokenBucket.keyed(PREFLIGHTS, KeyFunnel.hashed()).ticker(ticker).build(),
            builder.exempt,
            builder.onFailure,
            reports,
            OwnPaths.of(challenges, pressure, reports, ticker),
            pressure,
            bulkhead == null ? null : new Guard(bulkhead, pressure, reports));
    this.lists = new Pipeline.Lists(NetworkSet.of(builder.allow), NetworkSet.of(builder.deny));
    this.pipeline = pipeline(builder.rules, List.of());
    this.keeper = Keeper.start(this::keep, ticker);
  }

  /**
   * Starts a gate.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Decides a request, and charges it to the limits that it falls under.
   *
   * @param request the request
   * @return the verdict; if admitted, its permit must be closed
   */
  public Verdict enter(GateRequest request) {
    return pipeline.enter(request);
  }

  /**
   * Decides a request that can wait: for a slot, see {@link Bulkhead}, or for an answer from
   * elsewhere, see {@link #claimsRemotely}.
   *
   * @param request the request, which must stay readable until it is decided
   * @param waiting who is told later; used for no other request
   * @return the verdict; null if the request waits, and {@link Waiting#decided} gets it
   */
  public @Nullable Verdict enter(GateRequest request, Waiting waiting) {
    return pipeline.enter(request, Objects.requireNonNull(waiting, "waiting"));
  }

  /**
   * Whether requests may wait, so that {@link #enter(GateRequest, Waiting)} makes a difference.
   *
   * @return true if the gate has a {@link Bulkhead}
   */
  public boolean mayWait() {
    return bulkhead != null;
  }

  /**
   * Whether proofs are claimed on a server, see {@link io.tidegate.challenge.RemoteReplayGuard}, so
   * that a caller who must not wait, such as an event loop, enters with a {@link Waiting} that has
   * an {@link Waiting#executor}.
   *
   * @return true if the gate has {@link Challenges} with such a guard
   */
  public boolean claimsRemotely() {
    return claimsRemotely;
  }

  /**
   * The rules in force.
   *
   * @return the rules, in order; cannot be changed
   */
  public List<Rule> rules() {
    return pipeline.rules.stream().map(state -> state.rule).toList();
  }

  /**
   * Replaces all rules. A rule with the name of one before goes on with its counts and with what
   * everybody owes, also under changed quotas and {@code maxKeys}. A sliding window with another
   * window starts anew, and so does a rule with another {@code whenFull} or way to count. Requests
   * under way end under the old rules. What is not in the new list is gone, with its state.
   *
   * @param rules the new rules
   * @throws IllegalArgumentException if two rules, or two of their quotas, have one name; the old
   *     rules stay then
   */
  public void replaceRules(Collection<Rule> rules) {
    Objects.requireNonNull(rules, "rules");
    synchronized (changing) {
      pipeline = pipeline(rules, pipeline.rules);
    }
  }

  /**
   * Replaces the rule of this name, as {@link #replaceRules} does, or adds it; all others stay.
   *
   * @param rule the new rule
   * @throws IllegalArgumentException if two quotas have one name
   */
  public void replaceRule(Rule rule) {
    Objects.requireNonNull(rule, "rule");
    synchronized (changing) {
      List<Rule> rules = new ArrayList<>(rules());
      boolean known = false;
      for (int i = 0; i < rules.size(); i++) {
        if (rules.get(i).name.equals(rule.name)) {
          rules.set(i, rule);
          known = true;
        }
      }
      if (!known) {
        rules.add(rule);
      }
      pipeline = pipeline(rules, pipeline.rules);
    }
  }

  /**
   * Replaces the list of networks that pass unlimited.
   *
   * @param allow who passes; wins over the deny list
   */
  public void replaceAllowed(NetworkSet allow) {
    Objects.requireNonNull(allow, "allow");
    synchronized (changing) {
      lists = new Pipeline.Lists(allow, lists.deny());
      pipeline = pipeline(pipeline.rules);
    }
  }

  /**
   * Replaces the list of networks that are refused with 403.
   *
   * @param deny who is refused
   */
  public void replaceDenied(NetworkSet deny) {
    Objects.requireNonNull(deny, "deny");
    synchronized (changing) {
      lists = new Pipeline.Lists(lists.allow(), deny);
      pipeline = pipeline(pipeline.rules);
    }
  }

  private Pipeline pipeline(Collection<Rule> rules, List<RuleState> earlier) {
    for (Rule rule : rules) {
      if (rule != null && rule.shared != null && !hasKeySecret) {
        throw new IllegalArgumentException(
            "keySecret: none (expected: one, since rule " + rule.name + " is shared by nodes)");
      }
    }
    return pipeline(RuleStates.of(rules, earlier, ticker, parts.own() != null));
  }

  private Pipeline pipeline(List<RuleState> states) {
    return new Pipeline(parts, states, lists, new Answers(fields, reports));
  }

  /**
   * Who is banned.
   *
   * @return the penalty box, always the same one
   */
  public PenaltyBox penaltyBox() {
    return box;
  }

  /**
   * Forgets what somebody owes to rules that are {@link Rule.Builder#exact}, and their ban. What a
   * stranger owes to a table stays, until one longest debt has passed.
   *
   * @param key whom
   */
  public void reset(ClientKey key) {
    Long keyHash = KeyHashes.of(Objects.requireNonNull(key, "key"), parts.hash());
    pipeline.rules.forEach(rule -> rule.forEachLimiter(limiter -> limiter.reset(keyHash)));
    box.unban(key);
  }

  /**
   * What the gate has done so far.
   *
   * @return a snapshot; takes time for each ban
   */
  public GateStatus status() {
    return new GateStatus(
        reports.verdicts(),
        reports.failures(),
        box.list().size(),
        pipeline.rules.stream().map(RuleState::counts).toList(),
        reports.offenders.heaviest(),
        Set.copyOf(reports.notices),
        parts.own() == null ? null : parts.own().toll().counts(),
        parts.pressure().sea(),
        parts.pressure().since(),
        bulkhead == null ? null : bulkhead.slots.report());
  }

  /**
   * Says something of the set-up, once. For adapters, which see more of a server than a gate does.
   *
   * @param notice what
   */
  public void notice(SetupNotice notice) {
    reports.notice(Objects.requireNonNull(notice, "notice"));
  }

  /** One round of housekeeping. */
  void keep() {
    Pipeline current = pipeline;
    current.rules.forEach(rule -> rule.forEachLimiter(KeyedRateLimiter::cleanUp));
    parts.preflights().cleanUp();
    box.cleanUp();
    parts.pressure().keep(reports.verdicts());
    if (parts.own() != null) {
      parts.own().keep();
    }
    current.noticeFromCounts();
  }

  /**
   * Ends the housekeeping thread. The gate goes on deciding, for requests that are still under way.
   */
  @Override
  public void close() {
    keeper.close();
  }

  /** Builds a gate; what is not said has the default that its method names. Not thread-safe. */
  public static final class Builder {
    private static final int MOST_BANS = 1 << 24;

    private final List<Rule> rules = new ArrayList<>();
    private ClientResolver clients = ClientResolver.socketOnly();
    private final List<Network> allow = new ArrayList<>();
    private final List<Network> deny = new ArrayList<>();
    private @Nullable Match exempt;
    private RateLimitFields fields = RateLimitFields.draft11();
    private FailurePolicy onFailure = FailurePolicy.OPEN;
    private @Nullable GateListener listener;
    private @Nullable Challenges challenges;
    private @Nullable Bulkhead bulkhead;
    private byte @Nullable [] keySecret;
    private int maxBans = 100_000;
    private Ticker ticker = Ticker.system();

    private Builder() {}

    /**
     * Adds a rule. All rules that match a request count, whatever their order.
     *
     * @param rule the rule
     * @return this builder
     */
    public Builder rule(Rule rule) {
      rules.add(Objects.requireNonNull(rule, "rule"));
      return this;
    }

    /**
     * How to tell who asks, behind proxies; the socket's address if not said.
     *
     * @param clients the resolver
     * @return this builder
     */
    public Builder clients(ClientResolver clients) {
      this.clients = Objects.requireNonNull(clients, "clients");
      return this;
    }

    /**
     * Requests that pass without a look, whoever sends them, the banned included: health checks.
     * What they do must cost next to nothing. A path that can be read in two ways is not exempt.
     *
     * @param match which requests; a second call adds to the first
     * @return this builder
     */
    public Builder exempt(Match match) {
      Objects.requireNonNull(match, "match");
      this.exempt = exempt == null ? match : exempt.or(match);
      return this;
    }

    /**
     * Networks that pass unlimited, whatever else is said: one's own offices and jobs. They must
     * not be a part of what {@link #clients} trusts as proxies: whoever gets in there could claim
     * an address of the list.
     *
     * @param networks in CIDR form, or single addresses; a second call adds to the first
     * @return this builder
     * @throws IllegalArgumentException if one is none
     */
    public Builder allow(String... networks) {
      for (String network : networks) {
        allow.add(Network.parse(network));
      }
      return this;
    }

    /**
     * Networks that are refused with 403, unless allowed.
     *
     * @param networks in CIDR form, or single addresses; a second call adds to the first
     * @return this builder
     * @throws IllegalArgumentException if one is none
     */
    public Builder deny(String... networks) {
      for (String network : networks) {
        deny.add(Network.parse(network));
      }
      return this;
    }

    /**
     * In which dialect clients are told of limits; {@link RateLimitFields#draft11()} if not said.
     *
     * @param fields the writer
     * @return this builder
     */
    public Builder fields(RateLimitFields fields) {
      this.fields = Objects.requireNonNull(fields, "fields");
      return this;
    }

    /**
     * What to do if the gate itself fails, outside any rule; {@link FailurePolicy#OPEN} if not
     * said.
     *
     * @param onFailure the policy
     * @return this builder
     */
    public Builder onFailure(FailurePolicy onFailure) {
      this.onFailure = Objects.requireNonNull(onFailure, "onFailure");
      return this;
    }

    /**
     * Who hears of refusals; nobody if not said.
     *
     * @param listener the listener
     * @return this builder
     */
    public Builder listener(GateListener listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * How those go on whom a rule with {@link Rule.Builder#challenge} refuses; not at all if not
     * said.
     *
     * @param challenges the configuration
     * @return this builder
     */
    public Builder challenges(Challenges challenges) {
      this.challenges = Objects.requireNonNull(challenges, "challenges");
      return this;
    }

    /**
     * Which requests take a slot while they run; none if not said.
     *
     * @param bulkhead the configuration
     * @return this builder
     */
    public Builder bulkhead(Bulkhead bulkhead) {
      this.bulkhead = Objects.requireNonNull(bulkhead, "bulkhead");
      return this;
    }

    /**
     * Under which secret subjects are known in here; one drawn at random if not said. For rules
     * that are {@link Rule.Builder#sharedBy}, whose nodes must know a subject by the same hash.
     *
     * @param secret at least 16 random bytes, the same on all nodes, and none that is used
     *     elsewhere
     * @return this builder
     * @throws IllegalArgumentException if the secret is shorter
     */
    public Builder keySecret(byte[] secret) {
      KeyedHash.under(secret); // refuses here, not when the gate is built
      this.keySecret = secret.clone();
      return this;
    }

    /**
     * How many can be in the penalty box; 100,000 if not said.
     *
     * @param maxBans how many, from 1 to 16,777,216
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder maxBans(int maxBans) {
      if (maxBans < 1 || maxBans > MOST_BANS) {
        throw new IllegalArgumentException(
            "maxBans: " + maxBans + " (expected: 1 to " + MOST_BANS + ")");
      }
      this.maxBans = maxBans;
      return this;
    }

    /**
     * The clock; the system's if not said. Tests give a {@link io.tidegate.limit.ManualTicker}, and
     * housekeeping is then done as it is moved, once for each move of a second or more.
     *
     * @param ticker the clock
     * @return this builder
     */
    public Builder ticker(Ticker ticker) {
      this.ticker = Objects.requireNonNull(ticker, "ticker");
      return this;
    }

    /**
     * Builds the gate and starts its housekeeping.
     *
     * @return a new gate, to be closed at the end
     * @throws IllegalArgumentException if two rules, or two of their quotas, have one name, or a
     *     rule or what passes are good for is shared and there is no {@link #keySecret}
     */
    public Gate build() {
      return new Gate(this);
    }
  }
}
