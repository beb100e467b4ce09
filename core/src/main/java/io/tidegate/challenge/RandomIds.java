package io.tidegate.challenge;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ids of 16 random bytes, drawn some dozens at a time: a call of the platform's source costs as
 * much as half a MAC, for however few bytes. A thread that finds the supply in use draws for
 * itself, so none waits for another here.
 */
final class RandomIds {

  static final int BYTES = 16;

  private static final int AHEAD = 64 * BYTES;

  private final SecureRandom random = new SecureRandom();
  private final AtomicReference<@Nullable Supply> idle = new AtomicReference<>(new Supply());

  private static final class Supply {
    final byte[] bytes = new byte[AHEAD];
    int used = AHEAD;
  }

  byte[] next() {
    byte[] id = new byte[BYTES];
    Supply supply = idle.getAndSet(null);
    if (supply == null) {
      random.nextBytes(id);
      return id;
    }
    if (supply.used == AHEAD) {
      random.nextBytes(supply.bytes);
      supply.used = 0;
    }
    System.arraycopy(supply.bytes, supply.used, id, 0, BYTES);
    supply.used += BYTES;
    idle.setRelease(supply);
    return id;
  }
}
