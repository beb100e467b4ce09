package io.tidegate;

import io.tidegate.overload.Priority;
import io.tidegate.overload.Refusal;
import io.tidegate.overload.Slot;
import io.tidegate.overload.Turn;
import io.tidegate.overload.Waiter;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request that may wait for a slot: what {@link Gate#enter(GateRequest, Waiting)} is given, and
 * told later. For one request.
 *
 * <p>Safe for use by many threads.
 */
public abstract class Waiting {

  /** What a request waits for, beside a {@link Turn}: an answer from elsewhere, or nothing more. */
  private enum Answer {
    OUTSTANDING,
    UNWANTED
  }

  /** What it waits for; null if for nothing. */
  private final AtomicReference<@Nullable Object> waitsFor = new AtomicReference<>();

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
   * Where a decision may go on that must first ask elsewhere, such as a {@link
   * io.tidegate.challenge.RemoteReplayGuard}. The request is read there.
   *
   * @return a quick executor, such as the event loop of the request's connection; null, as here, if
   *     the calling thread may wait for the answer
   */
  protected @Nullable Executor executor() {
    return null;
  }

  /**
   * The client has gone: the request waits no more.
   *
   * @return true if it was waiting, and {@link #decided} will not be called; false if it has been
   *     or is being called, so that its permit must be closed, or never waited
   */
  public final boolean cancel() {
    if (waitsFor.compareAndSet(Answer.OUTSTANDING, Answer.UNWANTED)) {
      return true;
    }
    return waitsFor.get() instanceof Turn turn && turn.cancel();
  }

  void waits(Turn turn) {
    waitsFor.set(turn);
  }

  /** Waits for an answer from elsewhere. */
  void asks() {
    waitsFor.set(Answer.OUTSTANDING);
  }

  /** The answer has come; false if nobody waits for it any more. */
  boolean goesOn() {
    return waitsFor.compareAndSet(Answer.OUTSTANDING, null);
  }

  /** Hands over a late verdict. */
  void tell(Verdict verdict, Consumer<Throwable> failures) {
    try {
      decided(verdict);
    } catch (Throwable e) {
      if (verdict.admitted()) {
        verdict.permit().close(0);
      }
      failures.accept(e);
    }
  }

  /** What the slots tell, as a verdict. */
  Waiter waiter(Guard guard, Call call, Admitted admitted, Priority priority) {
    return new Waiter() {
      @Override
      public void granted(Slot slot) {
        admitted.hold(slot);
        counted(admitted);
      }

      @Override
      public void refused(Refusal refusal) {
        counted(guard.full(call, admitted, priority));
      }

      private void counted(Verdict verdict) {
        guard.count(verdict);
        Waiting.this.tell(verdict, guard::failed);
      }
    };
  }
}
