package io.tidegate.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** A servlet of a test. */
@FunctionalInterface
interface Handler {
  void serve(HttpServletRequest request, HttpServletResponse response) throws Exception;
}
