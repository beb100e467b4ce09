package io.tidegate.examples.drill;

import java.util.Arrays;
import java.util.List;

/** What stands before the service. */
enum Column {
  /** Nothing. */
  NONE("none", 1),
  /** Registration answers 503; all else is as without protection. */
  CLOSED("closed", 1),
  /** A limit for each address, of Bucket4j in a filter. */
  PER_ADDRESS("perAddress", 1),
  /** Tidegate. */
  TIDEGATE("tidegate", 1),
  /** Tidegate, and attackers who solve twenty times as fast. */
  TIDEGATE_20X("tidegate20x", 20);

  /** As it is called in the report. */
  final String label;

  /** How much more than two server cores the attackers solve with. */
  final int compute;

  Column(String label, int compute) {
    this.label = label;
    this.compute = compute;
  }

  boolean hasGate() {
    return this == TIDEGATE || this == TIDEGATE_20X;
  }

  static Column named(String label) {
    return Arrays.stream(values())
        .filter(column -> column.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "drill.columns: "
                        + label
                        + " (expected: some of "
                        + Arrays.stream(values()).map(column -> column.label).toList()
                        + ")"));
  }

  static List<Column> listed(String labels) {
    return Arrays.stream(labels.split(",", -1)).map(String::strip).map(Column::named).toList();
  }
}
