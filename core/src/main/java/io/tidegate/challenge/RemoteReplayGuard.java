package io.tidegate.challenge;

import java.util.concurrent.CompletionStage;

/**
 * A guard that has to ask elsewhere, such as a server that many nodes share. A gate whose caller
 * must not wait, as on an event loop, asks it ahead of its decision and goes on with the answer;
 * all others wait for {@link #claim}.
 *
 * <p>So where the answer comes late, a proof is spent when it arrives, needed or not.
 */
public interface RemoteReplayGuard extends ReplayGuard {

  /**
   * Claims an id without waiting, under the promises of {@link #claim}.
   *
   * @param high the upper half
   * @param low the lower half
   * @param seconds for how long to remember it from now on, at least; by the guard's own clock
   * @return completes with the answer within a bounded time, on a thread that must not be held up;
   *     if it fails, it counts as {@link ReplayGuard.Claim#FULL}
   */
  CompletionStage<Claim> claimAsync(long high, long low, long seconds);
}
