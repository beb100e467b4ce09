package io.tidegate.client;

import org.jspecify.annotations.Nullable;

/**
 * Reads address literals. It works on indexes of the given text, looks at each character a fixed
 * number of times, and allocates nothing but the result.
 */
final class IpText {

  /** The longest IPv6 literal: six groups of four digits and a dotted quad. */
  private static final int MAX_ADDRESS = 45;

  /** Linux allows 15 characters in the name of an interface; other systems somewhat more. */
  private static final int MAX_ZONE = 32;

  private static final int GROUPS = 8;
  private static final int GROUP_BITS = 16;

  private IpText() {}

  /** Reads a literal of either family. The indexes must lie inside the text. */
  static @Nullable IpAddress parse(CharSequence text, int start, int end) {
    // The first separator tells the family, and stands within the first five characters.
    int limit = Math.min(end, start + 5);
    for (int i = start; i < limit; i++) {
      char c = text.charAt(i);
      if (c == ':') {
        return parseIpv6(text, start, end);
      }
      if (c == '.') {
        return parseIpv4(text, start, end);
      }
    }
    return null;
  }

  /** Reads a dotted quad. */
  static @Nullable IpAddress parseIpv4(CharSequence text, int start, int end) {
    long bits = quad(text, start, end);
    return bits < 0 ? null : IpAddress.ipv4(bits);
  }

  /** Reads an IPv6 literal; a zone at its end is checked and dropped. */
  static @Nullable IpAddress parseIpv6(CharSequence text, int start, int end) {
    if (end - start > MAX_ADDRESS + 1 + MAX_ZONE) {
      return null;
    }
    int percent = indexOf(text, '%', start, end);
    if (percent < 0) {
      return groups(text, start, end);
    }
    return isZone(text, percent + 1, end) ? groups(text, start, percent) : null;
  }

  private static boolean isZone(CharSequence text, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (!isAlphanumeric(c) && c != '.' && c != '_' && c != '-' && c != '~') {
        return false;
      }
    }
    return end > start && end - start <= MAX_ZONE;
  }

  static boolean isAlphanumeric(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static int indexOf(CharSequence text, char wanted, int start, int end) {
    for (int i = start; i < end; i++) {
      if (text.charAt(i) == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static @Nullable IpAddress groups(CharSequence text, int start, int end) {
    if (end - start > MAX_ADDRESS) {
      return null;
    }
    // Groups enter at the right and push the earlier ones up. "::" pushes them up by as many
    // groups as the rest of the text leaves open.
    long high = 0;
    long low = 0;
    int count = 0;
    boolean gap = false;
    int i = start;
    while (i < end) {
      int bits = GROUP_BITS;
      long value = 0;
      if (isDoubleColon(text, i, end)) {
        int zeros = GROUPS - count - countGroups(text, i + 2, end);
        if (gap || zeros < 1) {
          return null;
        }
        gap = true;
        bits = zeros * GROUP_BITS;
        i += 2;
      } else {
        int first = i > start && text.charAt(i - 1) != ':' ? afterColon(text, i) : i;
        int next = hexEnd(text, first, end);
        boolean dotted = next < end && text.charAt(next) == '.';
        bits = dotted ? 2 * GROUP_BITS : GROUP_BITS;
        value = dotted ? quad(text, first, end) : hex(text, first, next);
        if (value < 0) {
          return null;
        }
        i = dotted ? end : next;
      }
      high = shiftHigh(high, low, bits);
      low = shiftLow(low, bits) | value;
      count += bits / GROUP_BITS;
    }
    return count == GROUPS ? new IpAddress(high, low) : null;
  }

  /** The index after the one colon that must follow a group; at anything else, no group begins. */
  private static int afterColon(CharSequence text, int i) {
    return text.charAt(i) == ':' ? i + 1 : i;
  }

  private static boolean isDoubleColon(CharSequence text, int i, int end) {
    return i + 1 < end && text.charAt(i) == ':' && text.charAt(i + 1) == ':';
  }

  /** How many groups a text would fill if it were well-formed; a dotted quad fills two. */
  private static int countGroups(CharSequence text, int start, int end) {
    if (start == end) {
      return 0;
    }
    int count = 1;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c == ':') {
        count++;
      } else if (c == '.') {
        return count + 1;
      }
    }
    return count;
  }

  private static long shiftHigh(long high, long low, int bits) {
    if (bits >= Long.SIZE) {
      return bits >= 2 * Long.SIZE ? 0 : low << (bits - Long.SIZE);
    }
    return (high << bits) | (low >>> (Long.SIZE - bits));
  }

  private static long shiftLow(long low, int bits) {
    return bits >= Long.SIZE ? 0 : low << bits;
  }

  private static int hexEnd(CharSequence text, int start, int end) {
    int i = start;
    while (i < end && digit(text.charAt(i)) >= 0) {
      i++;
    }
    return i;
  }

  /** The value of one to four hexadecimal digits, or -1 if there are more or none. */
  private static long hex(CharSequence text, int start, int end) {
    if (end == start || end - start > 4) {
      return -1;
    }
    long value = 0;
    for (int i = start; i < end; i++) {
      value = (value << 4) | digit(text.charAt(i));
    }
    return value;
  }

  // Not Character.digit, which also takes the digits of other scripts.
  private static int digit(char c) {
    if (isDigit(c)) {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /** The 32 bits of a dotted quad, or -1. */
  private static long quad(CharSequence text, int start, int end) {
    long bits = 0;
    int i = start;
    for (int octet = 0; octet < 4; octet++) {
      if (octet > 0) {
        if (i >= end || text.charAt(i) != '.') {
          return -1;
        }
        i++;
      }
      int first = i;
      int value = 0;
      while (i < end && i - first < 3 && isDigit(text.charAt(i))) {
        value = value * 10 + (text.charAt(i) - '0');
        i++;
      }
      boolean leadingZero = i - first > 1 && text.charAt(first) == '0';
      if (i == first || leadingZero || value > 255) {
        return -1;
      }
      bits = (bits << 8) | value;
    }
    return i == end ? bits : -1;
  }
}
