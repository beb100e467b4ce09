package io.tidegate.client;

import org.jspecify.annotations.Nullable;

/**
 * Reads a node: an address, perhaps in brackets, perhaps with a port (RFC 7239, section 6). More
 * than the RFC allows: IPv6 may stand without brackets, where it can have no port.
 */
final class NodeText {

  private static final int MAX_PORT_DIGITS = 5;

  private NodeText() {}

  /** The address of the node, or null: for "unknown", obfuscated names, host names, junk. */
  static @Nullable IpAddress parse(CharSequence text, int start, int end) {
    if (start >= end) {
      return null;
    }
    if (text.charAt(start) == '[') {
      int close = IpText.indexOf(text, ']', start, end);
      boolean whole = close > 0 && isPortOrNothing(text, close + 1, end);
      return whole ? IpText.parseIpv6(text, start + 1, close) : null;
    }
    int colon = IpText.indexOf(text, ':', start, end);
    boolean oneColon = colon >= 0 && IpText.indexOf(text, ':', colon + 1, end) < 0;
    if (oneColon) { // an IPv6 address has at least two
      return isPortOrNothing(text, colon, end) ? IpText.parseIpv4(text, start, colon) : null;
    }
    return IpText.parse(text, start, end);
  }

  private static boolean isPortOrNothing(CharSequence text, int start, int end) {
    return start == end || (text.charAt(start) == ':' && isPort(text, start + 1, end));
  }

  private static boolean isPort(CharSequence text, int start, int end) {
    boolean obfuscated = start < end && text.charAt(start) == '_';
    int first = obfuscated ? start + 1 : start;
    for (int i = first; i < end; i++) {
      char c = text.charAt(i);
      if (obfuscated ? !isObfuscationCharacter(c) : !IpText.isDigit(c)) {
        return false;
      }
    }
    return end > first && (obfuscated || end - first <= MAX_PORT_DIGITS);
  }

  private static boolean isObfuscationCharacter(char c) {
    return IpText.isAlphanumeric(c) || c == '.' || c == '_' || c == '-';
  }
}
