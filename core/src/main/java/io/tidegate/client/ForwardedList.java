package io.tidegate.client;

import org.jspecify.annotations.Nullable;

/**
 * {@code Forwarded} (RFC 7239): elements between commas, each with {@code name=value} pairs between
 * semicolons, of which {@code for} names the hop. Values may be quoted strings, and these may hold
 * commas, semicolons and escaped quotes.
 *
 * <p>Elements are found from the right. There the text begins outside of any quoted string, since
 * the nearest proxy finished what it wrote; so a quote that a client left open further left cannot
 * swallow the proxy's element. Inside a quoted string, a quote is escaped if and only if an odd
 * number of backslashes stands before it, so the way back finds the same strings as the way
 * forward. Each element is then read forward and strictly.
 *
 * <p>Looser than the RFC in three ways, because such headers are common: blanks around semicolons,
 * and colons and brackets without quotes.
 */
final class ForwardedList implements HopSyntax {

  /** Longer quoted nodes with escapes are not worth a copy: no address needs it. */
  private static final int MAX_ESCAPED = 128;

  @Override
  public int elementStart(String line, int floor, int end) {
    for (int i = end - 1; i >= floor; i--) {
      char c = line.charAt(i);
      if (c == ',') {
        return i + 1;
      }
      if (c == '"') {
        i = openingQuote(line, floor, i);
        if (i < 0) {
          return NO_START;
        }
      }
    }
    return floor == 0 ? 0 : NO_START;
  }

  /** The quote that opens what the one at {@code close} closes, or -1. */
  private static int openingQuote(String line, int floor, int close) {
    for (int i = close - 1; i >= floor; i--) {
      if (line.charAt(i) == '"' && backslashesBefore(line, floor, i) % 2 == 0) {
        return i;
      }
    }
    return -1;
  }

  private static int backslashesBefore(String line, int floor, int index) {
    int i = index;
    while (i > floor && line.charAt(i - 1) == '\\') {
      i--;
    }
    return index - i;
  }

  @Override
  public @Nullable IpAddress hop(String line, int start, int end) {
    int valueStart = -1;
    int valueEnd = -1;
    int i = start;
    while (true) {
      i = HttpText.skipBlanks(line, i, end);
      if (i < end && line.charAt(i) != ';') {
        int equals = tokenEnd(line, i, end);
        int next = pairEnd(line, i, equals, end);
        if (next < 0) {
          return null;
        }
        if (isFor(line, i, equals)) {
          if (valueStart >= 0) {
            return null; // each name at most once: RFC 7239, section 4
          }
          valueStart = equals + 1;
          valueEnd = next;
        }
        i = HttpText.skipBlanks(line, next, end);
      }
      if (i >= end) {
        return valueStart < 0 ? null : node(line, valueStart, valueEnd);
      }
      if (line.charAt(i) != ';') {
        return null;
      }
      i++;
    }
  }

  private static boolean isFor(String line, int start, int end) {
    return end - start == 3 && line.regionMatches(true, start, "for", 0, 3);
  }

  private static int tokenEnd(String line, int start, int end) {
    int i = start;
    while (i < end && HttpText.isTokenCharacter(line.charAt(i))) {
      i++;
    }
    return i;
  }

  /** The index after the value of a pair, or -1 if it is not a pair. */
  private static int pairEnd(String line, int name, int equals, int end) {
    if (equals == name || equals >= end || line.charAt(equals) != '=') {
      return -1;
    }
    int value = equals + 1;
    if (value < end && line.charAt(value) == '"') {
      return quotedEnd(line, value, end);
    }
    int i = value;
    while (i < end && isBareCharacter(line.charAt(i))) {
      i++;
    }
    return i > value ? i : -1;
  }

  private static boolean isBareCharacter(char c) {
    return HttpText.isTokenCharacter(c) || c == ':' || c == '[' || c == ']';
  }

  /** The index after the closing quote, or -1. */
  private static int quotedEnd(String line, int open, int end) {
    for (int i = open + 1; i < end; i++) {
      char c = line.charAt(i);
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\') {
        i++;
      }
    }
    return -1;
  }

  private static @Nullable IpAddress node(String line, int start, int end) {
    if (line.charAt(start) != '"') {
      return NodeText.parse(line, start, end);
    }
    int first = start + 1;
    int last = end - 1;
    if (IpText.indexOf(line, '\\', first, last) < 0) {
      return NodeText.parse(line, first, last);
    }
    return last - first > MAX_ESCAPED ? null : unescaped(line, first, last);
  }

  private static @Nullable IpAddress unescaped(String line, int start, int end) {
    StringBuilder node = new StringBuilder(end - start);
    for (int i = start; i < end; i++) {
      if (line.charAt(i) == '\\') {
        i++; // the loop in quotedEnd made sure that a character follows
      }
      node.append(line.charAt(i));
    }
    return NodeText.parse(node, 0, node.length());
  }
}
