package io.tidegate.limit;

import org.jspecify.annotations.Nullable;

/**
 * Takes the state that a decision was charged to, so that what comes back goes there and only
 * there.
 */
final class Charged<S> {
  @Nullable S state;
}
