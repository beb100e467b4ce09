package io.tidegate;

import java.util.Optional;

/**
 * The leave to go on, which an admitted {@link Verdict} carries. Whoever asked for the verdict must
 * close it when the request ends, whatever ends it; adapters do. Only the first close counts.
 *
 * <p>Safe for use by many threads; never blocks and never throws.
 */
public interface Permit {

  /**
   * Tells the gate that the request failed in a way that its status does not show, for example a
   * login form that is answered with 200 and a message. Counts if said before the permit is closed.
   */
  void markFailed();

  /**
   * Ends the request. Rules that charge on an outcome give back what they need not keep.
   *
   * @param status the response's status; 0 if the client went away before there was one
   */
  void close(int status);

  /**
   * Whom the request's member pass is of: somebody who has logged in here before, from this device.
   * A pass is no login, and opens no account; but a limit on guesses at one account, which the
   * application keeps in its login, can let its own holder through while others guess.
   *
   * @return the account as {@link #remember} was given it; empty if there is no such pass that is
   *     valid now. Costs one MAC
   */
  Optional<String> account();

  /**
   * Has something done when the request ends, whatever ends it: a {@link
   * io.tidegate.limit.Spending} closed, or anything else that must not be left open by a client
   * that vanishes. At once if the permit is closed already; the last given is done first.
   *
   * @param action quick; called once, on the thread that ends the request. What it throws is
   *     counted as a failure of the gate, and hinders nothing else
   */
  void onClose(Runnable action);

  /**
   * Whether the permit is closed.
   *
   * @return true after the first {@link #close}
   */
  boolean isClosed();

  /**
   * Makes a member's pass for somebody who has just logged in: a cookie by which the gate knows him
   * from now on, before any look-up, so that no flood on his login or from his address locks him
   * out. The verdict's fields have it from now on; where they are on the response already, the
   * caller sets it ({@code TidegateFilter.remember} does).
   *
   * @param account who, by an id of up to 64 bytes that means nothing to others: it is signed, not
   *     secret
   * @return the value of a {@code Set-Cookie} field; empty if the request came over plain http,
   *     where anybody could read it, or the gate has no {@link Challenges}
   * @throws IllegalArgumentException if the account is empty or too long
   */
  Optional<String> remember(String account);

  /**
   * The permit of a request that one gate let through inside another: what is said to it is said to
   * both, and what is asked is asked of the inner one first.
   *
   * @param inner of the gate that the request came to last
   * @param outer of the one before, or of several
   * @return the permit
   */
  static Permit nested(Permit inner, Permit outer) {
    return new Nested(inner, outer);
  }
}
