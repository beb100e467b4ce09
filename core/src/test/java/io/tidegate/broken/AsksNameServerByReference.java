package io.tidegate.broken;

import java.net.InetAddress;
import java.util.function.Function;

/** Breaks one rule of the architecture on purpose. */
public final class AsksNameServerByReference {
  Function<InetAddress, String> ask = InetAddress::getHostName;
}
