package io.tidegate.client;

import org.jspecify.annotations.Nullable;

/** {@code X-Forwarded-For} and its like: nodes between commas. A single node is a list of one. */
final class CommaList implements HopSyntax {

  @Override
  public int elementStart(String line, int floor, int end) {
    for (int i = end - 1; i >= floor; i--) {
      if (line.charAt(i) == ',') {
        return i + 1;
      }
    }
    return floor == 0 ? 0 : NO_START;
  }

  @Override
  public @Nullable IpAddress hop(String line, int start, int end) {
    int first = HttpText.skipBlanks(line, start, end);
    return NodeText.parse(line, first, HttpText.trimBlanks(line, first, end));
  }
}
