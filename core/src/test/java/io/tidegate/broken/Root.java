package io.tidegate.broken;

/** The root package of the broken fixture. */
public final class Root {}
