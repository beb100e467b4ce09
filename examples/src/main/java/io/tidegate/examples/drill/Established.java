package io.tidegate.examples.drill;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Consumer;

/**
 * A user who has been here before: with an API key, and with the pass that the last login gave, if
 * this defence gives any.
 */
final class Established {

  static final String CHAT = "/v1/chat/completions";
  static final String QUESTION = "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

  private final Load load;
  private final Peer peer;
  private final String name;
  private String cookie = "";
  private int refusedLogins;
  private int logins;

  Established(Load load, Peer peer, String name) {
    this.load = load;
    this.peer = peer;
    this.name = name;
  }

  void chat(long due) {
    Exchange chat =
        load.counted(Role.ESTABLISHED, "POST", Established.CHAT, QUESTION, due, answer -> {});
    load.send(
        peer,
        chat.with("Authorization", DrillGate.CUSTOMER + name)
            .with("Accept", "application/json")
            .with("Cookie", cookie));
  }

  /** Logs in from the known device; others may be guessing the password meanwhile. */
  void login(long due, boolean counts) {
    login(
        due,
        answer -> {
          logins += counts ? 1 : 0;
          refusedLogins += counts && !answer.isOk() ? 1 : 0;
        });
  }

  /** Logs in and keeps the pass, if one is given. */
  void login(long due, Consumer<Answer> then) {
    String body = Forms.credentials(name, DrillServlet.passwordOf(name));
    Exchange login =
        new Exchange(
            "POST",
            "/login",
            body,
            Role.ESTABLISHED,
            due,
            answer -> {
              cookie = cookieOf(answer.headers(), cookie);
              then.accept(answer);
            });
    load.send(peer, login.with("Accept", "text/html").with("Cookie", cookie));
  }

  /** The cookie that a response sets, as requests show it. */
  static String cookieOf(HttpHeaders headers, String otherwise) {
    String set = headers.get("Set-Cookie");
    return set == null ? otherwise : set.split(";", 2)[0];
  }

  boolean hasPass() {
    return !cookie.isEmpty();
  }

  int logins() {
    return logins;
  }

  int refusedLogins() {
    return refusedLogins;
  }
}
