package io.tidegate.challenge;

import java.util.Objects;

/**
 * What a challenge asks for, of whom, and what for. When it is redeemed: what is asked at least.
 *
 * <p>A proof is good for the action and the subject that its challenge was issued for, and for no
 * other; so a puzzle solved on one machine is not sold to another, and one for reading a page does
 * not register an account. Immutable.
 *
 * @param work how many digests it takes to solve on average, from 1 to 2^40
 * @param action what the proof is for, up to 256 characters; may be empty
 * @param subject who may redeem it, such as an address or its prefix, up to 256 characters; may be
 *     empty: anybody
 */
public record Terms(long work, String action, String subject) {

  /** The most digests that a challenge may ask for. */
  public static final long MOST_WORK = 1L << 40;

  private static final int LONGEST = 256;

  /**
   * Checks the parts.
   *
   * @param work how many digests it takes on average
   * @param action what the proof is for
   * @param subject who may redeem it
   * @throws IllegalArgumentException if a part is out of its range
   */
  public Terms {
    if (work < 1 || work > MOST_WORK) {
      throw new IllegalArgumentException("work: " + work + " (expected: 1 to " + MOST_WORK + ")");
    }
    check("action", action);
    check("subject", subject);
  }

  private static void check(String name, String text) {
    if (Objects.requireNonNull(text, name).length() > LONGEST) {
      throw new IllegalArgumentException(
          name + ": " + text.length() + " characters (expected: at most " + LONGEST + ")");
    }
  }

  /**
   * Terms for anybody and anything.
   *
   * @param work how many digests it takes to solve on average
   * @return the terms
   * @throws IllegalArgumentException if out of range
   */
  public static Terms of(long work) {
    return new Terms(work, "", "");
  }

  /**
   * The same for one action.
   *
   * @param action what the proof is for
   * @return new terms
   * @throws IllegalArgumentException if it is too long
   */
  public Terms action(String action) {
    return new Terms(work, action, subject);
  }

  /**
   * The same for one subject.
   *
   * @param subject who may redeem it
   * @return new terms
   * @throws IllegalArgumentException if it is too long
   */
  public Terms subject(String subject) {
    return new Terms(work, action, subject);
  }
}
