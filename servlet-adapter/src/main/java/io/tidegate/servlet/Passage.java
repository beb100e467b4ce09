package io.tidegate.servlet;

import io.tidegate.Gate;
import io.tidegate.Permit;
import jakarta.servlet.ServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mark of a gate on a request that it let through, and the application's view of the permit.
 * One attribute holds the innermost gate's, which knows those of the gates around it.
 */
final class Passage implements Permit {

  private static final String ATTRIBUTE = Passage.class.getName();

  private final Gate gate;
  private final Permit permit;
  private final @Nullable Passage outer;

  private Passage(Gate gate, Permit permit, @Nullable Passage outer) {
    this.gate = gate;
    this.permit = permit;
    this.outer = outer;
  }

  static void open(Gate gate, Permit permit, ServletRequest request) {
    request.setAttribute(ATTRIBUTE, new Passage(gate, permit, of(request)));
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

  @Override
  public void markFailed() {
    for (Passage passage = this; passage != null; passage = passage.outer) {
      passage.permit.markFailed();
    }
  }

  @Override
  public void close(int status) {
    for (Passage passage = this; passage != null; passage = passage.outer) {
      passage.permit.close(status);
    }
  }

  @Override
  public Optional<String> remember(String account) {
    Optional<String> first = Optional.empty();
    for (Passage passage = this; passage != null; passage = passage.outer) {
      Optional<String> made = passage.permit.remember(account);
      first = first.isPresent() ? first : made;
    }
    return first;
  }

  @Override
  public Optional<String> account() {
    Optional<String> first = Optional.empty();
    for (Passage passage = this; passage != null && first.isEmpty(); passage = passage.outer) {
      first = passage.permit.account();
    }
    return first;
  }

  @Override
  public void onClose(Runnable action) {
    permit.onClose(action);
  }

  @Override
  public boolean isClosed() {
    return permit.isClosed();
  }
}
