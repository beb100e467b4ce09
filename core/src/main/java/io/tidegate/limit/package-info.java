/**
 * Rate limits: how much, how fast, and when to come back.
 *
 * <p>A limit is a pure function over a small state; a limiter owns the state. {@link
 * io.tidegate.limit.TokenBucket} and {@link io.tidegate.limit.SlidingWindow} make limiters, for one
 * subject ({@link io.tidegate.limit.RateLimiter}) or for many ({@link
 * io.tidegate.limit.KeyedRateLimiter}). All arithmetic is in integers, and what rounds, rounds
 * against the caller. This package knows no other of the library.
 */
@NullMarked
package io.tidegate.limit;

import org.jspecify.annotations.NullMarked;
