package io.tidegate.servlet;

import io.tidegate.Gate;
import io.tidegate.Permit;
import io.tidegate.SetupNotice;
import io.tidegate.Verdict;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Has a gate decide each request before the application sees it.
 *
 * <p><b>Registering.</b> Once for each gate, for {@code /*} and the dispatcher types {@code
 * REQUEST} and {@code ASYNC}:
 *
 * <ul>
 *   <li>with {@code setAsyncSupported(true)}; a container lets no endpoint behind a filter go
 *       asynchronous that is registered without it;
 *   <li>after filters that authenticate, if a rule counts by principal;
 *   <li>after filters that write {@code Access-Control-Allow-Origin}, or scripts of other origins
 *       cannot read refusals.
 * </ul>
 *
 * <p>A request is decided and charged once, when it first gets here; forwards, includes, error
 * pages and resumed asynchronous requests pass after that. {@code ASYNC} is for requests that a
 * filter in front suspended before they got here, and {@code FORWARD}, with a narrower mapping than
 * {@code /*}, for those that are forwarded into it. {@code INCLUDE} and {@code ERROR} do no harm
 * and are no use.
 *
 * <p><b>Admitted</b> requests carry the fields of their limits from the start, and a permit until
 * they end: when the chain returns or throws, or when the asynchronous request is complete,
 * whatever completed it. The gate learns the response's status; 500 if the chain threw and the
 * response was not committed; 0 if an asynchronous request's client went away before anything was
 * sent. A connection that is upgraded, to a web socket for example, ends for the gate with its
 * handshake.
 *
 * <p><b>Refused</b> requests are answered here, and the chain is not called. {@code sendError} is
 * not used: it would hand the request to the application's error pages, which a flood should not
 * reach, and which would replace the body. A body that the request has is not read; the container
 * drains it or closes the connection, as it is set up to.
 *
 * <p>The filter does not close the gate. Whoever built it does, for example in {@code
 * ServletContextListener.contextDestroyed}.
 *
 * <p>Safe for use by many threads; never blocks, and keeps nothing but the gate. It adds three
 * small objects to what the gate needs for a request, and one listener to an asynchronous one.
 *
 * <p>Source: Jakarta Servlet 6.0, sections 2.3.3.3 (asynchronous processing) and 6.2.5 (filters and
 * dispatchers).
 */
public final class TidegateFilter implements Filter {

  private final Gate gate;

  /** Whether a request that had waited came back past this filter, so that none may wait. */
  private volatile boolean bypassed;

  /**
   * Makes a filter.
   *
   * @param gate who decides; not closed by the filter
   */
  public TidegateFilter(Gate gate) {
    this.gate = Objects.requireNonNull(gate, "gate");
  }

  /**
   * The permit of a request that this filter let through, for {@link Permit#markFailed()}: a login
   * form that says no with a status of 200 is a failure that only the application knows of.
   *
   * <p>If several gates let the request through, what is said to the permit is said to all of them.
   * The application need not close it. Takes the time of one attribute's look-up.
   *
   * @param request the request, or a wrapper of it
   * @return the permit, the same one throughout the request; null if no such filter was passed
   */
  public static @Nullable Permit permit(ServletRequest request) {
    Passage passage = Passage.of(request);
    return passage == null ? null : passage.permit();
  }

  /**
   * Gives a member's pass to somebody who has just logged in: see {@link Permit#remember}. To be
   * called before the response is committed.
   *
   * @param request the request that logged in, or a wrapper of it
   * @param response its response
   * @param account who, by an id of up to 64 bytes that means nothing to others
   * @return whether the cookie is set; false over plain http, if the request passed no such filter,
   *     or if the gate has no {@link io.tidegate.Challenges}
   * @throws IllegalArgumentException if the account is empty or too long
   */
  public static boolean remember(
      ServletRequest request, HttpServletResponse response, String account) {
    Permit permit = permit(request);
    Optional<String> cookie = permit == null ? Optional.empty() : permit.remember(account);
    cookie.ifPresent(value -> response.addHeader("Set-Cookie", value));
    return cookie.isPresent();
  }

  /**
   * Decides a request, and either answers it or calls the chain.
   *
   * @param request the request; passed on undecided if it is not HTTP
   * @param response the response
   * @param chain the rest of the filters, and the endpoint
   * @throws IOException if the chain does, never of itself
   * @throws ServletException if the chain does, never of itself
   */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest httpRequest
        && response instanceof HttpServletResponse httpResponse
        && isToDecide(httpRequest)) {
      decide(httpRequest, httpResponse, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  private boolean isToDecide(HttpServletRequest request) {
    DispatcherType type = request.getDispatcherType();
    if (!Passage.through(gate, request)) {
      // Neither an included part nor an error page can be refused; what they are a part of was
      // here,
      // or never got here.
      return type != DispatcherType.INCLUDE && type != DispatcherType.ERROR;
    }
    if (type == DispatcherType.REQUEST) {
      gate.notice(SetupNotice.FILTER_TWICE);
    }
    return false;
  }

  private void decide(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Verdict verdict = gate.mayWait() ? enterOrWait(request, response) : enter(request);
    if (verdict == null) {
      return; // it comes back when it is decided
    }
    if (verdict.admitted()) {
      serve(verdict, request, response, chain);
    } else {
      Answer.refuse(verdict, request, response);
    }
  }

  private Verdict enter(HttpServletRequest request) {
    return gate.enter(new ServletRequestView(request));
  }

  /** The verdict; null if the request waits for it without a thread. */
  private @Nullable Verdict enterOrWait(HttpServletRequest request, HttpServletResponse response) {
    Suspended back = Suspended.of(request);
    Verdict late = back == null ? null : back.take(request);
    if (late != null) {
      return late;
    }
    if (bypassed || !request.isAsyncSupported()) {
      gate.notice(SetupNotice.CANNOT_WAIT);
      return enter(request);
    }
    Suspended waiting = new Suspended(() -> bypassed = true);
    Verdict verdict = gate.enter(new ServletRequestView(request), waiting);
    if (verdict == null) {
      waiting.suspend(request, response);
    }
    return verdict;
  }

  private void serve(
      Verdict verdict, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Permit permit = verdict.permit();
    try {
      Passage.open(gate, permit, request);
      Answer.writeFields(verdict, response);
      chain.doFilter(request, response);
    } catch (Throwable e) {
      permit.close(
          response.isCommitted()
              ? response.getStatus()
              : HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
      throw e;
    }
    if (request.isAsyncStarted()) {
      EndOfAsync.close(permit, request, response);
    } else {
      permit.close(response.getStatus());
    }
  }
}
