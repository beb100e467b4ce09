package io.tidegate.http;

import io.tidegate.challenge.Challenge;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pages for people whose navigation was refused: one whose script pays with a calculation and
 * then loads what was wanted again, and two for those who would rather wait, without scripts.
 *
 * <p>Make one for a gate. They are in English, German, Spanish, French, Chinese or Japanese,
 * whichever the client likes best. Nothing of a request is in them, so that there is nothing to
 * reflect: a form that was refused is sent again by the browser, which still has it. They load
 * their script, worker and style from below the gate's path ({@link Asset}) and nothing from
 * elsewhere, work on plain http, and run nothing that the page's own policy must make an exception
 * for.
 *
 * <p>A page is encoded when this is made; each call copies it, in a few microseconds. Immutable,
 * and safe for use by many threads; never blocks.
 *
 * <p>Sources: HTML Living Standard ({@code progress}, {@code meta http-equiv=refresh}); WAI-ARIA
 * 1.2 ({@code status}); RFC 9110, section 12.5.4 ({@code Accept-Language}); W3C Content Security
 * Policy Level 3.
 */
public final class ChallengePage {

  /** The content type of every page. */
  public static final String CONTENT_TYPE = "text/html; charset=utf-8";

  /** The content security policy of every page; the worker has its own. */
  public static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private static final List<String> PAGE_HOLES = List.of("TOKEN", "PUZZLES", "WORK");
  private static final List<String> WAITING_HOLES = List.of("SECONDS", "TARGET");

  private final String path;
  private final Map<Language, PageTemplate> pages;
  private final Map<Language, PageTemplate> waiting;
  private final Map<Language, PageTemplate> waited;

  private ChallengePage(String path) {
    this.path = path;
    this.pages = templates("page.html", PAGE_HOLES);
    this.waiting = templates("waiting.html", WAITING_HOLES);
    this.waited = templates("waited.html", List.of());
  }

  private Map<Language, PageTemplate> templates(String name, List<String> holes) {
    String html = Resource.text(name);
    return Language.ALL.stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Function.identity(), language -> PageTemplate.of(html, known(language), holes)));
  }

  private Map<String, String> known(Language language) {
    Map<String, String> known = new HashMap<>(language.texts());
    known.put("path", path);
    return known;
  }

  /**
   * Makes the pages of a gate.
   *
   * @param path the path below which the gate answers itself, such as {@code /.tidegate}: segments
   *     of letters, digits, dots, hyphens, underscores and tildes, each behind a slash
   * @return the pages
   * @throws IllegalArgumentException if it is no such path
   */
  public static ChallengePage at(String path) {
    return new ChallengePage(requirePath(path));
  }

  private static String requirePath(String path) {
    Objects.requireNonNull(path, "path");
    boolean isOne = path.startsWith("/") && !path.endsWith("/") && !path.contains("//");
    if (!isOne || !path.chars().allMatch(c -> c == '/' || isUnreserved(c))) {
      throw new IllegalArgumentException(
          "path: "
              + Json.quoted(path)
              + " (expected: segments of letters, digits, '.', '-', '_' and '~', each behind '/')");
    }
    return path;
  }

  /** Whether a character stands for itself wherever it is in a URL (RFC 3986, section 2.3). */
  private static boolean isUnreserved(int c) {
    boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return isLetter || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
  }

  /**
   * The page that asks for a calculation.
   *
   * @param acceptLanguage the request's field {@code Accept-Language}, null if it has none;
   *     anything
   * @param challenge what is to be solved
   * @return a new page in UTF-8, for the caller to keep
   */
  public byte[] render(@Nullable String acceptLanguage, Challenge challenge) {
    return template(pages, acceptLanguage)
        .filled(
            challenge.token(),
            Integer.toString(challenge.puzzles()),
            Long.toString(challenge.work()));
  }

  /**
   * The page that waits, and then goes on by itself to {@code {path}/wait/} and the ticket.
   *
   * @param acceptLanguage the request's field {@code Accept-Language}, null if it has none;
   *     anything
   * @param seconds how long, at least 1
   * @param ticket the waiting ticket, of characters that stand for themselves in a URL; null to ask
   *     for one then
   * @return a new page in UTF-8, for the caller to keep
   * @throws IllegalArgumentException if there is nothing to wait for, or it is no such ticket
   */
  public byte[] waiting(@Nullable String acceptLanguage, long seconds, @Nullable String ticket) {
    if (seconds < 1) {
      throw new IllegalArgumentException("seconds: " + seconds + " (expected: at least 1)");
    }
    if (ticket == null) {
      return template(waiting, acceptLanguage).filled(Long.toString(seconds), path + "/wait");
    }
    if (ticket.isEmpty() || !ticket.chars().allMatch(ChallengePage::isUnreserved)) {
      throw new IllegalArgumentException(
          "ticket: " + Json.quoted(ticket) + " (expected: letters, digits, '.', '-', '_', '~')");
    }
    return template(waiting, acceptLanguage)
        .filled(Long.toString(seconds), path + "/wait/" + ticket);
  }

  /**
   * The page that says that one has waited and may go on.
   *
   * @param acceptLanguage the request's field {@code Accept-Language}, null if it has none;
   *     anything
   * @return a new page in UTF-8, for the caller to keep
   */
  public byte[] waited(@Nullable String acceptLanguage) {
    return template(waited, acceptLanguage).filled();
  }

  private static PageTemplate template(
      Map<Language, PageTemplate> templates, @Nullable String acceptLanguage) {
    return Objects.requireNonNull(templates.get(Language.liked(acceptLanguage)), "template");
  }

  /**
   * Sets every field that a response with one of these pages has beside its length.
   *
   * @param fields where they go
   */
  public static void setFields(FieldSink fields) {
    fields.set("Content-Type", CONTENT_TYPE);
    fields.set("Cache-Control", "no-store");
    fields.set("Content-Security-Policy", POLICY);
    fields.set("X-Content-Type-Options", "nosniff");
  }

  /** The path. */
  @Override
  public String toString() {
    return "pages at " + path;
  }
}
