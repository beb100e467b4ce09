package io.tidegate.servlet;

import io.tidegate.Gate;
import io.tidegate.Permit;
import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The mark of a gate on a request that it let through. One attribute holds the innermost gate's,
 * which knows those of the gates around it.
 *
 * @param gate who let it through
 * @param permit what the application has of it, and of the gates around it
 */
record Passage(Gate gate, Permit permit, @Nullable Passage outer) {

  private static final String ATTRIBUTE = Passage.class.getName();

  static void open(Gate gate, Permit permit, ServletRequest request) {
    Passage outer = of(request);
    Permit all = outer == null ? permit : Permit.nested(permit, outer.permit);
    request.setAttribute(ATTRIBUTE, new Passage(gate, all, outer));
  }

  /**
   * The innermost passage. One that another application made, with its own classes, is not ours.
   */
  static @Nullable Passage of(ServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Passage passage ? passage : null;
  }

  /** Whether this gate has let the request through already. */
  static boolean through(Gate gate, ServletRequest request) {
    Passage passage = of(request);
    while (passage != null && passage.gate != gate) {
      passage = passage.outer;
    }
    return passage != null;
  }
}
