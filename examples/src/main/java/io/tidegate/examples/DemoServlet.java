package io.tidegate.examples;

import io.tidegate.servlet.TidegateFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Carries requests to the demo, and its answers back. */
@SuppressWarnings("serial") // no servlet is ever serialised
final class DemoServlet extends HttpServlet {

  private final Demo demo;
  private final ScheduledThreadPoolExecutor timer;

  DemoServlet(Demo demo) {
    this.demo = demo;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "demo-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Reply reply = demo.answer(ask(request)).join(); // done already: hard work is done right here
    Parts parts = reply.parts();
    try {
      response.setStatus(reply.status());
      reply.fields().forEach(response::setHeader);
      if (reply.member() != null) {
        TidegateFilter.remember(request, response, reply.member());
      }
      if (parts.length() >= 0) {
        response.setContentLength(parts.length());
      }
      PacedAnswer.send(parts, timer, request, response);
    } catch (IOException | RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  private static Ask ask(HttpServletRequest request) throws IOException {
    String method = request.getMethod();
    byte[] body = method.equals("POST") ? body(request) : new byte[0];
    return new Ask(
        method, request.getServletPath(), request.getQueryString(), request::getHeader, body);
  }

  private static byte[] body(HttpServletRequest request) throws IOException {
    return request.getContentLengthLong() > JsonBodies.MOST_BYTES
        ? JsonBodies.TOO_LONG
        : request.getInputStream().readNBytes(JsonBodies.TOO_LONG.length);
  }

  @Override
  public void destroy() {
    timer.shutdownNow(); // what is under way gets no more parts
  }
}
