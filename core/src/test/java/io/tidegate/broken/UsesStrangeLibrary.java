package io.tidegate.broken;

import org.assertj.core.api.Assertions;

/** Breaks one rule of the architecture on purpose. */
public final class UsesStrangeLibrary {
  Assertions library;
}
