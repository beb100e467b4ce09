package io.tidegate.examples.drill;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request, on its way and back. By the load's thread alone. */
final class Exchange {

  final String method;
  final String path;
  final String body;
  final HttpHeaders headers = new DefaultHttpHeaders();

  /** When it was to be sent, on the nanosecond clock; latency counts from here. */
  final long due;

  private final Consumer<Answer> then;
  private boolean answered;

  /** Where it was sent; null before that. */
  @Nullable Connection on;

  /** Whether it was sent again, since the connection had been closed while it lay idle. */
  boolean resent;

  Exchange(String method, String path, String body, Role role, long due, Consumer<Answer> then) {
    this.method = method;
    this.path = path;
    this.body = body;
    this.due = due;
    this.then = then;
    headers.set("Host", "drill.test");
    headers.set(Role.FIELD, role.name());
    if (method.equals("POST")) {
      headers.set("Content-Length", Integer.toString(body.length()));
      headers.set(
          "Content-Type",
          body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded");
    }
  }

  Exchange with(String field, String value) {
    if (!value.isEmpty()) {
      headers.set(field, value);
    }
    return this;
  }

  boolean isAnswered() {
    return answered;
  }

  /** The client waits no longer, and closes the connection. */
  void giveUp() {
    if (!answered && on != null) {
      on.giveUp(this);
    }
    answer(Answer.none(Answer.TIMED_OUT));
  }

  /** Tells whoever asked; the first answer counts. */
  void answer(Answer answer) {
    if (!answered) {
      answered = true;
      then.accept(answer);
    }
  }
}
