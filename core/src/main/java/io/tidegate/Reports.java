package io.tidegate;

import io.tidegate.client.ClientKey;
import io.tidegate.limit.Quota;
import io.tidegate.limit.RateLimiter;
import io.tidegate.limit.Ticker;
import io.tidegate.limit.TokenBucket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a gate tells its operators. Counts all, logs little: a log is a flood's second target. */
final class Reports {

  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
  private static final Quota LINES = Quota.perMinute(6);

  final Offenders offenders = new Offenders();
  final Set<SetupNotice> notices = ConcurrentHashMap.newKeySet();

  private final @Nullable GateListener listener;
  private final Map<Verdict.Kind, LongAdder> verdicts = new EnumMap<>(Verdict.Kind.class);
  private final LongAdder failures = new LongAdder();
  private final LongAdder unloggedFailures = new LongAdder();
  private final RateLimiter failureLines;
  private final RateLimiter banLines;
  private final RateLimiter seaLines;

  Reports(@Nullable GateListener listener, Ticker ticker) {
    this.listener = listener;
    this.failureLines = TokenBucket.of(LINES, ticker);
    this.banLines = TokenBucket.of(LINES, ticker);
    this.seaLines = TokenBucket.of(LINES, ticker);
    for (Verdict.Kind kind : Verdict.Kind.values()) {
      verdicts.put(kind, new LongAdder());
    }
  }

  void count(Verdict.Kind kind) {
    LongAdder adder = verdicts.get(kind);
    if (adder != null) {
      adder.increment();
    }
  }

  Map<Verdict.Kind, Long> verdicts() {
    Map<Verdict.Kind, Long> counts = new EnumMap<>(Verdict.Kind.class);
    verdicts.forEach((kind, adder) -> counts.put(kind, adder.sum()));
    return counts;
  }

  long failures() {
    return failures.sum();
  }

  /** Says something of the set-up, once. */
  void notice(SetupNotice notice) {
    if (notices.add(notice)) {
      LOG.warn("{}: {}", notice.code(), notice.text());
    }
  }

  /**
   * Counts a failure and logs some. What is logged is where it happened, never an exception's
   * message, which may repeat what a client sent.
   */
  void failed(@Nullable RuleState rule, Throwable failure) {
    failures.increment();
    if (rule != null) {
      rule.counters.failures.increment();
    }
    if (!failureLines.tryAcquire()) {
      unloggedFailures.increment();
      return;
    }
    LOG.warn(
        "{} failed, decided by its failure policy: {}{} ({} more since the last line)",
        rule == null ? "The gate" : "Rule " + rule.rule.name,
        failure.getClass().getName(),
        place(failure),
        unloggedFailures.sumThenReset());
  }

  private static String place(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }

  void banned(RuleState rule, PenaltyBox.Entry ban) {
    rule.counters.bans.increment();
    event(GateEvent.Type.BAN_GIVEN, rule, ban.key, ban.length);
    if (banLines.tryAcquire()) {
      LOG.info(
          "Rule {} banned {} for {}, ban {} in a row; the penalty box lists all bans",
          rule.rule.name,
          ban.key.label(),
          ban.length,
          ban.times);
    }
  }

  /** The sea turns rarely, since it takes a fifth less load to turn back. */
  void sea(Sea now) {
    event(GateEvent.Type.SEA, null, null, null);
    if (seaLines.tryAcquire()) {
      LOG.info("The sea is {} now", now);
    }
  }

  boolean hasListener() {
    return listener != null;
  }

  void event(
      GateEvent.Type type,
      @Nullable RuleState rule,
      @Nullable ClientKey client,
      @Nullable Duration retryAfter) {
    if (listener == null) {
      return;
    }
    try {
      listener.on(new GateEvent(type, rule == null ? null : rule.rule.name, client, retryAfter));
    } catch (Throwable e) {
      Failures.throwIfFatal(e);
      failed(null, e);
    }
  }
}
