package io.tidegate;

import java.util.Optional;

/** The permit of a request that one gate let through inside another. */
record Nested(Permit inner, Permit outer) implements Permit {

  @Override
  public void markFailed() {
    inner.markFailed();
    outer.markFailed();
  }

  @Override
  public void close(int status) {
    inner.close(status);
    outer.close(status);
  }

  @Override
  public Optional<String> account() {
    return inner.account().or(outer::account);
  }

  @Override
  public Optional<String> remember(String account) {
    Optional<String> made = inner.remember(account);
    Optional<String> madeOutside = outer.remember(account);
    return made.or(() -> madeOutside);
  }

  @Override
  public void onClose(Runnable action) {
    inner.onClose(action);
  }

  @Override
  public boolean isClosed() {
    return inner.isClosed();
  }
}
