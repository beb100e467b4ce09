package io.tidegate.netty;

import io.netty.util.AsciiString;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Field names as Netty wants them, made once. Names come from the gate and from its rules, so they
 * are few; should somebody make them up, they are made anew beyond a bound.
 */
final class FieldNames {

  private static final int MOST = 512;
  private static final Map<String, AsciiString> CUSTOMARY = new ConcurrentHashMap<>();
  private static final Map<String, AsciiString> LOWER = new ConcurrentHashMap<>();

  private FieldNames() {}

  /** For HTTP/1.1: the name as it is. */
  static AsciiString customary(String name) {
    AsciiString known = CUSTOMARY.get(name);
    return known != null ? known : kept(CUSTOMARY, name, new AsciiString(name));
  }

  /** For HTTP/2: the name in lower case (RFC 9113, section 8.2.1). */
  static AsciiString lower(String name) {
    AsciiString known = LOWER.get(name);
    return known != null ? known : kept(LOWER, name, new AsciiString(name).toLowerCase());
  }

  private static AsciiString kept(Map<String, AsciiString> names, String name, AsciiString made) {
    if (names.size() < MOST) {
      names.put(name, made);
    }
    return made;
  }
}
