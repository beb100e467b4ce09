package io.tidegate.examples;

import io.tidegate.http.PolicySet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request that ends in an error. Each endpoint tells it in the format of its interface. */
final class HttpError extends Exception {

  private static final long serialVersionUID = 1L;

  final int status;
  final String code;
  final String text;

  /** What goes with it: when to come back, how to log in, what is allowed. */
  private final transient Map<String, String> fields = new LinkedHashMap<>();

  HttpError(int status, String code, String text) {
    super(text, null, false, false); // an answer, not a failure: no stack trace
    this.status = status;
    this.code = code;
    this.text = text;
    if (status == 401) {
      fields.put("WWW-Authenticate", "Bearer"); // required: RFC 9110, section 15.5.2
    }
  }

  static HttpError badInput(String text) {
    return new HttpError(400, "bad_input", text);
  }

  static HttpError methodNotAllowed(String allowed) {
    HttpError error = new HttpError(405, "method_not_allowed", "Ask by " + allowed + ".");
    error.fields.put("Allow", allowed); // required: RFC 9110, section 15.5.6
    return error;
  }

  /** All places are taken. What is done there takes less than a second. */
  static HttpError busy() {
    HttpError error = new HttpError(503, "busy", "The service is busy. Try again in a second.");
    DemoGate.FIELDS.refused(PolicySet.of(), List.of(), -1, 1, error.fields::put);
    return error;
  }

  /** More than a client may have of something that the gate does not count. */
  static HttpError tooMuch(String text) {
    return new HttpError(429, "rate_limit_exceeded", text);
  }

  /** The header fields that go with it. */
  Map<String, String> fields() {
    return fields;
  }

  /** The status in words, as RFC 9110 has them. */
  String title() {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 409 -> "Conflict";
      case 413 -> "Content Too Large";
      case 415 -> "Unsupported Media Type";
      case 429 -> "Too Many Requests";
      case 503 -> "Service Unavailable";
      default -> "Internal Server Error";
    };
  }
}
