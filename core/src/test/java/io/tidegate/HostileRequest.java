package io.tidegate;

import io.tidegate.client.IpAddress;
import java.util.List;
import java.util.SplittableRandom;

/** A request with a marker in every part of it that a client can choose, and much else. */
final class HostileRequest {

  static final String MARKER = "INJ3CT";

  private static final String NASTY =
      "\r\n\t\0 \"'\\,;:=/%<>(){}#?.&+\u007f\u0085\u010a\u010d\u2028\uff0d\ud800\udfff";

  private static final List<String> HEADERS =
      List.of(
          "Origin",
          "X-Forwarded-For",
          "Forwarded",
          "Authorization",
          "X-Tenant",
          "Access-Control-Request-Method",
          "Content-Type",
          "User-Agent",
          "Cookie",
          "Accept",
          "Accept-Language",
          "Sec-Fetch-Dest",
          "If-None-Match",
          "X-Forwarded-Proto",
          "Tidegate-Proof",
          "Tidegate-Pass");

  private static final List<String> METHODS = List.of("GET", "POST", "OPTIONS", "HEAD");

  private HostileRequest() {}

  static FakeRequest draw(SplittableRandom random) {
    String method =
        random.nextInt(4) == 0 ? text(random) : METHODS.get(random.nextInt(METHODS.size()));
    return of(method, (random.nextBoolean() ? "/login" : "/") + text(random), random);
  }

  /** A request for a path of a gate's own, plain or with something behind it. */
  static FakeRequest drawFor(List<String> paths, SplittableRandom random) {
    String path = paths.get(random.nextInt(paths.size()));
    String method = METHODS.get(random.nextInt(2));
    return of(method, random.nextInt(4) == 0 ? path + text(random) : path, random);
  }

  private static FakeRequest of(String method, String path, SplittableRandom random) {
    FakeRequest request = FakeRequest.of(method, path).host(text(random)).principal(text(random));
    for (String header : HEADERS) {
      if (random.nextInt(3) > 0) {
        request.header(header, header.equals("Authorization") ? bearer(random) : text(random));
      }
    }
    IpAddress peer = IpAddress.parse("203.0.113." + random.nextInt(4));
    return request.from(random.nextInt(8) == 0 ? null : peer.toString());
  }

  private static String bearer(SplittableRandom random) {
    return (random.nextBoolean() ? "Bearer " : "") + text(random);
  }

  /** The marker among what breaks things; few texts, so that limits are reached. */
  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    int before = random.nextInt(3);
    for (int i = 0; i < before; i++) {
      text.append(NASTY.charAt(random.nextInt(NASTY.length())));
    }
    text.append(MARKER);
    int after = random.nextInt(3);
    for (int i = 0; i < after; i++) {
      text.append(NASTY.charAt(random.nextInt(NASTY.length())));
    }
    if (random.nextInt(10) == 0) {
      text.append("\r\nSet-Cookie: ").append(MARKER);
    }
    return text.toString();
  }
}
