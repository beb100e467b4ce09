package io.tidegate.examples;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * What the demo serves, and where: all that does not depend on the server. Of the gate before it,
 * it knows only the numbers that it shows. Safe for use by many threads.
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
   * @param hard where what takes a while is done: passwords are stretched, a server is asked
   */
  Demo(Users users, Generator generator, Altcha altcha, Status status, Executor hard) {
    Accounts accounts = new Accounts(users, hard);
    Chat chat = new Chat(users, generator);
    this.routes =
        Map.ofEntries(
            Map.entry(
                "/health", get(ask -> Reply.json(200, JsonBodies.object().put("status", "ok")))),
            Map.entry("/status", get(status::answer)),
            Map.entry("/register", new Route("POST", accounts::register)),
            Map.entry("/login", new Route("POST", accounts::logIn)),
            Map.entry("/v1/chat/completions", new Route("POST", now(chat::answer))),
            Map.entry("/v1/models", get(ask -> Reply.json(200, OpenAi.models()))),
            Map.entry("/altcha/challenge", get(altcha::challenge)),
            Map.entry(
                "/altcha/verify",
                new Route(
                    "POST", ask -> CompletableFuture.supplyAsync(() -> altcha.verify(ask), hard))),
            Map.entry("/", get(Page.scripted("index.html")::answer)),
            Map.entry("/register.html", get(Page.plain("register.html")::answer)),
            Map.entry("/app.js", get(Page.part("app.js", "text/javascript")::answer)),
            Map.entry("/pressure.js", get(Page.part("pressure.js", "text/javascript")::answer)),
            Map.entry("/app.css", get(Page.part("app.css", "text/css")::answer)));
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
