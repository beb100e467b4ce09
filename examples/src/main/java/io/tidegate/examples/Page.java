package io.tidegate.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** One file of the demo's pages, under a strict content security policy. */
final class Page {

  private static final String HTML = "text/html;charset=utf-8";

  /** Scripts of ours, and the gate's, which works in a worker. */
  private static final String SCRIPTED =
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
          + "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** A form, and no scripts. */
  private static final String PLAIN =
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; "
          + "frame-ancestors 'none'";

  private final String contentType;
  private final String policy;
  private final byte[] content;

  private Page(String file, String contentType, String policy) {
    this.contentType = contentType;
    this.policy = policy;
    try (InputStream in = Page.class.getResourceAsStream("page/" + file)) {
      this.content = Objects.requireNonNull(in, file).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A page with scripts. */
  static Page scripted(String file) {
    return new Page(file, HTML, SCRIPTED);
  }

  /** A page without scripts. */
  static Page plain(String file) {
    return new Page(file, HTML, PLAIN);
  }

  /** A part of a page. */
  static Page part(String file, String contentType) {
    return new Page(file, contentType + ";charset=utf-8", SCRIPTED);
  }

  Reply answer(Ask ask) {
    return Reply.of(200, contentType, Parts.ready(content)).with(fields(policy));
  }

  /**
   * A page that says one thing, in answer to a form.
   *
   * @param text a text of ours, with nothing in it that a client sent
   */
  static Reply saying(int status, String title, String text) {
    String html =
        """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>%1$s: Tidegate demo</title>
          <link rel="stylesheet" href="/app.css">
        </head>
        <body>
          <main>
            <h1>%1$s</h1>
            <p>%2$s</p>
            <p><a href="/register.html">Register somebody</a> or <a href="/">go to the demo</a>.</p>
          </main>
        </body>
        </html>
        """
            .formatted(title, text);
    return Reply.of(status, HTML, Parts.ready(html.getBytes(StandardCharsets.UTF_8)))
        .with(fields(PLAIN));
  }

  private static Map<String, String> fields(String policy) {
    return Map.of(
        "Content-Security-Policy",
        policy,
        "X-Content-Type-Options",
        "nosniff",
        "Referrer-Policy",
        "no-referrer");
  }
}
