/**
 * Work as a price: a client that is refused is offered a puzzle, and what it solves is worth
 * something. Nothing here knows of requests; a gate and the adapters deliver.
 *
 * <pre>{@code
 * ProofOfWork work = ProofOfWork.builder(KeyRing.of("2026-11", secret)).build();
 * Challenge challenge = work.issue(Terms.of(100_000).subject(address));   // to the client
 * Verification verified = work.redeem(proof, Terms.of(100_000).subject(address)); // from it
 * }</pre>
 *
 * <p>Challenges are stateless: a token holds all that is used to verify it, under one MAC. The only
 * state is the {@link io.tidegate.challenge.ReplayGuard}, which knows what has been redeemed.
 *
 * <p>What is dated here leaves the process, so it is dated in wall time, with a bounded skew
 * between nodes.
 */
@NullMarked
package io.tidegate.challenge;

import org.jspecify.annotations.NullMarked;
