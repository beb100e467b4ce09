package io.tidegate.examples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** {@code POST /register} and {@code POST /login}. Safe for use by many threads. */
final class Accounts {

  private final Users users;
  private final Executor hard;

  /** Stretching passwords must not starve those who chat, nor must many wait for it. */
  private final Slots slots = new Slots(4);

  Accounts(Users users, Executor hard) {
    this.users = users;
    this.hard = hard;
  }

  /** 201, 400, 409 if the name is taken, 503 if there is no room or too much to do. */
  CompletableFuture<Reply> register(Ask ask) {
    return serve(
        ask,
        credentials -> {
          users.register(credentials);
          return Reply.json(201, named(credentials));
        });
  }

  /** 200 with the user's API key, 400, 401 if name or password is wrong, 503. */
  CompletableFuture<Reply> logIn(Ask ask) {
    return serve(
        ask,
        credentials -> {
          String apiKey = users.logIn(credentials);
          return Reply.json(200, named(credentials).put("api_key", apiKey));
        });
  }

  private static ObjectNode named(Credentials credentials) {
    return JsonBodies.object().put("user", credentials.user());
  }

  @FunctionalInterface
  private interface HardWork {
    Reply on(Credentials credentials) throws HttpError;
  }

  private CompletableFuture<Reply> serve(Ask ask, HardWork work) {
    try {
      Credentials credentials = Credentials.of(JsonBodies.parse(ask.body));
      Slots.Slot slot = slots.take();
      return CompletableFuture.supplyAsync(() -> work(work, credentials, slot), hard);
    } catch (HttpError e) {
      return CompletableFuture.completedFuture(Reply.problem(e));
    }
  }

  private static Reply work(HardWork work, Credentials credentials, Slots.Slot slot) {
    try {
      return work.on(credentials);
    } catch (HttpError e) {
      return Reply.problem(e);
    } finally {
      slot.close();
    }
  }
}
