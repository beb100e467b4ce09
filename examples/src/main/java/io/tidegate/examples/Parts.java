package io.tidegate.examples;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of an answer in parts, which are made one by one and sent as fast as the client
 * reads. Their making takes some {@link Work}, until the last is made or the client has gone.
 *
 * <p>Not thread-safe, but for {@link #close()}.
 */
final class Parts {

  private final List<byte[]> parts;
  private final Duration pace;
  private final @Nullable Work work;
  private int made;
  private int sent;

  /** What it takes to make them. Used by one thread at a time, but for {@link #close()}. */
  interface Work {

    /** A part is made, by its index. */
    void made(int part);

    /** No more is made: all are, or the client has gone. May be called again. */
    void close();
  }

  private Parts(List<byte[]> parts, Duration pace, @Nullable Work work) {
    this.parts = parts;
    this.pace = pace;
    this.work = work;
  }

  /** Content that is there already. */
  static Parts ready(byte[] content) {
    Parts ready = new Parts(List.of(content), Duration.ZERO, null);
    ready.makeNext();
    return ready;
  }

  /** Content each part of which takes a while to make. */
  static Parts paced(List<byte[]> parts, Duration pace, Work work) {
    return new Parts(parts, pace, work);
  }

  /** The length of the whole; -1 if it comes in several parts. */
  int length() {
    return parts.size() == 1 ? parts.get(0).length : -1;
  }

  /** How long each part takes to make. */
  Duration pace() {
    return pace;
  }

  /** Another part is made. */
  void makeNext() {
    if (!areMade()) {
      if (work != null) {
        work.made(made);
      }
      made++;
    }
    if (areMade()) {
      close(); // before the client has the end, and asks again
    }
  }

  boolean areMade() {
    return made == parts.size();
  }

  /** Takes the next part that can be sent; null if there is none yet, or no more. */
  byte @Nullable [] next() {
    return sent < made ? parts.get(sent++) : null;
  }

  boolean areSent() {
    return sent == parts.size();
  }

  /** No more is made. */
  void close() {
    if (work != null) {
      work.close();
    }
  }
}
