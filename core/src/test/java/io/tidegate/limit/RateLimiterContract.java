package io.tidegate.limit;

import org.junit.jupiter.api.TestInstance;

/** The contract that every limiter passes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RateLimiterContract implements DecisionPromises, ClockPromises, CostPromises {}
