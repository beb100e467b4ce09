package io.tidegate.broken.overload;

import io.tidegate.broken.client.ClientKnowsLimit;

/** Breaks one rule of the architecture on purpose. */
public final class OverloadKnowsClient {
  ClientKnowsLimit client;
}
