package io.tidegate.netty;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** All values of a field, in a list that is cheap for the usual number of them: none or one. */
final class HeaderValues {

  private HeaderValues() {}

  /**
   * The values as text, in the order in which they came.
   *
   * @param values the values in any order: iterators of Netty's have the last one first
   * @param inOrder the values in their order, asked for if there are several
   */
  static List<String> of(
      Iterator<? extends CharSequence> values,
      Supplier<? extends List<? extends CharSequence>> inOrder) {
    if (!values.hasNext()) {
      return List.of();
    }
    String first = values.next().toString();
    if (!values.hasNext()) {
      return List.of(first);
    }
    List<String> all = new ArrayList<>();
    inOrder.get().forEach(value -> all.add(value.toString()));
    return all;
  }
}
