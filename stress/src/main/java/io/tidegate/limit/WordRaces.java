package io.tidegate.limit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Two threads at the word of one limiter. A class whose name ends in {@code Twin} breaks one rule,
 * and has to show what the other must not.
 */
public final class WordRaces {

  private static final Ticker STANDING = () -> 0;

  private WordRaces() {}

  /** A bucket, and how its word is used: by the library, or read and then set. */
  abstract static class Bucket {
    private final Gcra limit;
    private final Word word;

    Bucket(int burst) {
      this.limit = new Gcra(Quota.of(burst, Duration.ofSeconds(burst)));
      this.word = limit.fresh(0);
    }

    boolean take() {
      return limit.tryAcquire(word, STANDING, 0, 1);
    }

    boolean takeBySetting() {
      long state = word.get();
      long next = limit.charge(state, 0, 1);
      if (next != state) {
        set(next);
      }
      return next != state;
    }

    void giveBack() {
      limit.giveBack(word, 0, 1);
    }

    void giveBackBySetting() {
      set(limit.refund(word.get(), 0, 1));
    }

    private void set(long next) {
      for (long state = word.get(); !word.compareAndSet(state, next); ) {
        state = word.get();
      }
    }

    int owed() {
      return (int) (limit.capacity - limit.remaining(word.get(), 0));
    }
  }

  /** Of a burst of one, one is admitted. */
  abstract static class One extends Bucket {
    One() {
      super(1);
    }
  }

  /** Of a burst of two one is owed. One is given back while one is taken, so one is owed. */
  abstract static class Owing extends Bucket {
    Owing() {
      super(2);
      take();
    }
  }

  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE)
  @Outcome(id = "false, true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class TakeOne extends One {
    @Actor
    public void one(ZZ_Result result) {
      result.r1 = take();
    }

    @Actor
    public void other(ZZ_Result result) {
      result.r2 = take();
    }
  }

  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE)
  @Outcome(id = "false, true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class TakeOneTwin extends One {
    @Actor
    public void one(ZZ_Result result) {
      result.r1 = takeBySetting();
    }

    @Actor
    public void other(ZZ_Result result) {
      result.r2 = takeBySetting();
    }
  }

  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class TakeAndGiveBack extends Owing {
    @Actor
    public void taker(ZI_Result result) {
      result.r1 = take();
    }

    @Actor
    public void giver() {
      giveBack();
    }

    @Arbiter
    public void after(ZI_Result result) {
      result.r2 = owed();
    }
  }

  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class TakeAndGiveBackTwin extends Owing {
    @Actor
    public void taker(ZI_Result result) {
      result.r1 = takeBySetting();
    }

    @Actor
    public void giver() {
      giveBackBySetting();
    }

    @Arbiter
    public void after(ZI_Result result) {
      result.r2 = owed();
    }
  }
}
