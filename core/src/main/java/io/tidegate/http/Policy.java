package io.tidegate.http;

import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.Objects;

/**
 * A limit as clients are told of it: a name and a quota.
 *
 * <p>The name goes to every client, in fields and in problem documents. It says what is limited
 * ({@code burst}, {@code daily}, {@code sign-up}), and never who asked.
 *
 * <p>On the wire {@code q} is the quota's permits and {@code w} its window in whole seconds. A
 * window that is no whole number of seconds cannot be told: {@code w} is then left out, where a
 * rounded one would give another rate. Numbers above 999,999,999,999,999 are told as that, the
 * largest that structured fields know.
 *
 * <p>Immutable; equal if name and quota are. The text is made once, when the policy is.
 *
 * <p>Sources: draft-ietf-httpapi-ratelimit-headers-11, section 3.1; RFC 9651, sections 3.3.1 and
 * 3.3.3.
 */
public final class Policy {

  static final long MOST = 999_999_999_999_999L;

  private static final int LONGEST_NAME = 64;

  private final String name;
  private final Quota quota;

  /** The item in {@code RateLimit-Policy}. */
  private final String item;

  /** The item in {@code RateLimit}, up to the number that is left. */
  private final String prefix;

  private Policy(String name, Quota quota) {
    this.name = name;
    this.quota = quota;
    String quoted = FieldText.quoted(name);
    this.item = quoted + ";q=" + limit() + (seconds() > 0 ? ";w=" + seconds() : "");
    this.prefix = quoted + ";r=";
  }

  /**
   * Names a quota.
   *
   * @param name what clients know the limit by: 1 to 64 printable ASCII characters
   * @param quota the quota
   * @return the policy
   * @throws IllegalArgumentException if the name is empty, too long, or not printable ASCII
   */
  public static Policy of(String name, Quota quota) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(quota, "quota");
    if (name.isEmpty() || name.length() > LONGEST_NAME || !FieldText.isPrintable(name)) {
      throw new IllegalArgumentException(
          "name: "
              + Json.quoted(name)
              + " (expected: 1 to "
              + LONGEST_NAME
              + " printable ASCII characters)");
    }
    return new Policy(name, quota);
  }

  /**
   * What clients know the limit by.
   *
   * @return the name, as it was given
   */
  public String name() {
    return name;
  }

  /**
   * How much, and in how long.
   *
   * @return the quota
   */
  public Quota quota() {
    return quota;
  }

  String item() {
    return item;
  }

  String prefix() {
    return prefix;
  }

  /** The permits that a window brings, as they are told. */
  long limit() {
    return Math.min(quota.permits(), MOST);
  }

  /** The window in seconds, or 0 if it is no whole number of them. */
  long seconds() {
    Duration window = quota.window();
    return window.getNano() == 0 ? window.getSeconds() : 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Policy that && name.equals(that.name) && quota.equals(that.quota);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + quota.hashCode();
  }

  /** The policy as {@code RateLimit-Policy} gives it. */
  @Override
  public String toString() {
    return item;
  }
}
