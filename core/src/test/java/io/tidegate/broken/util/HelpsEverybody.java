package io.tidegate.broken.util;

/** Breaks one rule of the architecture on purpose. */
public final class HelpsEverybody {}
