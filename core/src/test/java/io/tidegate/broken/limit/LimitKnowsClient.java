package io.tidegate.broken.limit;

import io.tidegate.broken.client.ClientKnowsLimit;

/** Breaks one rule of the architecture on purpose. */
public final class LimitKnowsClient {
  ClientKnowsLimit client;
}
