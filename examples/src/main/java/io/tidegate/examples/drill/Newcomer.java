package io.tidegate.examples.drill;

import java.util.concurrent.TimeUnit;

/**
 * Somebody new, with a browser on a slow phone: fetches the form, posts it, does the work that is
 * asked for and posts it again, and then chats. Where nothing but waiting is offered, it waits as
 * long as told, or two seconds, and tries again. After ten seconds it has gone.
 */
final class Newcomer {

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);
  private static final long OTHERWISE_MILLIS = 2_000;

  private final Load load;
  private final Peer peer;
  private final String name;
  private final long arrived;
  private String cookie = "";
  private long registeredNanos = -1;
  private boolean chatted;
  private int proofs;

  Newcomer(Load load, Peer peer, String name, long arrived) {
    this.load = load;
    this.peer = peer;
    this.name = name;
    this.arrived = arrived;
  }

  void arrive() {
    Exchange form =
        new Exchange("GET", "/register.html", "", Role.NEWCOMERS, arrived, answer -> register());
    load.send(peer, form.with("Accept", "text/html"));
  }

  private void register() {
    post(
        "/register",
        Forms.credentials(name, "high-tide"),
        "text/html",
        () -> {
          registeredNanos = System.nanoTime() - arrived;
          chat();
        });
  }

  private void chat() {
    post(Established.CHAT, Established.QUESTION, "application/json", () -> chatted = true);
  }

  private void post(String path, String body, String accept, Runnable then) {
    if (isGone()) {
      return;
    }
    Runnable again = () -> post(path, body, accept, then);
    Exchange post =
        load.counted(
            Role.NEWCOMERS,
            "POST",
            path,
            body,
            System.nanoTime(),
            answer -> {
              if (answer.isOk()) {
                then.run();
              } else {
                refused(answer, again);
              }
            });
    load.send(peer, post.with("Accept", accept).with("Cookie", cookie));
  }

  private void refused(Answer answer, Runnable again) {
    Asked asked = Asked.of(answer);
    if (asked == null) {
      long wait = answer.retryAfterMillis(OTHERWISE_MILLIS);
      load.after(TimeUnit.MILLISECONDS.toNanos(wait), again);
      return;
    }
    proofs++;
    load.after(
        asked.nanos(Settings.PHONE), () -> load.solve(asked.token(), proof -> buy(proof, again)));
  }

  /** A pass for the proof, as the page has it. */
  private void buy(String proof, Runnable again) {
    Exchange buying =
        new Exchange(
            "POST",
            "/.tidegate/pass",
            "",
            Role.NEWCOMERS,
            System.nanoTime(),
            answer -> {
              cookie = Established.cookieOf(answer.headers(), cookie);
              again.run();
            });
    load.send(peer, buying.with("Tidegate-Proof", proof).with("Cookie", cookie));
  }

  private boolean isGone() {
    return System.nanoTime() - arrived > PATIENCE;
  }

  long arrived() {
    return arrived;
  }

  boolean isRegistered() {
    return registeredNanos >= 0 && registeredNanos <= PATIENCE;
  }

  /** From the arrival; negative if never. */
  long registeredNanos() {
    return registeredNanos;
  }

  boolean hasChatted() {
    return chatted;
  }

  int proofs() {
    return proofs;
  }
}
