package io.tidegate.examples;

import io.tidegate.http.PolicySet;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

/** A request that ends in an error. Each servlet tells it in the format of its interface. */
final class HttpError extends Exception {

  private static final long serialVersionUID = 1L;

  final int status;
  final String code;
  final String text;

  /** In seconds; 0 if coming back is no use. */
  private final int retryAfter;

  HttpError(int status, String code, String text) {
    this(status, code, text, 0);
  }

  private HttpError(int status, String code, String text, int retryAfter) {
    super(text, null, false, false); // an answer, not a failure: no stack trace
    this.status = status;
    this.code = code;
    this.text = text;
    this.retryAfter = retryAfter;
  }

  static HttpError badInput(String text) {
    return new HttpError(400, "bad_input", text);
  }

  /** All slots are taken. The longest answer takes less than a second. */
  static HttpError busy() {
    return new HttpError(503, "busy", "All slots are taken. Try again in a second.", 1);
  }

  /** Sets the headers that go with the error. */
  void writeFields(HttpServletResponse response) {
    if (retryAfter > 0) {
      DemoGate.FIELDS.refused(PolicySet.of(), List.of(), -1, retryAfter, response::setHeader);
    }
    if (status == HttpServletResponse.SC_UNAUTHORIZED) {
      response.setHeader("WWW-Authenticate", "Bearer"); // required: RFC 9110, section 15.5.2
    }
  }
}
