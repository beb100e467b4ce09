package io.tidegate.broken;

import java.util.logging.Logger;

/** Breaks one rule of the architecture on purpose. */
public final class UsesJavaLogging {
  Logger logger;
}
