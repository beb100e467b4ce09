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
  private final Duration deficit;

  /** Why a proof that came along did not count; null if none came. */
  private final @Nullable String reason;

  Offer(Toll toll, Call call, Duration deficit, @Nullable String reason) {
    this.toll = toll;
    this.call = call;
    this.reader = Reader.of(call.request());
    this.deficit = deficit;
    this.reason = reason;
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
    String path = toll.path(call.request());
    return reader == Reader.PERSON
        ? toll.page(path).render(call.request().header("Accept-Language"), challenge)
        : ChallengeJson.problem(problem, challenge, path + OwnPaths.PASS, reason);
  }

  void writeFields(FieldSink out) {
    out.set("Vary", "Accept, Accept-Language, Sec-Fetch-Dest, Sec-Fetch-Mode, Cookie");
    out.set("X-Content-Type-Options", "nosniff");
    out.set("Tidegate-Challenge", toll.path(call.request()) + OwnPaths.CHALLENGE);
    if (reader == Reader.PERSON) {
      out.set("Content-Security-Policy", ChallengePage.POLICY);
      out.set("Referrer-Policy", "same-origin");
    }
  }
}
