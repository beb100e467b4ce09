package io.tidegate.examples.drill;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Registration is closed, for all; nothing else is. */
final class ClosedDoorFilter implements Filter {

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest http
        && response instanceof HttpServletResponse answer
        && http.getServletPath().equals("/register")) {
      answer.setStatus(503);
      answer.setContentType("text/plain");
      answer.getOutputStream().print("Registration is closed.");
      return;
    }
    chain.doFilter(request, response);
  }
}
