package io.tidegate.broken.client;

import io.tidegate.broken.limit.LimitKnowsClient;

/** Breaks one rule of the architecture on purpose. */
public final class ClientKnowsLimit {
  LimitKnowsClient limit;
}
