package io.tidegate.redis;

/** What leases are settled with. */
interface LeaseServer {

  /** Whether there is no use in asking, so that calls are answered by policy. Fast. */
  boolean isDown(String serverKey);

  /** How long an answer takes at most. */
  long deadlineNanos();

  /** Ends the call sooner or later, maybe at once. Never waits. */
  void send(LeaseCall call);

  /** Forgets what a key owes, sooner or later. */
  void forget(String serverKey);
}
