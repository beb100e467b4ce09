package io.tidegate.examples.drill;

import io.tidegate.servlet.TidegateFilter;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The service's face: registration, login and chat, each with the same work behind it. It holds no
 * thread while it waits.
 */
@SuppressWarnings("serial") // no servlet is ever serialised
final class DrillServlet extends HttpServlet {

  private static final String FORM =
      "<!doctype html><title>Register</title><form method=post action=register>"
          + "<input name=user><input name=password type=password><button>Register</button></form>";

  private static final int MOST_BODY = 1_024;

  private final Service service;

  DrillServlet(Service service) {
    this.service = service;
  }

  /** The password of an account. */
  static String passwordOf(String user) {
    return "tide-" + user;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getServletPath().equals("/register.html")) {
      answer(response, 200, "text/html", FORM);
    } else {
      answer(response, 404, "text/plain", "nothing here");
    }
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String body =
        new String(request.getInputStream().readNBytes(MOST_BODY), StandardCharsets.UTF_8);
    String path = request.getServletPath();
    AsyncContext context = request.startAsync();
    Pending pending = new Pending(context);
    context.setTimeout(Settings.SERVER_MILLIS);
    context.addListener(pending);
    service.work(
        Role.of(request.getHeader(Role.FIELD)),
        () -> pending.end(() -> finish(context, path, body)));
  }

  private static void finish(AsyncContext context, String path, String body) {
    HttpServletResponse response = (HttpServletResponse) context.getResponse();
    switch (path) {
      case "/register" -> answer(response, 200, "text/plain", "welcome");
      case "/login" -> login(context, body, response);
      case "/v1/chat/completions" ->
          answer(response, 200, "application/json", "{\"answer\":\"hello\"}");
      default -> answer(response, 404, "text/plain", "nothing here");
    }
  }

  private static void login(AsyncContext context, String body, HttpServletResponse response) {
    String user = Forms.value(body, "user");
    if (!passwordOf(user).equals(Forms.value(body, "password"))) {
      answer(response, 401, "text/plain", "wrong");
      return;
    }
    TidegateFilter.remember(context.getRequest(), response, user);
    answer(response, 200, "text/plain", "welcome back");
  }

  private static void answer(HttpServletResponse response, int status, String type, String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      response.setStatus(status);
      response.setContentType(type);
      response.setContentLength(bytes.length);
      response.getOutputStream().write(bytes);
    } catch (IOException e) {
      // The client has gone; the work has been done all the same.
    }
  }

  /** A request that is worked for, or has been given up. */
  private static final class Pending implements AsyncListener {
    private final AsyncContext context;
    private final AtomicBoolean over = new AtomicBoolean();

    Pending(AsyncContext context) {
      this.context = context;
    }

    void end(Runnable answer) {
      if (over.compareAndSet(false, true)) {
        try {
          answer.run();
          context.complete();
        } catch (IllegalStateException e) {
          // The container was quicker: the connection has gone.
        }
      }
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      end(
          () ->
              answer(
                  (HttpServletResponse) context.getResponse(), 504, "text/plain", "it takes long"));
    }

    @Override
    public void onError(AsyncEvent event) {
      over.set(true);
    }

    @Override
    public void onComplete(AsyncEvent event) {
      over.set(true);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // Ours is the first, and there is no other.
    }
  }
}
