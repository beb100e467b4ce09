package io.tidegate.challenge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A wall clock that is moved by hand. */
final class WallClock implements InstantSource {

  private volatile Instant now = Instant.parse("2026-11-24T12:00:00Z");

  @Override
  public Instant instant() {
    return now;
  }

  void advance(Duration by) {
    now = now.plus(by);
  }
}
