package io.tidegate;

import io.tidegate.overload.Priority;
import io.tidegate.overload.Refusal;
import io.tidegate.overload.Slot;
import io.tidegate.overload.Turn;
import io.tidegate.overload.Waiter;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A request that may wait for a slot: what {@link Gate#enter(GateRequest, Waiting)} is given, and
 * told later. For one request.
 *
 * <p>Safe for use by many threads.
 */
public abstract class Waiting {

  /** Set when the request has begun to wait. */
  private final AtomicReference<@Nullable Turn> turn = new AtomicReference<>();

  /** For those who extend it. */
  protected Waiting() {}

  /**
   * The request has its verdict. Called once, and only if {@link Gate#enter(GateRequest, Waiting)}
   * returned null; perhaps before it returned. On any thread, which must not be held up: hand the
   * work to where it belongs. What it throws is counted, and the permit is closed.
   *
   * @param verdict the verdict; if admitted, its permit must be closed
   */
  protected abstract void decided(Verdict verdict);

  /**
   * The client has gone: the request waits no more.
   *
   * @return true if it was waiting, and {@link #decided} will not be called; false if it has been
   *     or is being called, so that its permit must be closed, or never waited
   */
  public final boolean cancel() {
    Turn waiting = turn.get();
    return waiting != null && waiting.cancel();
  }

  void waits(Turn waiting) {
    turn.set(waiting);
  }

  /** What the slots tell, as a verdict. */
  Waiter waiter(Guard guard, Call call, Admitted admitted, Priority priority) {
    return new Waiter() {
      @Override
      public void granted(Slot slot) {
        admitted.hold(slot);
        tell(admitted);
      }

      @Override
      public void refused(Refusal refusal) {
        tell(guard.full(call, admitted, priority));
      }

      private void tell(Verdict verdict) {
        guard.count(verdict);
        try {
          decided(verdict);
        } catch (Throwable e) {
          if (verdict.admitted()) {
            verdict.permit().close(0);
          }
          guard.failed(e);
        }
      }
    };
  }
}
