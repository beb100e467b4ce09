package io.tidegate.servlet;

import io.tidegate.GateRequest;
import io.tidegate.client.IpAddress;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A servlet request as a gate sees it. What the Servlet API lets be null, or a container or a
 * wrapper may throw for, is seen to here, so that no client's input makes it fail.
 */
final class ServletRequestView implements GateRequest {

  private final HttpServletRequest request;

  ServletRequestView(HttpServletRequest request) {
    this.request = request;
  }

  @Override
  public String method() {
    return orEmpty(request.getMethod());
  }

  @Override
  public String path() {
    return orEmpty(request.getRequestURI());
  }

  /**
   * The context's own path, not the request's spelling of it, which some containers look for anew
   * at each call, at a cost that grows with the square of the path.
   */
  @Override
  public String basePath() {
    ServletContext context = request.getServletContext();
    return context == null ? "" : orEmpty(context.getContextPath());
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /**
   * The name by which the container routes. It comes from {@code :authority} or the request line if
   * they name one; a {@code Host} field beside them may say something else.
   */
  @Override
  public @Nullable String host() {
    String host = request.getServerName();
    return host == null || host.isEmpty() ? request.getHeader("Host") : host;
  }

  @Override
  public @Nullable IpAddress peer() {
    String address;
    try {
      address = request.getRemoteAddr();
    } catch (RuntimeException e) {
      return null; // the container has no address; the gate says so once
    }
    boolean bracketed = address != null && address.startsWith("[") && address.endsWith("]");
    return bracketed
        ? IpAddress.parseOrNull(address, 1, address.length() - 1)
        : IpAddress.parseOrNull(address);
  }

  @Override
  public boolean isSecure() {
    return request.isSecure();
  }

  @Override
  public @Nullable String header(String name) {
    return request.getHeader(name);
  }

  @Override
  public Iterable<String> headers(String name) {
    Enumeration<String> values = request.getHeaders(name);
    if (values == null || !values.hasMoreElements()) {
      return List.of();
    }
    String first = values.nextElement();
    if (first != null && !values.hasMoreElements()) {
      return List.of(first); // as nearly always
    }
    List<String> all = new ArrayList<>();
    all.add(first);
    values.asIterator().forEachRemaining(all::add);
    return all;
  }

  /** Asking may make the container authenticate, by code that is not ours and may fail. */
  @Override
  public @Nullable String principal() {
    try {
      Principal principal = request.getUserPrincipal();
      return principal == null ? request.getRemoteUser() : principal.getName();
    } catch (RuntimeException e) {
      return null;
    }
  }
}
