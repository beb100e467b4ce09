package io.tidegate.broken.http;

import io.tidegate.broken.client.ClientKnowsLimit;

/** Breaks one rule of the architecture on purpose. */
public final class HttpKnowsClient {
  ClientKnowsLimit client;
}
