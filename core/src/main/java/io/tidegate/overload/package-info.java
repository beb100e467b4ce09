/**
 * Overload: a hard number of slots, and a short queue before them, by class.
 *
 * <pre>{@code
 * Slots slots = Slots.builder(50).build();
 * Turn turn = slots.take(Priority.ESTABLISHED, tenant, Duration.ofMillis(500), waiter);
 * }</pre>
 *
 * <p>A service that takes on more than it can do at once serves nobody in time. Here it takes on so
 * much and no more; a few wait, the best first; the rest are refused at once, while that is still
 * cheap. Nothing here blocks a thread, or knows of requests.
 */
@NullMarked
package io.tidegate.overload;

import org.jspecify.annotations.NullMarked;
