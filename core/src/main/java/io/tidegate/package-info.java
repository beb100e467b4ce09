/**
 * The front door: a {@link io.tidegate.Gate} with its {@link io.tidegate.Rule}s decides each
 * request before the endpoint sees it.
 *
 * <pre>{@code
 * Gate gate =
 *     Gate.builder()
 *         .rule(Rule.named("register").match(Match.post("/register")).quota(Quota.perMinute(5)).build())
 *         .build();
 * }</pre>
 *
 * <p>An adapter turns its server's request into a {@link io.tidegate.GateRequest}, asks {@link
 * io.tidegate.Gate#enter}, and writes the {@link io.tidegate.Verdict} or lets the request through
 * and closes the {@link io.tidegate.Permit} at its end. The gate never blocks a thread and never
 * throws into the request path.
 */
@NullMarked
package io.tidegate;

import org.jspecify.annotations.NullMarked;
