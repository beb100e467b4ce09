package io.tidegate.limit;

import java.util.ArrayList;
import java.util.List;

/** Keys that share an overflow state, or do not, under a known secret. */
final class SharedPlaces {

  static final KeyedHash HASH = new KeyedHash(1, 2);

  private static final long STATES = 1_024;
  private static final long LOCKS = 64;

  private SharedPlaces() {}

  /** A keyed limiter whose secret is known. */
  static <S> KeyedRateLimiter<String> keyed(
      Limit<S> limit, int maxKeys, WhenFull whenFull, Ticker ticker) {
    return new StoreLimiter<>(
        limit, KeyFunnel.ofString(), HASH, new Store<>(maxKeys, whenFull, ticker));
  }

  /** The first so many keys that share the state of the given one, without it. */
  static List<String> keysBeside(String key, int count) {
    List<String> keys = new ArrayList<>();
    for (long i = 0; keys.size() < count; i++) {
      String candidate = "beside-" + i;
      if ((HASH.ofString(candidate) ^ HASH.ofString(key)) % STATES == 0) {
        keys.add(candidate);
      }
    }
    return keys;
  }

  /** A key that shares neither state nor lock with the given one. */
  static String keyApart(String key) {
    for (long i = 0; ; i++) {
      String candidate = "apart-" + i;
      if ((HASH.ofString(candidate) ^ HASH.ofString(key)) % LOCKS != 0) {
        return candidate;
      }
    }
  }
}
