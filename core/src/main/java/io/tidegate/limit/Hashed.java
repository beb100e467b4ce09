package io.tidegate.limit;

/** The funnel of keys that are hashes already. */
enum Hashed implements KeyFunnel<Long> {
  FUNNEL;

  @Override
  public long hash(Long key, KeyedHash hash) {
    return key;
  }
}
