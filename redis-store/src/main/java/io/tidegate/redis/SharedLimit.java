package io.tidegate.redis;

/** What a {@link RedisLimiter} is without its kind of keys. */
final class SharedLimit {

  final String name;
  final Micros micros;

  /** What a whole burst costs, as the server is told. */
  final String tolerance;

  final Fallback fallback;

  SharedLimit(String name, Micros micros, Fallback fallback) {
    this.name = name;
    this.micros = micros;
    this.tolerance = Long.toString(micros.tolerance());
    this.fallback = fallback;
  }
}
