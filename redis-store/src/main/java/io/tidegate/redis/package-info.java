/**
 * One quota shared by many nodes, on a Redis or Valkey server or cluster, and what happens when
 * that is slow, gone or comes back empty.
 *
 * <p>{@link io.tidegate.redis.RedisStore} is where to begin.
 */
@NullMarked
package io.tidegate.redis;

import org.jspecify.annotations.NullMarked;
