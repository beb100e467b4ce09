package io.tidegate.scenarios;

import java.io.IOException;

/** A request that an endpoint serves, and its response. */
public interface Exchange {

  /** The whole body, each byte as one character. */
  String body() throws IOException;

  /** Answers with a status and a text, as a whole. */
  void answer(int status, String text) throws IOException;

  /** Sends a part of the text of a response with status 200, now; more may follow. */
  void send(String part) throws IOException;

  /** Tells the gate that the request failed, whatever the status. */
  void markFailed();

  /**
   * Gives a member's pass to who has just logged in, before anything is answered.
   *
   * @return whether there is one
   */
  boolean remember(String account);
}
