package io.tidegate;

import io.tidegate.http.FieldSink;
import io.tidegate.http.Problem;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gate's answer to one request.
 *
 * <p>If {@link #admitted()}, let the request through and close its {@link #permit()} when it ends;
 * set the fields of {@link #writeFields} on the response before it is committed. If not, answer
 * with {@link #status()}, the fields, {@link #contentType()} and {@link #body()}, and do not call
 * the endpoint.
 *
 * <p>A refused verdict is immutable; an admitted one changes only when its permit is closed. Safe
 * for use by many threads.
 */
public abstract class Verdict {

  Verdict() {}

  /** What a gate can say. */
  public enum Kind {
    /** Go on. */
    ADMITTED(200),
    /** One client's excess: 429. */
    THROTTLED(429),
    /** One client's excess, and a price at which it may go on: 429. */
    CHALLENGED(429),
    /** In the penalty box: 429. */
    BANNED(429),
    /** On the deny list: 403. */
    DENIED(403),
    /** The service's own state: 503. */
    OVERLOADED(503),
    /** Not the application's: the gate's own page, script or pass. It says its own status. */
    SERVED(200);

    final int status;

    Kind(int status) {
      this.status = status;
    }
  }

  /**
   * What was decided.
   *
   * @return the kind
   */
  public abstract Kind kind();

  /**
   * Whether the request goes on.
   *
   * @return true if admitted
   */
  public final boolean admitted() {
    return kind() == Kind.ADMITTED;
  }

  /**
   * The leave to go on.
   *
   * @return the permit, always the same one
   * @throws IllegalStateException if not admitted
   */
  public abstract Permit permit();

  /**
   * The rule that decided.
   *
   * @return its name, for a ban of the rule that gave it; null if no rule refused: admitted, banned
   *     by hand, denied by a list, or a failure of the gate itself
   */
  public abstract @Nullable String rule();

  /**
   * When to come back.
   *
   * @return how long to wait, exact; empty if admitted, or if waiting is no use
   */
  public abstract Optional<Duration> retryAfter();

  /**
   * The status to answer with.
   *
   * @return 429, 403 or 503 for a refusal; what the gate answers under its own path; 200 if
   *     admitted, where it is the endpoint's to say
   */
  public int status() {
    return kind().status;
  }

  /**
   * Writes the response's fields: the rate limits, {@code Retry-After} on a refusal, what makes
   * them readable to scripts of another origin, and perhaps a cookie. No value holds anything that
   * the client sent.
   *
   * @param out where they go
   */
  public abstract void writeFields(FieldSink out);

  /**
   * The content type of a refusal's body.
   *
   * @return {@value Problem#CONTENT_TYPE} unless the rule has its own; empty if admitted
   */
  public abstract String contentType();

  /**
   * The body of a refusal.
   *
   * @return the bytes, for the caller to keep; empty if admitted
   */
  public abstract byte[] body();
}
