package io.tidegate;

import java.util.Set;

/** What kind of reader a refusal is for, by the fields that browsers send. */
enum Reader {
  /** A person who is to see a page. */
  PERSON,
  /** A program, or a script: it reads problem documents. */
  PROGRAM,
  /** A part of a page, such as an image: nobody reads what it gets. */
  PART;

  private static final Set<String> PARTS =
      Set.of(
          "audio",
          "font",
          "image",
          "manifest",
          "paintworklet",
          "audioworklet",
          "script",
          "serviceworker",
          "sharedworker",
          "style",
          "track",
          "video",
          "worker",
          "xslt",
          "object",
          "embed",
          "frame",
          "iframe",
          "fencedframe");

  /** By Fetch Metadata; from a client that sends none, by whether it would take HTML. */
  static Reader of(GateRequest request) {
    String destination = request.header("Sec-Fetch-Dest");
    String mode = request.header("Sec-Fetch-Mode");
    if (destination == null && mode == null) {
      String accept = request.header("Accept");
      return accept != null && accept.contains("text/html") ? PERSON : PROGRAM;
    }
    if (destination != null && PARTS.contains(destination)) {
      return PART;
    }
    return "navigate".equals(mode) || "document".equals(destination) ? PERSON : PROGRAM;
  }

  /** Whether this is a request of a kind on which cookies may be set: no part of a page. */
  static boolean takesCookies(GateRequest request) {
    return of(request) == PERSON;
  }
}
