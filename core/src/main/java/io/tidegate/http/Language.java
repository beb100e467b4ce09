package io.tidegate.http;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A language in which pages are written, and its texts by name. Immutable, and equal to nothing but
 * itself.
 */
final class Language {

  /** The first is for those who ask for none of them. */
  static final List<Language> ALL =
      List.of(read("en"), read("de"), read("es"), read("fr"), read("ja"), read("zh"));

  /** A header that is longer, or names more, is read so far. */
  private static final int MOST_CHARS = 1_000;

  private static final int WHOLE = 1_000;

  private final String code; // the primary subtag by which it is asked for
  private final Map<String, String> texts;

  private Language(String code, Map<String, String> texts) {
    this.code = code;
    this.texts = texts;
  }

  private static Language read(String code) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(Resource.text("page-" + code + ".properties")));
    } catch (IOException e) { // a string has none
      throw new UncheckedIOException(e);
    }
    return new Language(
        code,
        properties.stringPropertyNames().stream()
            .collect(Collectors.toUnmodifiableMap(name -> name, properties::getProperty)));
  }

  Map<String, String> texts() {
    return texts;
  }

  /**
   * The language that a client likes best (RFC 9110, section 12.5.4), of the primary subtags alone:
   * who asks for any Chinese gets ours. Of two liked as well the first wins. What cannot be read is
   * passed over.
   *
   * @param acceptLanguage the field {@code Accept-Language}; anything
   */
  static Language liked(@Nullable String acceptLanguage) {
    Language best = ALL.get(0);
    if (acceptLanguage == null) {
      return best;
    }
    int bestWeight = 0;
    int end = Math.min(acceptLanguage.length(), MOST_CHARS);
    for (int from = 0; from < end; ) {
      int comma = acceptLanguage.indexOf(',', from);
      int to = comma < 0 ? end : Math.min(comma, end);
      int weight = weight(acceptLanguage, from, to);
      if (weight > bestWeight) {
        Language named = named(acceptLanguage, from, to);
        if (named != null) {
          best = named;
          bestWeight = weight;
        }
      }
      from = to + 1;
    }
    return best;
  }

  private static @Nullable Language named(String text, int from, int to) {
    int at = from;
    while (at < to && isSpace(text.charAt(at))) {
      at++;
    }
    for (Language language : ALL) {
      int length = language.code.length();
      boolean isPrefix = text.regionMatches(true, at, language.code, 0, length);
      int end = at + length;
      if (isPrefix && end <= to && (end == to || !isLetterOrDigit(text.charAt(end)))) {
        return language;
      }
    }
    return null;
  }

  /** The weight in thousandths; 0 if it is none, or cannot be read. */
  private static int weight(String text, int from, int to) {
    int semicolon = text.indexOf(';', from);
    if (semicolon < 0 || semicolon >= to) {
      return WHOLE;
    }
    int at = semicolon + 1;
    while (at < to && isSpace(text.charAt(at))) {
      at++;
    }
    if (at + 2 >= to || (text.charAt(at) | 0x20) != 'q' || text.charAt(at + 1) != '=') {
      return 0;
    }
    return thousandths(text, at + 2, to);
  }

  /** A number from 0 to 1 with at most three decimals. */
  private static int thousandths(String text, int from, int to) {
    int end = to;
    while (end > from && isSpace(text.charAt(end - 1))) {
      end--;
    }
    if (end == from || end - from > 5) {
      return 0;
    }
    char first = text.charAt(from);
    if ((first != '0' && first != '1') || (end > from + 1 && text.charAt(from + 1) != '.')) {
      return 0;
    }
    int value = (first - '0') * WHOLE;
    int unit = WHOLE / 10;
    for (int i = from + 2; i < end; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      value += (c - '0') * unit;
      unit /= 10;
    }
    return value > WHOLE ? 0 : value;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  }
}
