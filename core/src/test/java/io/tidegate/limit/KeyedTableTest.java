package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a table of strangers' buckets promises beside the contract of all limiters. */
class KeyedTableTest {

  private final ManualTicker ticker = new ManualTicker();

  private KeyedTable<String> table(Quota quota, int maxKeys) {
    return TokenBucket.table(quota, KeyFunnel.ofString()).maxKeys(maxKeys).ticker(ticker).build();
  }

  private static List<String> keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> "key-" + i).toList();
  }

  @Test
  void table_takesSixteenBytesForEachKey() {
    for (int maxKeys : new int[] {1_000, 99_999, 1_000_000}) {
      long places = table(Quota.perMinute(6), maxKeys).report().places();
      assertThat(places * 8.0 / maxKeys).isBetween(14.0, 16.0);
    }
    assertThat(table(Quota.perMinute(6), 1).report().places()).isEqualTo(8);
  }

  @Test
  void maxBytes_isKept() {
    for (long bytes : new long[] {64, 127, 1 << 20}) {
      KeyedTable<String> table =
          TokenBucket.table(Quota.perMinute(6), KeyFunnel.ofString()).maxBytes(bytes).build();
      assertThat(table.report().places()).isEqualTo(bytes / 64 * 8);
    }
  }

  @Test
  void report_countsWhoOwesAndWhoCanHaveNothing() {
    KeyedTable<String> table = table(Quota.perMinute(6), 100);
    assertThat(table.report()).isEqualTo(new KeyedTable.Report(192, 0, 0, 0));
    table.tryAcquire("light");
    table.tryAcquire("drained", 6);
    assertThat(table.report()).isEqualTo(new KeyedTable.Report(192, 2, 1, 0));
    assertThat(table.keys()).isEqualTo(2);
    ticker.advance(Duration.ofSeconds(10));
    assertThat(table.report()).isEqualTo(new KeyedTable.Report(192, 1, 0, 0));
  }

  @Test
  void halfFull_fewKeysHaveNoWordOfTheirOwn() {
    int keys = 100_000;
    KeyedTable<String> table = table(Quota.perMinute(6), keys);
    keys(keys).forEach(table::tryAcquire);
    KeyedTable.Report report = table.report();
    assertThat((double) report.displaced() / keys).isBetween(0.004, 0.014);
    assertThat(table.crowdedOut()).isEqualTo(report.displaced());
    // Two keys of a set share a word if their tags of 24 bits are equal: one such pair in 80 runs.
    assertThat(report.inUse() + report.displaced()).isBetween(keys - 3L, (long) keys);
  }

  @Test
  void refusedForWantOfRoom_isCountedAndWritesNothing() {
    KeyedTable<String> table = table(Quota.perMinute(1), 1);
    List<String> keys = keys(100);
    long admitted = keys.stream().filter(table::tryAcquire).count();
    assertThat(admitted).isEqualTo(8);
    assertThat(table.crowdedOut()).isEqualTo(92);
    assertThat(table.report()).isEqualTo(new KeyedTable.Report(8, 8, 8, 0));
  }

  /** A thousand keys at their limit, less the one or two whose set was full of others' debts. */
  private static List<String> drained(KeyedTable<String> table) {
    List<String> drained = keys(1_000).stream().filter(key -> table.tryAcquire(key, 6)).toList();
    assertThat(drained).hasSizeGreaterThan(990);
    return drained;
  }

  @Test
  void resize_anyNumberOfTimes_losesNoDebt() {
    KeyedTable<String> table = table(Quota.perMinute(6), 3_000);
    List<String> drained = drained(table);
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      int maxKeys = 1_500 + random.nextInt(10_000);
      table.resize(maxKeys);
      assertThat(drained).as("%d keys", maxKeys).noneMatch(table::tryAcquire);
    }
    ticker.advance(Duration.ofSeconds(10));
    // A key that lost its word in a copy shares another's: one such key in 400 runs.
    assertThat(drained.stream().filter(table::tryAcquire).count())
        .isBetween(drained.size() - 5L, (long) drained.size());
  }

  @Test
  void resize_once_leavesRoomForOthers() {
    for (int maxKeys : new int[] {2_000, 3_001, 5_000, 6_000, 20_000}) {
      KeyedTable<String> table = table(Quota.perMinute(6), 3_000);
      keys(1_000).forEach(key -> table.tryAcquire(key, 6));
      table.resize(maxKeys);
      List<String> others = IntStream.range(0, 1_000).mapToObj(i -> "other-" + i).toList();
      assertThat(others.stream().filter(table::tryAcquire).count())
          .as("%d keys", maxKeys)
          .isGreaterThan(900);
    }
  }

  @Test
  void resize_toFarTooSmall_stillLosesNoDebt() {
    KeyedTable<String> table = table(Quota.perMinute(6), 3_000);
    List<String> drained = drained(table);
    table.resize(10);
    assertThat(drained).noneMatch(table::tryAcquire);
    table.resize(3_000);
    assertThat(drained).noneMatch(table::tryAcquire);
  }

  @Test
  void withQuota_shorter_cutsDebtsToTheNewLongest() {
    KeyedTable<String> hour = table(Quota.perHour(6), 100);
    hour.tryAcquire("drained", 6);
    hour.tryAcquire("light");
    KeyedTable<String> second = hour.withQuota(Quota.perSecond(5));
    assertThat(second.decide("drained").resetAfter()).isEqualTo(Duration.ofSeconds(1));
    ticker.advance(Duration.ofSeconds(1));
    assertThat(second.tryAcquire("drained", 5)).isTrue();
    assertThat(second.tryAcquire("light", 5)).isTrue();
    assertThat(second.tryAcquire("stranger", 5)).isTrue();
  }

  @Test
  void withQuota_longer_keepsWhatIsOwed() {
    KeyedTable<String> second = table(Quota.perSecond(6), 100);
    second.tryAcquire("drained", 6);
    KeyedTable<String> hour = second.withQuota(Quota.perHour(6));
    assertThat(hour.peek("drained", 1).resetAfterNanos())
        .isBetween(Duration.ofSeconds(1).toNanos(), Duration.ofSeconds(1).toNanos() + 64);
  }

  @Test
  void oldTable_afterAChange_admitsWhatTheNewOneAdmitsToo() {
    KeyedTable<String> before = table(Quota.perMinute(6), 100);
    KeyedTable<String> after = before.withQuota(Quota.perMinute(12));
    KeyedTable<String> last = after.withQuota(Quota.perMinute(3));
    assertThat(before.tryAcquire("somebody", 2)).isTrue();
    assertThat(after.peek("somebody", 1).remaining()).isEqualTo(10);
    assertThat(last.peek("somebody", 1).remaining()).isEqualTo(1);
    assertThat(before.tryAcquire("somebody")).isTrue();
    assertThat(last.tryAcquire("somebody")).isFalse();
    assertThat(before.decide("somebody").outcome()).isEqualTo(Decision.Outcome.REFUSED);
    assertThat(after.tryAcquire("somebody")).isFalse();
  }

  @Test
  void oldTable_afterAChange_addsNothingToTheNewOne() {
    KeyedTable<String> before = table(Quota.perMinute(6), 100);
    KeyedTable<String> after = before.withQuota(Quota.perMinute(7));
    assertThat(after.tryAcquire("somebody", 7)).isTrue();
    assertThat(before.tryAcquire("somebody")).isFalse();
  }

  @Test
  void table_thatIsReplacedTwice_chargesBothThatCameOfIt() {
    KeyedTable<String> before = table(Quota.perMinute(6), 100);
    KeyedTable<String> first = before.withQuota(Quota.perMinute(7));
    before.resize(1_000);
    before.tryAcquire("somebody", 6);
    assertThat(first.peek("somebody", 1).remaining()).isEqualTo(1);
  }

  /** A full set whose keys are all displaced while it is copied: none of them owes less after. */
  @Test
  void replaceBy_ofAFullSet_leavesNoWordBelowItsLeast() {
    TableWords before = Twins.words(Quota.perMinute(6), 1, ticker);
    TableWords after = Twins.words(Quota.perMinute(6), 3, ticker);
    for (int i = 0; i < TableWords.WAYS; i++) {
      before.charge(((long) i << 61) + i + 1, 2 + i % 3, before.time());
    }
    before.replaceBy(after);
    for (long stranger = 0; stranger < 30; stranger++) {
      long debt = after.debt((stranger << 59) + 1_000 + stranger, after.time());
      assertThat(debt).isGreaterThanOrEqualTo(2 * after.scale.interval);
    }
  }

  @Test
  void withQuota_theSame_isTheSameTable() {
    KeyedTable<String> table = table(Quota.perMinute(6), 100);
    assertThat(table.withQuota(Quota.perMinute(6))).isSameAs(table);
  }

  @Test
  void keysThatCollideByHashCode_shareNothing() {
    Set<String> colliding = new HashSet<>();
    for (int i = 0; i < 1 << 10; i++) {
      StringBuilder key = new StringBuilder();
      for (int bit = 0; bit < 10; bit++) {
        key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      colliding.add(key.toString());
    }
    assertThat(colliding.stream().map(String::hashCode).distinct()).hasSize(1);
    KeyedTable<String> table = table(Quota.perMinute(1), 10_000);
    assertThat(colliding).allMatch(table::tryAcquire);
  }

  @Test
  void hugeKeys_areCountedLikeOthers() {
    KeyedTable<String> table = table(Quota.perMinute(1), 100);
    String huge = "x".repeat(1 << 20);
    assertThat(table.tryAcquire(huge)).isTrue();
    assertThat(table.tryAcquire(huge)).isFalse();
    assertThat(table.tryAcquire("x".repeat((1 << 20) - 1))).isTrue();
    assertThat(table.tryAcquire("")).isTrue();
  }

  @Test
  void nothingComesBack() {
    KeyedTable<String> table = table(Quota.perMinute(2), 100);
    table.tryAcquire("a", 2);
    assertThat(table.giveBack("a", 1)).isFalse();
    assertThat(table.reset("a")).isFalse();
    assertThat(table.limiter("a").giveBack(1)).isFalse();
    assertThat(table.tryAcquire("a")).isFalse();
    assertThatThrownBy(() -> table.reserve("a", 1))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("TokenBucket.keyed");
  }

  @Test
  void nullKeys_areRefusedByName() {
    KeyedTable<String> table = table(Quota.perMinute(2), 100);
    for (Runnable call :
        new Runnable[] {
          () -> table.tryAcquire(none()),
          () -> table.decide(none()),
          () -> table.peek(none(), 1),
          () -> table.admits(none(), 1),
          () -> table.giveBack(none(), 1),
          () -> table.reset(none()),
          () -> table.limiter(none())
        }) {
      assertThatNullPointerException().isThrownBy(call::run).withMessage("key");
    }
  }

  @SuppressWarnings("NullAway")
  private static String none() {
    return null;
  }

  @Test
  void costs_fromOneToTenMillion_areExact() {
    Quota quota = Quota.perSecond(1_000_000).withBurst(10_000_000);
    KeyedTable<String> table = table(quota, 100);
    for (long cost = 1; cost <= 10_000_000; cost = 3 * cost + 1) {
      String key = "cost-" + cost;
      assertThat(table.decide(key, cost).remaining()).isEqualTo(10_000_000 - cost);
    }
    assertThat(table.decide("all", 10_000_000).resetAfter()).isEqualTo(Duration.ofSeconds(10));
    assertThat(table.tryAcquire("all")).isFalse();
    ticker.advanceNanos(999);
    assertThat(table.tryAcquire("all")).isFalse();
    ticker.advanceNanos(1);
    assertThat(table.tryAcquire("all")).isTrue();
  }

  @Test
  void rateError_isSmallAndNeverHigh() {
    for (Quota quota :
        List.of(
            Quota.perDay(1),
            Quota.perSecond(3),
            Quota.perSecond(1_000_000),
            Quota.perSecond(15_000_000),
            Quota.perSecond(1_000_000).withBurst(1_000_000_000),
            Quota.of(7, Duration.ofDays(366)))) {
      assertThat(table(quota, 1).rateError()).as("%s", quota).isBetween(0.0, 1.0 / 64);
    }
    assertThat(table(Quota.perSecond(3), 1).rateError()).isLessThan(1e-8);
  }

  @Test
  void builder_refusesNonsenseByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table(Quota.perSecond(16_000_000), 1))
        .withMessageStartingWith("quota: 16000000 per PT1S (expected: for a table, at least 64 ns");
    assertThat(KeyedTable.fits(Quota.perSecond(16_000_000))).isFalse();
    assertThat(KeyedTable.fits(Quota.perSecond(15_625_000))).isTrue();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table(Quota.perSecond(1_000_000).withBurst(100_000_000_000L), 1))
        .withMessageContaining("burst");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table(Quota.perSecond(1), 0))
        .withMessage("maxKeys: 0 (expected: 1 to 268435456)");
    var builder = TokenBucket.table(Quota.perSecond(1), KeyFunnel.ofString());
    for (long bytes : new long[] {Long.MIN_VALUE, 0, 63, 1L << 33}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder.maxBytes(bytes))
          .withMessageStartingWith("maxBytes: " + bytes + " (expected: 64 to ");
    }
    assertThatNullPointerException()
        .isThrownBy(() -> TokenBucket.table(Quota.perSecond(1), null))
        .withMessage("funnel");
  }

  @Test
  void newKeysPerSecond_isTheRoomThatAFloodNeeds() {
    assertThat(table(Quota.perMinute(6), 100_000).newKeysPerSecond()).isBetween(9_990.0, 10_010.0);
    assertThat(table(Quota.perMinute(60), 100_000).newKeysPerSecond()).isGreaterThan(99_900);
  }

  @Test
  void toString_saysNoKey() {
    KeyedTable<String> table = table(Quota.perMinute(6), 100);
    table.tryAcquire("secret");
    assertThat(table).hasToString("KeyedTable[6 per PT1M, 192 words]");
  }
}
