package io.tidegate.challenge;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds the token of a challenge in a problem document: the string {@code token} of the object
 * {@code challenge} of the document. The whole document must be JSON to the letter (RFC 8259), with
 * either name once, or nothing is found; a reader that forgives finds what others do not see.
 */
final class ChallengeReader {

  /** How deep arrays and objects may be nested; recursion has to end somewhere. */
  private static final int DEEPEST = 32;

  private final String json;
  private int at;
  private @Nullable String token;
  private boolean broken;

  private ChallengeReader(String json) {
    this.json = json;
  }

  /** The token; null if the document is none, or has none. */
  static @Nullable String token(byte[] document) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
    ChallengeReader reader = new ChallengeReader(text);
    reader.object(Place.DOCUMENT, DEEPEST);
    reader.skipSpace();
    return reader.broken || reader.at < text.length() ? null : reader.token;
  }

  /** Where in the document an object stands. */
  private enum Place {
    DOCUMENT,
    CHALLENGE,
    ELSEWHERE
  }

  private void object(Place place, int depth) {
    boolean found = false;
    expect('{');
    if (depth == 0 || take('}')) {
      broken |= depth == 0;
      return;
    }
    do {
      String name = string();
      expect(':');
      boolean wanted = isWanted(place, name);
      broken |= wanted && found;
      found |= wanted;
      member(place, wanted, depth - 1);
    } while (!broken && take(','));
    expect('}');
  }

  private static boolean isWanted(Place place, String name) {
    return switch (place) {
      case DOCUMENT -> name.equals("challenge");
      case CHALLENGE -> name.equals("token");
      case ELSEWHERE -> false;
    };
  }

  private void member(Place place, boolean wanted, int depth) {
    skipSpace();
    if (wanted && place == Place.CHALLENGE) {
      token = string();
    } else if (wanted && peek() == '{') {
      object(Place.CHALLENGE, depth);
    } else {
      value(depth);
    }
  }

  private void value(int depth) {
    skipSpace();
    switch (peek()) {
      case '{' -> object(Place.ELSEWHERE, depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
  }

  private void array(int depth) {
    expect('[');
    if (depth == 0 || take(']')) {
      broken |= depth == 0;
      return;
    }
    do {
      value(depth - 1);
    } while (!broken && take(','));
    expect(']');
  }

  /** A string as it is written; its escapes are checked and stay. */
  private String string() {
    expect('"');
    int from = at;
    while (!broken && peek() != '"') {
      char c = peek();
      at++;
      broken |= c < ' ' || (c == '\\' && !takeEscape());
    }
    String text = broken ? "" : json.substring(from, at);
    at++;
    return text;
  }

  private boolean takeEscape() {
    char kind = peek();
    at++;
    if (kind != 'u') {
      return "\"\\/bfnrt".indexOf(kind) >= 0;
    }
    for (int i = 0; i < 4; i++, at++) {
      if ("0123456789abcdefABCDEF".indexOf(peek()) < 0) {
        return false;
      }
    }
    return true;
  }

  private void number() {
    takeIf("-");
    if (!takeIf("0")) {
      digits();
    }
    if (takeIf(".")) {
      digits();
    }
    if (takeIf("eE")) {
      takeIf("+-");
      digits();
    }
  }

  private void digits() {
    int from = at;
    while (takeIf("0123456789")) {
      // all that there are
    }
    broken |= at == from;
  }

  private void word(String word) {
    broken |= !json.startsWith(word, at);
    at += word.length();
  }

  /** The character at hand; at the end one that stands nowhere in JSON. */
  private char peek() {
    return at < json.length() ? json.charAt(at) : '\0';
  }

  private boolean takeIf(String any) {
    boolean fits = any.indexOf(peek()) >= 0;
    at += fits ? 1 : 0;
    return fits;
  }

  private boolean take(char c) {
    skipSpace();
    boolean fits = peek() == c;
    at += fits ? 1 : 0;
    return fits;
  }

  private void expect(char c) {
    broken |= !take(c);
  }

  private void skipSpace() {
    while (takeIf(" \t\r\n")) {
      // between two tokens
    }
  }
}
