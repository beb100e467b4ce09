package io.tidegate.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The dialects of the rate-limit fields. They are one choice, since all of them say {@code
 * RateLimit-Policy} and mean different syntaxes by it.
 */
enum Dialect {
  /** Named policies, any number of them: structured lists. */
  DRAFT_11("draft-11") {
    @Override
    List<String> names() {
      return List.of(POLICY, RATE_LIMIT);
    }

    @Override
    void write(Standing standing, FieldSink out) {
      PolicySet policies = standing.policies();
      out.set(POLICY, policies.named());
      out.set(RATE_LIMIT, policies.told(standing));
    }
  },

  /** One policy's state as a structured dictionary. */
  DRAFT_07("draft-07") {
    @Override
    List<String> names() {
      return List.of(POLICY, RATE_LIMIT);
    }

    @Override
    void write(Standing standing, FieldSink out) {
      int tightest = standing.tightest();
      writeNumbered(standing.policies(), out);
      out.set(
          RATE_LIMIT,
          "limit="
              + standing.limit(tightest)
              + ", remaining="
              + standing.leftOfLimit(tightest)
              + ", reset="
              + standing.reset(tightest));
    }
  },

  /** One policy's state in three fields. */
  DRAFT_06("draft-06") {
    @Override
    List<String> names() {
      List<String> names = new ArrayList<>(ThreeFields.DRAFT_06.names());
      names.add(0, POLICY);
      return names;
    }

    @Override
    void write(Standing standing, FieldSink out) {
      writeNumbered(standing.policies(), out);
      ThreeFields.DRAFT_06.write(standing, out);
    }
  },

  /** Nothing. */
  NONE("none") {
    @Override
    List<String> names() {
      return List.of();
    }

    @Override
    void write(Standing standing, FieldSink out) {}
  };

  private static final String POLICY = "RateLimit-Policy";
  private static final String RATE_LIMIT = "RateLimit";

  private final String label;

  Dialect(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** The names of all fields that the dialect may write. */
  abstract List<String> names();

  /** Writes the fields for at least one policy. */
  abstract void write(Standing standing, FieldSink out);

  private static void writeNumbered(PolicySet policies, FieldSink out) {
    if (!policies.numbered().isEmpty()) {
      out.set(POLICY, policies.numbered());
    }
  }
}
