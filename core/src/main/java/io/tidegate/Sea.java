package io.tidegate;

/** The state of the sea: how much more is asked of a service than it can do. */
public enum Sea {
  /** There is room for all. */
  CALM,
  /** More is asked than there are slots for: strangers who have not paid get none. */
  PRESSED,
  /** Several times as much is asked. */
  FLOODED
}
