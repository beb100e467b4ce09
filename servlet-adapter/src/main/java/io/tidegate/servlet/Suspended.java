package io.tidegate.servlet;

import io.tidegate.Verdict;
import io.tidegate.Waiting;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for a slot without a thread. The container suspends it, and gets it back
 * through the filter when it is decided, which may be before it is suspended.
 *
 * <p>Where the filter is not mapped for {@code ASYNC} the request comes back past it. Its permit is
 * then closed at its end, and whoever is given says so.
 */
final class Suspended extends Waiting implements AsyncListener {

  private static final String ATTRIBUTE = Suspended.class.getName();

  /** Nothing, the verdict that came first, or the context that did. */
  private final AtomicReference<@Nullable Object> first = new AtomicReference<>();

  private final Runnable bypassed;
  private volatile @Nullable Verdict verdict;

  /**
   * A request that may wait.
   *
   * @param bypassed called if it came back past the filter
   */
  Suspended(Runnable bypassed) {
    this.bypassed = bypassed;
  }

  /** The request that has come back; null if this one was never away. */
  static @Nullable Suspended of(ServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Suspended suspended ? suspended : null;
  }

  /** Gives the thread back to the container. */
  void suspend(HttpServletRequest request, HttpServletResponse response) {
    request.setAttribute(ATTRIBUTE, this);
    AsyncContext context = request.startAsync(request, response);
    context.addListener(this);
    context.setTimeout(0); // the slots see to it that nobody waits too long
    if (!first.compareAndSet(null, context)) {
      context.dispatch();
    }
  }

  @Override
  protected void decided(Verdict decided) {
    verdict = decided;
    if (!first.compareAndSet(null, decided) && first.get() instanceof AsyncContext context) {
      context.dispatch();
    }
  }

  /** The verdict, once; null if it was taken before. */
  @Nullable Verdict take(ServletRequest request) {
    request.removeAttribute(ATTRIBUTE);
    Verdict decided = verdict;
    verdict = null;
    return decided;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    Verdict left = verdict;
    if (left == null) {
      return;
    }
    verdict = null;
    bypassed.run();
    if (left.admitted()) {
      left.permit().close(0);
    }
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    event
        .getAsyncContext()
        .addListener(this); // a context forgets its listeners when it begins anew
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    // Not ours: we set none.
  }

  @Override
  public void onError(AsyncEvent event) {
    // Completion comes after it.
  }
}
