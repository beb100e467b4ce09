package io.tidegate.redis;

import io.tidegate.limit.Decision;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What one node has in hand of one client's permits, and lets pass ahead: one word, and terms that
 * say how it is to be read.
 *
 * <p>The word holds the number of permits in hand and the epoch of its {@link LeaseTerms}. These
 * permits were charged on the server before they came. A negative number is of permits that were
 * let pass ahead: the server is told at once, and charges them whatever is owed there. A node lets
 * pass ahead what the server would admit as far as the node knows, from its last answer and the
 * time since, and no more than {@link LeaseRules#ahead}.
 *
 * <p>Each change is one compare-and-set of the word. New terms are published before the word that
 * they hold for, with a link to those before; so whoever reads a word finds its terms, or sees that
 * the word has been replaced.
 */
abstract class LeaseHand {

  /** Taken. */
  static final int TAKEN = 0;

  /** Not in hand, but the server would admit it as far as this node knows. */
  static final int SHORT = 1;

  /** Not in hand, and the server would refuse it. */
  static final int REFUSED = 2;

  /** This object is out of use; a new one takes its place. */
  static final int DEAD = 3;

  private static final int EPOCH_BITS = 16;
  private static final int EPOCHS = (1 << EPOCH_BITS) - 1;
  private static final long DEAD_WORD = Long.MIN_VALUE;
  private static final VarHandle WORD;

  static {
    try {
      WORD = MethodHandles.lookup().findVarHandle(LeaseHand.class, "word", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile long word;
  private volatile LeaseTerms terms;

  LeaseHand(long now) {
    this.terms = LeaseTerms.none(now);
  }

  private static long word(long inHand, LeaseTerms terms) {
    return (inHand << EPOCH_BITS) | terms.epoch;
  }

  private static long inHand(long word) {
    return word >> EPOCH_BITS;
  }

  private boolean replace(long word, long inHand, LeaseTerms terms) {
    return WORD.compareAndSet(this, word, word(inHand, terms));
  }

  /** The terms that hold for a word; null if it has just been replaced. */
  private @Nullable LeaseTerms termsOf(long word) {
    int epoch = (int) word & EPOCHS;
    LeaseTerms latest = terms;
    if (latest.epoch == epoch) {
      return latest;
    }
    LeaseTerms before = latest.before;
    return before != null && before.epoch == epoch ? before : null;
  }

  /** The latest terms, to look at. */
  final LeaseTerms terms() {
    return terms;
  }

  /** How many are in hand, or were; negative if they were let pass ahead. */
  final long inHand() {
    long word = this.word;
    return word == DEAD_WORD ? 0 : inHand(word);
  }

  /**
   * Takes permits, all or none.
   *
   * @param permits from 1 to a burst
   * @param mayPassAhead whether to let them pass if they are not in hand
   */
  final int take(LeaseRules rules, long now, long permits, boolean mayPassAhead) {
    while (true) {
      long word = this.word;
      if (word == DEAD_WORD) {
        return DEAD;
      }
      LeaseTerms terms = termsOf(word);
      if (terms != null) {
        long usable = terms.usable(inHand(word), now);
        int verdict = judge(rules, terms.debt(now), usable, permits, mayPassAhead);
        if (verdict != TAKEN || replace(word, usable - permits, terms)) {
          return verdict;
        }
      }
    }
  }

  /** What {@link #take} would return; takes nothing. */
  final int look(LeaseRules rules, long now, long permits, boolean mayPassAhead) {
    while (true) {
      long word = this.word;
      if (word == DEAD_WORD) {
        return DEAD;
      }
      LeaseTerms terms = termsOf(word);
      if (terms != null) {
        long usable = terms.usable(inHand(word), now);
        return judge(rules, terms.debt(now), usable, permits, mayPassAhead);
      }
    }
  }

  private static int judge(
      LeaseRules rules, long debt, long usable, long permits, boolean mayPassAhead) {
    long left = usable - permits;
    if (left >= 0) {
      return TAKEN;
    }
    if (debt + rules.cost(-left) > rules.tolerance()) {
      return REFUSED;
    }
    boolean isLargeAndAlone = usable >= 0 && permits > rules.ahead();
    return mayPassAhead && (left >= -rules.ahead() || isLargeAndAlone) ? TAKEN : SHORT;
  }

  /** Whether this is out of use. */
  final boolean isDead() {
    return word == DEAD_WORD;
  }

  /** Takes permits whatever is owed, into debt by two bursts at most. */
  final void overdraw(LeaseRules rules, long now, long permits) {
    while (true) {
      long word = this.word;
      if (word == DEAD_WORD) {
        return;
      }
      LeaseTerms terms = termsOf(word);
      if (terms != null) {
        long usable = terms.usable(inHand(word), now);
        long left = usable - Math.min(permits, 2 * rules.burst() + usable);
        if (replace(word, left, terms)) {
          return;
        }
      }
    }
  }

  /** Keeps what comes back in hand as long as that lasts; returns how many it does not keep. */
  final long keep(LeaseRules rules, long now, long permits) {
    while (true) {
      long word = this.word;
      if (word == DEAD_WORD) {
        return 0;
      }
      LeaseTerms terms = termsOf(word);
      if (terms != null) {
        long usable = terms.usable(inHand(word), now);
        long most = terms.isLasting(now) ? rules.inHand() : 0;
        long kept = Math.min(permits, Math.max(most - usable, 0));
        if (replace(word, usable + kept, terms)) {
          return permits - kept;
        }
      }
    }
  }

  /**
   * Adds what the server granted, and what it charged of that let pass, with its terms. One thread
   * at a time.
   *
   * @return how many there is no room for
   */
  final long add(
      LeaseRules rules, long now, long charged, long granted, long end, long debtNanos, long low) {
    LeaseTerms old = terms;
    while (true) {
      long word = this.word;
      if (word == DEAD_WORD) {
        return 0;
      }
      long usable = old.usable(inHand(word), now);
      long sum = usable + charged + granted;
      long inHand = Math.min(sum, Math.max(rules.inHand(), usable));
      long kept = Math.max(usable, 0);
      LeaseTerms next = old.next(kept, Math.max(inHand - kept, 0), end, now + debtNanos, low);
      terms = next;
      if (replace(word, inHand, next)) {
        next.before = null;
        return sum - inHand;
      }
    }
  }

  /** What there is to say at a moment, about a call that came out so. */
  final Decision decision(LeaseRules rules, long now, long permits, Decision.Outcome outcome) {
    LeaseTerms terms = null;
    long usable = 0;
    while (terms == null) {
      long word = this.word;
      terms = word == DEAD_WORD ? LeaseTerms.none(now) : termsOf(word);
      usable = terms == null || word == DEAD_WORD ? 0 : terms.usable(inHand(word), now);
    }
    long debt = terms.debt(now);
    long remaining = Math.max(rules.room(debt) + usable, 0);
    long reset = debt + rules.cost(Math.max(-usable, 0));
    long wait =
        switch (outcome) {
          case ADMITTED -> 0;
          case NEVER -> Long.MAX_VALUE;
          case REFUSED ->
              Math.max(debt + rules.cost(Math.max(permits - usable, 0)) - rules.tolerance(), 1);
        };
    return new Decision(outcome, remaining, wait, reset);
  }

  /**
   * Puts this out of use if nothing is owed, and nothing in hand that can be used.
   *
   * @param forgetsAhead whether what was let pass does not count any more
   * @param dropsHand whether what is in hand need not be kept
   */
  final boolean retire(long now, boolean forgetsAhead, boolean dropsHand) {
    long word = this.word;
    if (word == DEAD_WORD) {
      return true;
    }
    LeaseTerms terms = termsOf(word);
    if (terms == null || terms.debt(now) > 0) {
      return false;
    }
    long usable = terms.usable(inHand(word), now);
    boolean isFresh = usable == 0 || (usable < 0 ? forgetsAhead : dropsHand);
    return isFresh && WORD.compareAndSet(this, word, DEAD_WORD);
  }

  /** Puts this out of use, with all that it knows. */
  final void kill() {
    word = DEAD_WORD;
  }
}
