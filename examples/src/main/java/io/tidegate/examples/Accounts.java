package io.tidegate.examples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** {@code POST /register} and {@code POST /login}. Safe for use by many threads. */
final class Accounts {

  private final Users users;
  private final Executor hard;

  /** Stretching passwords must not starve those who chat, nor must many wait for it. */
  private final Places places = new Places(4);

  Accounts(Users users, Executor hard) {
    this.users = users;
    this.hard = hard;
  }

  /**
   * 201, 400, 409 if the name is taken, 503 if there is no room or too much to do: a page for those
   * who sent a form.
   *
   * <p>The gate is not asked to remember them. A pass is counted by itself, and anybody can
   * register: with a pass for each new account, every registration would pay for five more.
   */
  CompletableFuture<Reply> register(Ask ask) {
    boolean asPage = ask.takesHtml();
    return serve(
        ask,
        credentials -> {
          users.register(credentials);
          return asPage
              ? Page.saying(201, "Registered", "You can log in now.")
              : Reply.json(201, named(credentials));
        },
        asPage ? Accounts::page : Reply::problem);
  }

  private static Reply page(HttpError error) {
    return Page.saying(error.status, error.title(), error.text).with(error.fields());
  }

  /** 200 with the user's API key, 400, 401 if name or password is wrong, 503. */
  CompletableFuture<Reply> logIn(Ask ask) {
    return serve(
        ask,
        credentials -> {
          Users.Account account = users.logIn(credentials);
          return Reply.json(200, named(credentials).put("api_key", account.apiKey()))
              .remember(account.id());
        },
        Reply::problem);
  }

  private static ObjectNode named(Credentials credentials) {
    return JsonBodies.object().put("user", credentials.user());
  }

  @FunctionalInterface
  private interface HardWork {
    Reply on(Credentials credentials) throws HttpError;
  }

  private CompletableFuture<Reply> serve(
      Ask ask, HardWork work, Function<HttpError, Reply> failure) {
    try {
      Credentials credentials = Credentials.of(Forms.read(ask));
      Places.Place place = places.take();
      return CompletableFuture.supplyAsync(() -> work(work, credentials, place, failure), hard);
    } catch (HttpError e) {
      return CompletableFuture.completedFuture(failure.apply(e));
    }
  }

  private static Reply work(
      HardWork work,
      Credentials credentials,
      Places.Place place,
      Function<HttpError, Reply> failure) {
    try {
      return work.on(credentials);
    } catch (HttpError e) {
      return failure.apply(e);
    } finally {
      place.close();
    }
  }
}
