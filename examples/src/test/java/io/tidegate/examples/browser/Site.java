package io.tidegate.examples.browser;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** What lies behind the stand-in's gate: pages with a form, and one that tells what arrived. */
final class Site {

  private Site() {}

  static void answer(HttpExchange exchange, String path) throws IOException {
    String name = path.substring(path.lastIndexOf('/') + 1);
    switch (name) {
      case "form" -> html(exchange, form(exchange.getRequestURI().getQuery()));
      case "echo" -> html(exchange, arrived(exchange));
      case "text" -> plain(exchange, new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      case "speed.html", "speed.js", "speed-worker.js" -> resource(exchange, name);
      default -> html(exchange, "<p id=here>" + escaped(path) + "</p><a href=/next>next</a>");
    }
  }

  private static String form(String to) {
    return """
        <form method=post action="%s" enctype="multipart/form-data">
        <label>Text <input name=text></label><input name=file type=file aria-label=File>
        <button>Send</button></form>
        """
        .formatted(escaped(to));
  }

  /** Method and body: of these bytes every one can be told by its place. */
  private static String arrived(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1);
    return "<p id=here>"
        + exchange.getRequestMethod()
        + "</p><pre id=length>"
        + body.length()
        + "</pre><pre id=hash>"
        + body.hashCode()
        + "</pre><pre id=body>"
        + escaped(body.substring(0, Math.min(2_000, body.length())))
        + "</pre>";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static void html(HttpExchange exchange, String body) throws IOException {
    String page = "<!DOCTYPE html><html lang=en><title>The site</title><body>" + body;
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    StandIn.send(exchange, 200, page.getBytes(UTF_8));
  }

  private static void plain(HttpExchange exchange, String text) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    StandIn.send(exchange, 200, (exchange.getRequestMethod() + " " + text).getBytes(UTF_8));
  }

  private static void resource(HttpExchange exchange, String name) throws IOException {
    String type = name.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
    exchange.getResponseHeaders().set("Content-Type", type);
    try (InputStream in = Site.class.getResourceAsStream(name)) {
      StandIn.send(exchange, 200, Objects.requireNonNull(in, name).readAllBytes());
    }
  }
}
