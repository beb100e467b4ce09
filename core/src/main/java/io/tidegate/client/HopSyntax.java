package io.tidegate.client;

import org.jspecify.annotations.Nullable;

/**
 * How the lines of a header list the hops of a request, oldest first. Stateless. Works from the
 * right end, because that end was written by the nearest proxy: whatever a client put further left
 * is never looked at before the proxies' own words are read, so it cannot change their meaning.
 */
interface HopSyntax {

  /** What {@link #elementStart} answers when the element has no start in reach. */
  int NO_START = -1;

  /**
   * Finds where the last element of {@code line[0, end)} starts.
   *
   * @param floor characters before this index may not be looked at
   * @return the index after the separating comma, 0 for the first element, or {@link #NO_START}
   */
  int elementStart(String line, int floor, int end);

  /** Reads the address of one element, or null if it names none. */
  @Nullable IpAddress hop(String line, int start, int end);
}
