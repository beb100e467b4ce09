package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is one subject and who is not, whatever their keys say of themselves. */
class KeyIdentityTest {

  private static final Quota ONE_A_DAY = Quota.perDay(1);

  private static <K> KeyedRateLimiter<K> keyed(KeyFunnel<K> funnel) {
    return TokenBucket.keyed(ONE_A_DAY, funnel).ticker(new ManualTicker()).build();
  }

  @Test
  void strings_thatShareTheirHashCode_areCountedApart() {
    KeyedRateLimiter<String> keyed = keyed(KeyFunnel.ofString());
    List<String> keys = new ArrayList<>(List.of(""));
    for (int i = 0; i < 10; i++) {
      List<String> longer = new ArrayList<>();
      for (String key : keys) {
        longer.add(key + "Aa");
        longer.add(key + "BB");
      }
      keys = longer;
    }
    assertThat(keys.stream().map(String::hashCode).distinct()).hasSize(1);
    for (String key : keys) {
      assertThat(keyed.tryAcquire(key)).as(key).isTrue();
    }
    for (String key : keys) {
      assertThat(keyed.tryAcquire(key)).as(key).isFalse();
    }
    assertThat(keyed.keys()).isEqualTo(1_024);
  }

  /** A key that claims to be equal to everything, or to nothing, and has no use for a hash code. */
  private record Liar(String name, boolean equalToAll) {
    @Override
    public boolean equals(Object other) {
      return equalToAll;
    }

    @Override
    public int hashCode() {
      throw new UnsupportedOperationException("nothing may rest on this");
    }

    @Override
    public String toString() {
      throw new UnsupportedOperationException("nothing may rest on this");
    }
  }

  @Test
  void keys_withBadEqualsAndHashCode_areToldApartByTheirFunnel() {
    KeyedRateLimiter<Liar> keyed = keyed(KeyFunnel.ofString(Liar::name));
    for (boolean equalToAll : new boolean[] {true, false}) {
      assertThat(keyed.tryAcquire(new Liar("a" + equalToAll, equalToAll))).isTrue();
      assertThat(keyed.tryAcquire(new Liar("b" + equalToAll, equalToAll))).isTrue();
      assertThat(keyed.tryAcquire(new Liar("a" + equalToAll, equalToAll))).isFalse();
      assertThat(keyed.tryAcquire(new Liar("b" + equalToAll, equalToAll))).isFalse();
    }
    assertThat(keyed.limiter(new Liar("a", true)).toString()).doesNotContain("Liar");
  }

  @Test
  void byteArrays_areOneSubjectByContent() {
    KeyedRateLimiter<byte[]> keyed = keyed(KeyFunnel.ofBytes());
    assertThat(keyed.tryAcquire(new byte[] {1, 2})).isTrue();
    assertThat(keyed.tryAcquire(new byte[] {1, 2})).isFalse();
    assertThat(keyed.tryAcquire(new byte[] {1, 2, 0})).isTrue();
    assertThat(keyed.tryAcquire(new byte[0])).isTrue();
  }

  @Test
  void hashes_takenOnceForSeveralLimiters_areToldApart() {
    KeyedRateLimiter<Long> keyed = keyed(KeyFunnel.hashed());
    for (long hash : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32}) {
      assertThat(keyed.tryAcquire(hash)).as("%d", hash).isTrue();
      assertThat(keyed.tryAcquire(hash)).as("%d", hash).isFalse();
    }
  }

  @Test
  void composedKeys_ofTwoParts_areToldApartByBoth() {
    record Pair(String tenant, long user) {}
    KeyedRateLimiter<Pair> keyed =
        keyed((key, hash) -> hash.ofLongs(hash.ofString(key.tenant()), key.user()));
    assertThat(keyed.tryAcquire(new Pair("a", 1))).isTrue();
    assertThat(keyed.tryAcquire(new Pair("a", 2))).isTrue();
    assertThat(keyed.tryAcquire(new Pair("b", 1))).isTrue();
    assertThat(keyed.tryAcquire(new Pair("a", 1))).isFalse();
  }

  @Test
  void hugeKeys_costNoMoreThanTheirStart() {
    KeyedRateLimiter<String> keyed = keyed(KeyFunnel.ofString());
    String huge = "x".repeat(1 << 20);
    assertThat(keyed.tryAcquire(huge)).isTrue();
    assertThat(keyed.tryAcquire("x".repeat(1 << 20))).isFalse();
    assertThat(keyed.tryAcquire(huge + "x")).as("another length").isTrue();
    assertThat(keyed.tryAcquire("y" + huge.substring(1))).as("another start").isTrue();
    String sameStart = huge.substring(0, huge.length() - 1) + "z";
    assertThat(keyed.tryAcquire(sameStart)).as("told apart by start and length only").isFalse();
  }

  @Test
  void emptyAndOddKeys_areKeysLikeAllOthers() {
    KeyedRateLimiter<String> keyed = keyed(KeyFunnel.ofString());
    for (String key : List.of("", "\0", "\0\0", "\uD800", "\uDC00", "a\0", "A", "a", "a ", "é")) {
      assertThat(keyed.tryAcquire(key)).as(key).isTrue();
      assertThat(keyed.tryAcquire(key)).as(key).isFalse();
    }
  }
}
