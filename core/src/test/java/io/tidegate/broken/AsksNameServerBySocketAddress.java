package io.tidegate.broken;

import java.net.InetSocketAddress;

/** Breaks one rule of the architecture on purpose. */
public final class AsksNameServerBySocketAddress {
  InetSocketAddress address = new InetSocketAddress("localhost", 80);
}
