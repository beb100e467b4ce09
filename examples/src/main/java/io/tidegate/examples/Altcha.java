package io.tidegate.examples;

import io.tidegate.challenge.AltchaPool;
import io.tidegate.challenge.KeyRing;
import io.tidegate.challenge.ProofOfWork;
import io.tidegate.challenge.ReplayGuard;
import io.tidegate.challenge.Terms;
import io.tidegate.challenge.Verification;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * {@code GET /altcha/challenge} and {@code POST /altcha/verify}, for ALTCHA's widgets: a form of
 * one's own that asks everybody for work, flood or not. Safe for use by many threads.
 */
final class Altcha implements AutoCloseable {

  /**
   * Some 25 tries in protocol 2. An endpoint that knows its client's address, as the gate does,
   * binds the work to it by a subject, so that it cannot be sold.
   */
  private static final Terms TERMS = Terms.of(100_000).action("altcha");

  private final AltchaPool pool = AltchaPool.builder().cost(2_000).build();
  private final ProofOfWork work;

  Altcha(KeyRing keys, ReplayGuard guard) {
    this.work = ProofOfWork.builder(keys).replayGuard(guard).altchaPool(pool).build();
    work.issueAltcha2(TERMS); // so the pool fills before anybody asks
  }

  /** 200 with a challenge in protocol 2, or 1 with {@code ?version=1}; 400. */
  Reply challenge(Ask ask) {
    try {
      String version = ask.parameters().getOrDefault("version", "2");
      String json =
          switch (version) {
            case "1" -> work.issueAltcha(TERMS);
            case "2" -> work.issueAltcha2(TERMS); // of protocol 1 while the pool is empty
            default -> throw HttpError.badInput("version: expected 1 or 2");
          };
      byte[] content = json.getBytes(StandardCharsets.UTF_8);
      return Reply.of(200, "application/json", Parts.ready(content));
    } catch (HttpError e) {
      return Reply.problem(e);
    }
  }

  /** 200 if the field {@code altcha} counts, as it does once; else 400 or 403 with the reason. */
  Reply verify(Ask ask) {
    try {
      String payload = Forms.read(ask).path("altcha").asText("");
      Verification verification = work.redeemAltcha(payload, TERMS);
      return verification.accepted()
          ? Reply.json(200, JsonBodies.object().put("verified", true))
          : Reply.problem(error(verification.outcome()));
    } catch (HttpError e) {
      return Reply.problem(e);
    }
  }

  private static HttpError error(Verification.Outcome outcome) {
    return switch (outcome) {
      case MALFORMED -> new HttpError(400, word(outcome), "altcha: expected what a widget sends");
      case OVERLOADED -> new HttpError(503, word(outcome), "Try again in a while.");
      default -> new HttpError(403, word(outcome), "The work does not count.");
    };
  }

  private static String word(Verification.Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Ends the making of puzzles. */
  @Override
  public void close() {
    pool.close();
  }
}
