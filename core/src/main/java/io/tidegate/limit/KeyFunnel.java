package io.tidegate.limit;

import java.util.Objects;
import java.util.function.Function;

/**
 * How a key is fed to the keyed hash under which a limiter knows it. {@link Object#hashCode()}
 * plays no part, so nobody can choose keys that collide.
 *
 * <p>Equal keys must give equal hashes, and different keys different input; a funnel must be safe
 * for use by many threads and should not allocate. Example for a record of tenant and user:
 *
 * <pre>{@code (key, hash) -> hash.ofLongs(hash.ofString(key.tenant()), key.userId())}</pre>
 *
 * @param <K> what a subject is known by
 */
@FunctionalInterface
public interface KeyFunnel<K> {

  /**
   * Hashes a key.
   *
   * @param key the key
   * @param hash the keyed hash to feed it to
   * @return what that hash returned
   */
  long hash(K key, KeyedHash hash);

  /**
   * For strings.
   *
   * @return the funnel
   */
  static KeyFunnel<String> ofString() {
    return (key, hash) -> hash.ofString(key);
  }

  /**
   * For byte arrays, by content.
   *
   * @return the funnel
   */
  static KeyFunnel<byte[]> ofBytes() {
    return (key, hash) -> hash.ofBytes(key);
  }

  /**
   * For keys that have a name.
   *
   * @param name the name of a key, different for different keys
   * @param <K> what a subject is known by
   * @return the funnel
   */
  static <K> KeyFunnel<K> ofString(Function<? super K, String> name) {
    Objects.requireNonNull(name, "name");
    return (key, hash) -> hash.ofString(name.apply(key));
  }

  /**
   * For keys that are hashes already: what one {@link KeyedHash#random} gave for a subject, used
   * for several limiters, so that a subject is hashed once. Never for numbers that a client can
   * choose.
   *
   * @return the funnel, always the same one
   */
  static KeyFunnel<Long> hashed() {
    return Hashed.FUNNEL;
  }
}
