package io.tidegate;

import io.tidegate.http.FieldSink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An answer of the gate's own, under its own path. */
final class Served extends Verdict {

  private final int status;
  private final String contentType;
  private final byte[] body;
  private final List<Field> fields;

  /** One header field; all but cookies are set, and replace the container's. */
  record Field(String name, String value) {}

  Served(int status, String contentType, byte[] body, List<Field> fields) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
    this.fields = fields;
  }

  @Override
  public Kind kind() {
    return Kind.SERVED;
  }

  @Override
  public Permit permit() {
    throw new IllegalStateException("verdict: SERVED (expected: ADMITTED)");
  }

  @Override
  public @Nullable String rule() {
    return null;
  }

  @Override
  public Optional<Duration> retryAfter() {
    return Optional.empty();
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public void writeFields(FieldSink out) {
    for (Field field : fields) {
      if (field.name.equals(Toll.SET_COOKIE)) {
        out.add(field.name, field.value);
      } else {
        out.set(field.name, field.value);
      }
    }
  }

  @Override
  public String contentType() {
    return contentType;
  }

  @Override
  public byte[] body() {
    return body; // made for this answer
  }

  @Override
  public String toString() {
    return "Verdict[SERVED, " + status + "]";
  }
}
