package io.tidegate.overload;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A waiter that remembers what it was told. */
final class Told implements Waiter {

  final List<String> order;
  final String name;
  int calls;
  @Nullable Slot slot;
  @Nullable Refusal refusal;

  Told() {
    this("", new ArrayList<>());
  }

  /** Also writes its name down among others when it is told. */
  Told(String name, List<String> order) {
    this.name = name;
    this.order = order;
  }

  @Override
  public void granted(Slot granted) {
    calls++;
    slot = granted;
    order.add(name);
  }

  @Override
  public void refused(Refusal why) {
    calls++;
    refusal = why;
    order.add(name + ":" + why);
  }

  /** Closes the slot that it was granted. */
  void done() {
    if (slot == null) {
      throw new AssertionError("no slot for " + name);
    }
    slot.close();
  }
}
