package io.tidegate.servlet;

import io.tidegate.Verdict;
import io.tidegate.http.FieldSink;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A verdict on a response. */
final class Answer {

  private Answer() {}

  /** A response as a place for fields. */
  private record Fields(HttpServletResponse response) implements FieldSink {
    @Override
    public void set(String name, String value) {
      response.setHeader(name, value);
    }

    @Override
    public void add(String name, String value) {
      response.addHeader(name, value);
    }
  }

  static void writeFields(Verdict verdict, HttpServletResponse response) {
    verdict.writeFields(new Fields(response));
  }

  /** Answers a refused request. Fields that filters around ours have set stay. */
  static void refuse(Verdict verdict, HttpServletRequest request, HttpServletResponse response) {
    byte[] body = verdict.body();
    response.setStatus(verdict.status());
    writeFields(verdict, response);
    response.setContentType(verdict.contentType());
    if (verdict.status() != HttpServletResponse.SC_NOT_MODIFIED) {
      response.setContentLength(body.length);
    }
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
