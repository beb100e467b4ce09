package io.tidegate.examples;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * What the demo serves, and where: all that does not depend on the server. It knows nothing of the
 * gate before it. Safe for use by many threads.
 */
final class Demo {

  private final Map<String, Route> routes;

  /** Answers, at once or when hard work is done; every error is an answer, too. */
  @FunctionalInterface
  interface Endpoint {
    CompletableFuture<Reply> answer(Ask ask);
  }

  private record Route(String method, Endpoint endpoint) {
    boolean takes(String asked) {
      return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }
  }

  /**
   * The whole service.
   *
   * @param hard where passwords are stretched, which takes a while
   */
  Demo(Users users, Generator generator, Executor hard) {
    Accounts accounts = new Accounts(users, hard);
    Chat chat = new Chat(users, generator);
    this.routes =
        Map.of(
            "/health", get(ask -> Reply.json(200, JsonBodies.object().put("status", "ok"))),
            "/register", new Route("POST", accounts::register),
            "/login", new Route("POST", accounts::logIn),
            "/v1/chat/completions", new Route("POST", now(chat::answer)),
            "/v1/models", get(ask -> Reply.json(200, OpenAi.models())),
            "/", get(new Page("index.html", "text/html;charset=utf-8")::answer),
            "/app.js", get(new Page("app.js", "text/javascript;charset=utf-8")::answer),
            "/app.css", get(new Page("app.css", "text/css;charset=utf-8")::answer));
  }

  /** An endpoint that has its answer at once. */
  @FunctionalInterface
  private interface Quick {
    Reply answer(Ask ask);
  }

  private static Endpoint now(Quick endpoint) {
    return ask -> CompletableFuture.completedFuture(endpoint.answer(ask));
  }

  private static Route get(Quick endpoint) {
    return new Route("GET", now(endpoint));
  }

  CompletableFuture<Reply> answer(Ask ask) {
    Route route = routes.get(ask.path);
    if (route == null) {
      return problem(new HttpError(404, "not_found", "There is nothing here."));
    }
    if (!route.takes(ask.method)) {
      return problem(HttpError.methodNotAllowed(route.method()));
    }
    return route.endpoint().answer(ask);
  }

  private static CompletableFuture<Reply> problem(HttpError error) {
    return CompletableFuture.completedFuture(Reply.problem(error));
  }
}
