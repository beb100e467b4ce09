package io.tidegate.servlet;

import io.tidegate.Verdict;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A verdict on a response. */
final class Answer {

  private static final String EXPOSED = "Access-Control-Expose-Headers";

  private Answer() {}

  /**
   * The fields replace what the response has; the list of exposed fields is the application's, too.
   */
  static void writeFields(Verdict verdict, HttpServletResponse response) {
    verdict.writeFields(
        (name, value) -> {
          if (name.equals(EXPOSED)) {
            response.addHeader(name, value);
          } else {
            response.setHeader(name, value);
          }
        });
  }

  /** Answers a refused request. Fields that filters around ours have set stay. */
  static void refuse(Verdict verdict, HttpServletRequest request, HttpServletResponse response) {
    byte[] body = verdict.body();
    response.setStatus(verdict.status());
    writeFields(verdict, response);
    response.setContentType(verdict.contentType());
    response.setContentLength(body.length);
    if ("HEAD".equals(request.getMethod())) {
      return;
    }
    try {
      response.getOutputStream().write(body);
    } catch (IOException e) {
      // The client has gone. The container finds out for itself, and nobody is left to be told.
    } catch (IllegalStateException e) {
      // A filter around ours has taken the writer. The status and the fields say enough.
    }
  }
}
