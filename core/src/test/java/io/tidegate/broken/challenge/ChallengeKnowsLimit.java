package io.tidegate.broken.challenge;

import io.tidegate.broken.limit.LimitKnowsClient;

/** Breaks one rule of the architecture on purpose. */
public final class ChallengeKnowsLimit {
  LimitKnowsClient limit;
}
