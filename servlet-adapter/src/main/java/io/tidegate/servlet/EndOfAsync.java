package io.tidegate.servlet;

import io.tidegate.Permit;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Closes the permit of an asynchronous request when the request is complete. A timeout or an error
 * is not the end: a listener of the application may still answer, and the container completes the
 * request in any case.
 */
final class EndOfAsync implements AsyncListener {

  private final Permit permit;
  private final HttpServletResponse response;
  private volatile boolean clientGone;

  private EndOfAsync(Permit permit, HttpServletResponse response) {
    this.permit = permit;
    this.response = response;
  }

  /**
   * Has the permit closed at the end. Called on the thread that brought the request, where a
   * container holds back all that the application may have done meanwhile on others.
   */
  static void close(Permit permit, HttpServletRequest request, HttpServletResponse response) {
    try {
      request.getAsyncContext().addListener(new EndOfAsync(permit, response));
    } catch (IllegalStateException e) {
      permit.close(response.getStatus()); // it has just ended
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    permit.close(clientGone ? 0 : response.getStatus());
  }

  @Override
  public void onTimeout(AsyncEvent event) {}

  @Override
  public void onError(AsyncEvent event) {
    clientGone = event.getThrowable() instanceof IOException && !response.isCommitted();
  }

  /** A container forgets the listeners of a request that is resumed and goes asynchronous again. */
  @Override
  public void onStartAsync(AsyncEvent event) {
    event.getAsyncContext().addListener(this);
  }
}
