package io.tidegate.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The body of a refusal, for programs: a problem document, encoded once.
 *
 * <p>Make one for each rule and state, not for each response: everything that changes from one
 * refusal to the next is in the fields. A response with it has the status {@link #status()}, the
 * type {@link #CONTENT_TYPE}, and {@code Cache-Control: no-store}.
 *
 * <p>Any text can be given for a detail. It is escaped, and what is no valid Unicode in it comes
 * out as U+FFFD. It should be one sentence that helps the reader, and must hold nothing that the
 * client may not know.
 *
 * <p>Immutable.
 *
 * <p>Sources: RFC 9457 (the document); draft-ietf-httpapi-ratelimit-headers-11, sections 5 and 10.2
 * (the types, their titles, and {@code violated-policies}); RFC 6585, section 4 (429).
 */
public final class Problem {

  /** The content type of a problem document. It is UTF-8 by definition. */
  public static final String CONTENT_TYPE = "application/problem+json";

  private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

  private final int status;
  private final String json;
  private final byte[] utf8;

  private Problem(
      int status, String type, String title, String detail, List<String> violatedPolicies) {
    this.status = status;
    this.json = write(status, type, title, detail, violatedPolicies);
    this.utf8 = json.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * A client has used up what it may (429).
   *
   * @param violatedPolicies the names of the policies that refused; if there are none, none are
   *     told
   * @param detail what happened, for a person; empty for none
   * @return the problem
   */
  public static Problem quotaExceeded(List<String> violatedPolicies, String detail) {
    return new Problem(429, TYPES + "quota-exceeded", "Quota Exceeded", detail, violatedPolicies);
  }

  /**
   * A client is shut out for what it did (429).
   *
   * @param violatedPolicies the names of the policies that led to it; if there are none, none are
   *     told
   * @param detail what happened, for a person; empty for none
   * @return the problem
   */
  public static Problem abnormalUsage(List<String> violatedPolicies, String detail) {
    return new Problem(
        429,
        TYPES + "abnormal-usage-detected",
        "Abnormal Usage Detected",
        detail,
        violatedPolicies);
  }

  /**
   * The service is overloaded, through no fault of this client (503).
   *
   * @param detail what happened, for a person; empty for none
   * @return the problem
   */
  public static Problem reducedCapacity(String detail) {
    return new Problem(
        503, TYPES + "temporary-reduced-capacity", "Temporary Reduced Capacity", detail, List.of());
  }

  /**
   * A client may not do this, now or later (403). No type says more than the status.
   *
   * @param detail what happened, for a person; empty for none
   * @return the problem
   */
  public static Problem forbidden(String detail) {
    return new Problem(403, "about:blank", "Forbidden", detail, List.of());
  }

  /**
   * There is nothing here (404).
   *
   * @param detail what is missing, for a person; empty for none
   * @return the problem
   */
  public static Problem notFound(String detail) {
    return new Problem(404, "about:blank", "Not Found", detail, List.of());
  }

  /**
   * The status that the response must have.
   *
   * @return the status code, which the document repeats
   */
  public int status() {
    return status;
  }

  /**
   * The document.
   *
   * @return the JSON text
   */
  public String json() {
    return json;
  }

  /**
   * The document, encoded.
   *
   * @return a new copy, for the caller to keep
   */
  public byte[] bytes() {
    return utf8.clone();
  }

  /**
   * The document, encoded, without a copy.
   *
   * @return a new read-only view, for servers that write buffers
   */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(utf8).asReadOnlyBuffer();
  }

  /**
   * How long the document is, encoded.
   *
   * @return the number of bytes, for {@code Content-Length}
   */
  public int length() {
    return utf8.length;
  }

  private static String write(
      int status, String type, String title, String detail, List<String> violatedPolicies) {
    Objects.requireNonNull(detail, "detail");
    Objects.requireNonNull(violatedPolicies, "violatedPolicies");
    StringBuilder out = new StringBuilder(256);
    out.append("{\"type\":");
    Json.quote(type, out);
    out.append(",\"title\":");
    Json.quote(title, out);
    out.append(",\"status\":").append(status);
    if (!detail.isEmpty()) {
      out.append(",\"detail\":");
      Json.quote(detail, out);
    }
    if (!violatedPolicies.isEmpty()) {
      out.append(",\"violated-policies\":");
      writeArray(violatedPolicies, out);
    }
    return out.append('}').toString();
  }

  private static void writeArray(List<String> texts, StringBuilder out) {
    char before = '[';
    for (String text : texts) {
      out.append(before);
      Json.quote(text, out);
      before = ',';
    }
    out.append(']');
  }

  /** The status and the JSON text. */
  @Override
  public String toString() {
    return status + " " + json;
  }
}
