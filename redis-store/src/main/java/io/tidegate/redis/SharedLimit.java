package io.tidegate.redis;

/** What a {@link RedisLimiter} is without its kind of keys. */
final class SharedLimit {

  final String name;
  final Micros micros;
  final Fallback fallback;

  SharedLimit(String name, Micros micros, Fallback fallback) {
    this.name = name;
    this.micros = micros;
    this.fallback = fallback;
  }
}
