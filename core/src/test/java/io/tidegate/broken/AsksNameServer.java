package io.tidegate.broken;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Breaks one rule of the architecture on purpose. */
public final class AsksNameServer {
  InetAddress ask() throws UnknownHostException {
    return InetAddress.getByName("localhost");
  }
}
