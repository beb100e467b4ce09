package io.tidegate.limit;

/** {@link System#nanoTime()} as a singleton, so that call sites stay monomorphic. */
enum SystemTicker implements Ticker {
  INSTANCE;

  @Override
  public long read() {
    return System.nanoTime();
  }
}
