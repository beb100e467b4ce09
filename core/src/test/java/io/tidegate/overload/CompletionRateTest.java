package io.tidegate.overload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How many may wait. */
class CompletionRateTest {

  private static final long MILLI = 1_000_000;

  private final CompletionRate rate = new CompletionRate(20 * MILLI);
  private long now = 12_345;

  private void complete(int times, long every) {
    for (int i = 0; i < times; i++) {
      now += every;
      rate.completed(now);
    }
  }

  @Test
  void places_beforeAnythingIsKnown_areEight() {
    assertThat(rate.places()).isEqualTo(8);
  }

  @Test
  void places_atAThousandASecond_areEighty() {
    rate.begin(now);
    complete(10_000, MILLI);
    assertThat(rate.places()).isBetween(79, 81);
  }

  @Test
  void places_ofASlowService_areEight() {
    rate.begin(now);
    complete(100, 600 * MILLI);
    assertThat(rate.places()).isEqualTo(8);
  }

  @Test
  void places_inTheFirstMoments_growWithWhatWasServed() {
    rate.begin(now);
    complete(10, 1_000);
    assertThat(rate.places()).as("not the 80,000 of a million a second").isBetween(39, 40);
  }

  @Test
  void places_doNotCountTheTimeInWhichNobodyWaited() {
    rate.begin(now);
    complete(10_000, MILLI);
    now += 3_600_000 * MILLI;
    rate.begin(now);
    complete(1, MILLI);
    assertThat(rate.places()).isBetween(79, 81);
  }

  @Test
  void places_followAServiceThatSlowsDown() {
    rate.begin(now);
    complete(10_000, MILLI);
    complete(60, 100 * MILLI);
    assertThat(rate.places()).isBetween(8, 12);
  }

  @Test
  void places_afterALeapOfTheClock_recover() {
    rate.begin(now);
    complete(10_000, MILLI);
    complete(1, Long.MAX_VALUE / 4);
    assertThat(rate.places()).isGreaterThan(8);
    complete(10_000, MILLI);
    assertThat(rate.places()).isBetween(78, 81);
  }

  @Test
  void places_areNeverMoreThanAHundredThousand() {
    CompletionRate wide = new CompletionRate(86_400_000 * MILLI);
    wide.begin(0);
    for (int i = 0; i < 30_000; i++) {
      wide.completed(i);
    }
    assertThat(wide.places()).isEqualTo(100_000);
  }
}
