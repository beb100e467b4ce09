package io.tidegate.client;

import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The walk from a trusted peer along its header, from the right end to the client. */
final class HopWalk {

  private static final int MAX_TEXT = 4096;
  private static final int MAX_HOPS = 64;

  private final NetworkSet trusted;
  private final HopSyntax syntax;
  private final LongAdder malformed = new LongAdder();

  HopWalk(NetworkSet trusted, HopSyntax syntax) {
    this.trusted = trusted;
    this.syntax = syntax;
  }

  long malformed() {
    return malformed.sum();
  }

  /** The first hop from the right that is not trusted, or the last one that could be read. */
  IpAddress walk(IpAddress peer, Iterable<String> headerLines) {
    List<String> lines = randomAccess(headerLines);
    IpAddress lastGood = peer;
    int hops = 0;
    int budget = MAX_TEXT;
    for (int n = lines.size() - 1; n >= 0; n--) {
      // Some servers might hand out a null line; it counts as an empty one.
      @Nullable String given = lines.get(n);
      String line = given == null ? "" : given;
      int end = line.length();
      int floor = Math.max(0, end - budget);
      budget = Math.max(0, budget - end - 1); // lines join with a comma
      while (end >= 0) {
        int start = hops++ < MAX_HOPS ? syntax.elementStart(line, floor, end) : HopSyntax.NO_START;
        IpAddress hop = start < 0 ? null : syntax.hop(line, start, end);
        if (hop == null) {
          malformed.increment();
          return lastGood;
        }
        if (!trusted.contains(hop)) {
          return hop;
        }
        lastGood = hop;
        end = start - 1; // the comma, or -1 before the first element
      }
    }
    return lastGood;
  }

  private static List<String> randomAccess(Iterable<String> lines) {
    if (lines instanceof List<String> list && lines instanceof RandomAccess) {
      return list;
    }
    List<String> copy = new ArrayList<>(2);
    lines.forEach(copy::add);
    return copy;
  }
}
