package io.tidegate;

import io.tidegate.challenge.Pass;
import io.tidegate.http.FieldSink;
import io.tidegate.overload.Slot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An admission, which is its own permit: one object for each request. */
final class Admitted extends Verdict implements Permit {

  private static final byte[] NO_BODY = {};
  private static final VarHandle STATE;
  private static final VarHandle ENDINGS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Admitted.class, "state", int.class);
      ENDINGS = lookup.findVarHandle(Admitted.class, "endings", Ending.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int OPEN = 0;
  private static final int FAILED = 1;
  private static final int CLOSED = 2;

  private final Pipeline pipeline;
  private final GateRequest request;
  private final @Nullable Charge charges;

  /** A cookie that renews the client's pass; null if there is none to set. */
  private volatile @Nullable String cookie;

  /** What the request runs in; null if it needs none. */
  private @Nullable Slot slot;

  private volatile int state;

  /** What is to be done at the end, the last first. Whoever takes the list does it. */
  private volatile @Nullable Ending endings;

  private record Ending(Runnable action, @Nullable Ending before) {}

  Admitted(Pipeline pipeline, GateRequest request, @Nullable Charge charges) {
    this.pipeline = pipeline;
    this.request = request;
    this.charges = charges;
  }

  /** Takes the slot that the request runs in. Called before the verdict is given out. */
  void hold(Slot slot) {
    this.slot = slot;
  }

  /** The request is refused after all: gives back what it was charged, where that can be. */
  void withdraw() {
    if ((int) STATE.getAndSet(this, CLOSED) == CLOSED) {
      return;
    }
    for (Charge charge = charges; charge != null; charge = charge.before) {
      if (!charge.isShadow()) {
        charge.giveBack();
      }
    }
  }

  /** Has the response set a cookie. Called before the verdict is given out. */
  void setCookie(@Nullable String cookie) {
    this.cookie = cookie;
  }

  @Override
  public Kind kind() {
    return Kind.ADMITTED;
  }

  @Override
  public Permit permit() {
    return this;
  }

  @Override
  public @Nullable String rule() {
    return null;
  }

  @Override
  public Optional<Duration> retryAfter() {
    return Optional.empty();
  }

  @Override
  public void writeFields(FieldSink out) {
    pipeline.answers.admitted(request, charges, out);
    String set = cookie;
    if (set != null) {
      out.add(Toll.SET_COOKIE, set);
    }
  }

  @Override
  public String contentType() {
    return "";
  }

  @Override
  public byte[] body() {
    return NO_BODY;
  }

  @Override
  public void markFailed() {
    STATE.compareAndSet(this, OPEN, FAILED);
  }

  @Override
  public void close(int status) {
    int before = (int) STATE.getAndSet(this, CLOSED);
    if (before == CLOSED) {
      return;
    }
    Slot held = slot;
    if (held != null) {
      held.close();
    }
    if (charges != null) {
      pipeline.settle(charges, new Outcome(status, before == FAILED));
    }
    end();
  }

  @Override
  public void onClose(Runnable action) {
    Objects.requireNonNull(action, "action");
    Ending before;
    do {
      before = endings;
    } while (!ENDINGS.compareAndSet(this, before, new Ending(action, before)));
    if (state == CLOSED) { // perhaps before the action was in the list
      end();
    }
  }

  private void end() {
    if (endings == null) {
      return;
    }
    Ending taken = (Ending) ENDINGS.getAndSet(this, (Ending) null);
    for (Ending ending = taken; ending != null; ending = ending.before()) {
      pipeline.end(ending.action());
    }
  }

  @Override
  public Optional<String> remember(String account) {
    Objects.requireNonNull(account, "account");
    Toll toll = pipeline.toll();
    Optional<String> made =
        toll == null ? Optional.empty() : toll.memberCookie(new Call(request, pipeline), account);
    made.ifPresent(this::setCookie);
    return made;
  }

  @Override
  public Optional<String> account() {
    Toll toll = pipeline.toll();
    try {
      Pass pass = toll == null ? null : toll.passOf(new Call(request, pipeline));
      return Optional.ofNullable(pass == null ? null : pass.account());
    } catch (Throwable e) { // the request can no longer be read
      Failures.throwIfFatal(e);
      return Optional.empty();
    }
  }

  @Override
  public boolean isClosed() {
    return state == CLOSED;
  }

  @Override
  public String toString() {
    return "Verdict[ADMITTED]";
  }
}
