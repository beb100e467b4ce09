package io.tidegate.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/** One file of the demo's page, under a strict content security policy. */
final class Page {

  private static final Map<String, String> FIELDS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
              + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer");

  private final String contentType;
  private final byte[] content;

  Page(String file, String contentType) {
    this.contentType = contentType;
    try (InputStream in = Page.class.getResourceAsStream("page/" + file)) {
      this.content = Objects.requireNonNull(in, file).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Reply answer(Ask ask) {
    return Reply.of(200, contentType, Parts.ready(content)).with(FIELDS);
  }
}
