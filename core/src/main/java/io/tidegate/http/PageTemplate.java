package io.tidegate.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A page with holes: encoded once, so that filling it is copying. Immutable.
 *
 * <p>Names of holes stand between two {@code @}. Those that are known beforehand are filled at
 * once; the others are filled each time, in the order in which they were named. Whatever is filled
 * in is escaped, for text and for attributes in quotation marks alike.
 */
final class PageTemplate {

  private final List<byte[]> pieces; // one more than holes
  private final List<Integer> holes; // which value comes behind the piece
  private final int length;

  private PageTemplate(List<byte[]> pieces, List<Integer> holes) {
    this.pieces = pieces;
    this.holes = holes;
    this.length = pieces.stream().mapToInt(piece -> piece.length).sum();
  }

  /**
   * Makes a template.
   *
   * @param html the page
   * @param known what is known now, by name
   * @param open the names of what is filled in later
   * @throws IllegalStateException if the page has a hole that is neither
   */
  static PageTemplate of(String html, Map<String, String> known, List<String> open) {
    List<byte[]> pieces = new ArrayList<>();
    List<Integer> holes = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    boolean isName = false;
    for (int from = 0; from <= html.length(); isName = !isName) {
      int at = html.indexOf('@', from);
      int to = at < 0 ? html.length() : at;
      String part = html.substring(from, to);
      if (!isName) {
        piece.append(part);
      } else if (open.contains(part)) {
        pieces.add(utf8(piece.toString()));
        piece.setLength(0);
        holes.add(open.indexOf(part));
      } else {
        piece.append(escaped(text(known, part)));
      }
      from = to + 1;
    }
    pieces.add(utf8(piece.toString()));
    return new PageTemplate(pieces, holes);
  }

  private static String text(Map<String, String> known, String name) {
    String text = known.get(name);
    if (text == null) {
      throw new IllegalStateException("hole: " + name + " (expected: one of " + known.keySet());
    }
    return text;
  }

  /** The page, with values for the open holes, in their order. */
  byte[] filled(String... values) {
    List<byte[]> encoded = new ArrayList<>(values.length);
    for (String value : values) {
      encoded.add(utf8(escaped(value)));
    }
    int size = length;
    for (int hole : holes) {
      size += encoded.get(hole).length;
    }
    byte[] page = new byte[size];
    int at = put(pieces.get(0), page, 0);
    for (int i = 0; i < holes.size(); i++) {
      at = put(encoded.get(holes.get(i)), page, at);
      at = put(pieces.get(i + 1), page, at);
    }
    return page;
  }

  private static int put(byte[] piece, byte[] page, int at) {
    System.arraycopy(piece, 0, page, at, piece.length);
    return at + piece.length;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Text as it stands in a page, or in an attribute between quotation marks of either kind. */
  static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
