package io.tidegate;

import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.Passes;
import io.tidegate.challenge.Price;
import io.tidegate.challenge.ReplayGuard;
import io.tidegate.limit.Quota;
import io.tidegate.limit.SharedLimits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a gate lets those go on whom a rule with {@link Rule.Builder#challenge()} refuses: for work,
 * or for waiting.
 *
 * <pre>{@code
 * Gate gate =
 *     Gate.builder()
 *         .challenges(Challenges.builder(KeyRing.of("2026-11", secret)).build())
 *         .rule(Rule.named("register").match(Match.post("/register")).quota(Quota.perMinute(3)).challenge().build())
 *         .build();
 * }</pre>
 *
 * <p>The gate then answers what lies under {@link Builder#path} itself: the script of the page that
 * people see, and the place where a proof buys a pass.
 *
 * <p>Configuration, without state; immutable.
 */
public final class Challenges {

  /** 1,600 proofs a second, for as long as a challenge is good. */
  private static final int GUARDED = 500_000;

  final KeyRing keys;
  final String path;
  final Price price;
  final Quota visitorBudget;
  final Duration visitorLifetime;
  final Duration memberLifetime;
  final Duration waiting;
  final Quota waiters;
  final ReplayGuard guard;
  final @Nullable SharedLimits shared;
  final InstantSource clock;
  final @Nullable String cookieDomain;
  final @Nullable ToLongFunction<String> epochs;
  final @Nullable DoubleSupplier pressure;

  private Challenges(Builder builder) {
    this.keys = builder.keys;
    this.path = builder.path;
    this.price = builder.price;
    this.visitorBudget = builder.visitorBudget;
    this.visitorLifetime = builder.visitorLifetime;
    this.memberLifetime = builder.memberLifetime;
    this.waiting = builder.waiting;
    this.guard = builder.guard == null ? ReplayGuard.inMemory(GUARDED) : builder.guard;
    this.shared = builder.shared;
    this.waiters = builder.waiters;
    this.clock = builder.clock;
    this.cookieDomain = builder.cookieDomain;
    this.epochs = builder.epochs;
    this.pressure = builder.pressure;
  }

  /**
   * Starts a configuration.
   *
   * @param keys what challenges and passes are signed with; nodes that serve the same clients share
   *     them
   * @return a builder
   */
  public static Builder builder(KeyRing keys) {
    return new Builder(keys);
  }

  /** The passes of a gate that is configured so. */
  Passes passes(Reports reports) {
    Passes.Builder builder =
        Passes.builder(keys)
            .clock(clock)
            .visitorLifetime(visitorLifetime)
            .memberLifetime(memberLifetime);
    if (cookieDomain != null) {
      builder.cookieDomain(cookieDomain);
    }
    if (epochs != null) {
      builder.epochs(counted(epochs, reports));
    }
    return builder.build();
  }

  /** A function whose failures are counted, and stay failures. */
  private static ToLongFunction<String> counted(ToLongFunction<String> epochs, Reports reports) {
    return account -> {
      try {
        return epochs.applyAsLong(account);
      } catch (Throwable e) {
        Failures.throwIfFatal(e);
        reports.failed(null, e);
        throw e;
      }
    };
  }

  /** Builds it; what is not said has the default that its method names. Not thread-safe. */
  public static final class Builder {

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]{1,64}){1,4}");
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final KeyRing keys;
    private String path = "/.tidegate";
    private Price price = Price.builder().build();
    private Quota visitorBudget = Quota.of(100, Duration.ofHours(1));
    private Duration visitorLifetime = Duration.ofHours(1);
    private Duration memberLifetime = Duration.ofDays(30);
    private Duration waiting = Duration.ofSeconds(20);
    private Quota waiters = Quota.perSecond(5);
    private @Nullable ReplayGuard guard;
    private @Nullable SharedLimits shared;
    private InstantSource clock = InstantSource.system();
    private @Nullable String cookieDomain;
    private @Nullable ToLongFunction<String> epochs;
    private @Nullable DoubleSupplier pressure;

    private Builder(KeyRing keys) {
      this.keys = Objects.requireNonNull(keys, "keys");
    }

    /**
     * Under which path the gate answers itself; {@code /.tidegate} if not said. The application
     * must have nothing there.
     *
     * @param path one to four segments of letters, digits, {@code . _ ~ -}, each with a slash
     *     before
     * @return this builder
     * @throws IllegalArgumentException if it is none
     */
    public Builder path(String path) {
      boolean plain = PATH.matcher(Objects.requireNonNull(path, "path")).matches();
      if (!plain || !RoutePath.isPlain(path.replace("/.", "/"))) {
        throw new IllegalArgumentException("path (expected: such as /.tidegate or /app/gate)");
      }
      this.path = path;
      return this;
    }

    /**
     * What a proof costs; {@link Price}'s defaults if not said: 100 ms to 2 s on a slow phone.
     *
     * @param price the price
     * @return this builder
     */
    public Builder price(Price price) {
      this.price = Objects.requireNonNull(price, "price");
      return this;
    }

    /**
     * How many requests a visitor's pass is good for under rules that challenge; 100 an hour if not
     * said. All can come at once; over its life a pass gets up to as many again, as they come back.
     *
     * @param budget how many
     * @return this builder
     */
    public Builder visitorBudget(Quota budget) {
      this.visitorBudget = Objects.requireNonNull(budget, "budget");
      return this;
    }

    /**
     * How long a visitor's pass is good for; an hour if not said.
     *
     * @param lifetime how long
     * @return this builder
     */
    public Builder visitorLifetime(Duration lifetime) {
      this.visitorLifetime = Objects.requireNonNull(lifetime, "lifetime");
      return this;
    }

    /**
     * How long a member's pass is good for after it was last renewed; 30 days if not said.
     *
     * @param lifetime how long
     * @return this builder
     */
    public Builder memberLifetime(Duration lifetime) {
      this.memberLifetime = Objects.requireNonNull(lifetime, "lifetime");
      return this;
    }

    /**
     * How long somebody without scripts waits for a pass; 20 seconds if not said. One of an address
     * and ten of a network (an IPv4 /24, an IPv6 /48) can begin in that time.
     *
     * @param waiting from 1 second to 1 hour
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder waiting(Duration waiting) {
      if (waiting.compareTo(Duration.ofSeconds(1)) < 0 || waiting.compareTo(LONGEST_WAIT) > 0) {
        throw new IllegalArgumentException(
            "waiting: " + waiting + " (expected: PT1S to " + LONGEST_WAIT + ")");
      }
      this.waiting = waiting;
      return this;
    }

    /**
     * How many in all may begin to wait; 5 a second if not said. Waiting costs a client nothing, so
     * this bounds what those get who come from everywhere.
     *
     * @param waiters how many
     * @return this builder
     */
    public Builder waiters(Quota waiters) {
      this.waiters = Objects.requireNonNull(waiters, "waiters");
      return this;
    }

    /**
     * Who remembers what was redeemed; 500,000 ids in memory, 14 MB, if not said: enough for 1,600
     * proofs a second. When it is full, or fails, nobody can pay. Nodes must share one, or a proof
     * counts once on each; with a {@link io.tidegate.challenge.RemoteReplayGuard} no event loop
     * waits for it, and a proof is spent there when it arrives, needed or not.
     *
     * @param guard the guard
     * @return this builder
     */
    public Builder replayGuard(ReplayGuard guard) {
      this.guard = Objects.requireNonNull(guard, "guard");
      return this;
    }

    /**
     * Keeps {@link #visitorBudget} where several nodes keep it together; each node by itself if not
     * said. What a pass buys while the service is pressed stays each node's own. The gate must have
     * a {@link Gate.Builder#keySecret}, the same on all nodes.
     *
     * @param shared where
     * @return this builder
     */
    public Builder sharedBy(SharedLimits shared) {
      this.shared = Objects.requireNonNull(shared, "shared");
      return this;
    }

    /**
     * The wall clock that challenges and passes are dated by; the system's if not said.
     *
     * @param clock the clock
     * @return this builder
     */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * A domain whose hosts all believe a pass that one of them gave; each host by itself if not
     * said. Whoever can set cookies for a part of the domain can then plant his own pass there.
     *
     * @param domain such as {@code example.org}
     * @return this builder
     * @throws IllegalArgumentException if it is no domain, when the gate is built
     */
    public Builder cookieDomain(String domain) {
      this.cookieDomain = Objects.requireNonNull(domain, "domain");
      return this;
    }

    /**
     * How the application takes members' passes back: it counts an epoch for each account, and
     * raises it when the user logs out everywhere or changes the password. A pass of an earlier
     * epoch is worth nothing. Asked for each request with a member's pass, on the request's thread,
     * so it must answer from memory; if it throws, the pass does not count.
     *
     * @param epochs gives the current epoch of an account, as given to an adapter's {@code
     *     remember}
     * @return this builder
     */
    public Builder epochs(ToLongFunction<String> epochs) {
      this.epochs = Objects.requireNonNull(epochs, "epochs");
      return this;
    }

    /**
     * How hard pressed the service is, from 0 to 1, which the price rises with; if not said, the
     * gate's own figure: the share of the last seconds' requests that were asked for a price.
     *
     * @param pressure quick, and safe for use by many threads; if it throws, 0 is taken
     * @return this builder
     */
    public Builder pressure(DoubleSupplier pressure) {
      this.pressure = Objects.requireNonNull(pressure, "pressure");
      return this;
    }

    /**
     * Builds the configuration.
     *
     * @return the configuration, for one gate
     */
    public Challenges build() {
      return new Challenges(this);
    }
  }
}
