package io.tidegate.broken.limit;

import io.tidegate.broken.Root;

/** Breaks one rule of the architecture on purpose. */
public final class LimitKnowsRoot {
  Root root;
}
