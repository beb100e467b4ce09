package io.tidegate;

import io.tidegate.challenge.Challenge;
import io.tidegate.http.ChallengeJson;
import io.tidegate.http.ChallengePage;
import io.tidegate.http.FieldSink;
import io.tidegate.http.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The offer to go on for a price, as a refused client gets it: a page, a problem document, or
 * nothing to read.
 */
final class Offer {

  private static final byte[] NOTHING = {};

  private final Toll toll;
  private final Call call;
  private final Reader reader;
  private final String path;
  private final @Nullable String languages;
  private final Duration deficit;

  /** Why a proof that came along did not count; null if none came. */
  private final @Nullable String reason;

  Offer(Toll toll, Call call, Reader reader, Duration deficit, @Nullable String reason) {
    this.toll = toll;
    this.call = call;
    this.reader = reader;
    this.path = toll.path(call.request());
    this.languages = call.request().header("Accept-Language");
    this.deficit = deficit;
    this.reason = reason;
  }

  /** To somebody who owes nothing. */
  static Offer of(Toll toll, Call call) {
    return new Offer(toll, call, Reader.of(call.request()), Duration.ZERO, null);
  }

  Reader reader() {
    return reader;
  }

  String contentType() {
    return switch (reader) {
      case PERSON -> ChallengePage.CONTENT_TYPE;
      case PROGRAM -> Problem.CONTENT_TYPE;
      case PART -> "text/plain";
    };
  }

  byte[] body(Problem problem) {
    if (reader == Reader.PART) {
      return NOTHING;
    }
    Challenge challenge = toll.challenge(call, deficit);
    return reader == Reader.PERSON
        ? toll.page(path).render(languages, challenge)
        : ChallengeJson.problem(problem, challenge, path + OwnPaths.PASS, reason);
  }

  void writeFields(FieldSink out) {
    out.add("Vary", "Accept, Accept-Language, Sec-Fetch-Dest, Sec-Fetch-Mode, Cookie");
    out.set("X-Content-Type-Options", "nosniff");
    out.set("Tidegate-Challenge", path + OwnPaths.CHALLENGE);
    if (reader == Reader.PERSON) {
      out.set("Content-Security-Policy", ChallengePage.POLICY);
      out.set("Referrer-Policy", "same-origin");
    }
  }
}
