package io.tidegate.challenge;

import io.tidegate.challenge.Verification.Outcome;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Both of ALTCHA's protocols: issues in either, and sees which one a payload is of. */
final class Altcha {

  private final AltchaV1 v1;
  private final AltchaV2 v2;
  private final Bindings bindings;
  private final Redemption redemption;
  private final long lifetimeSeconds;
  private final RandomIds ids = new RandomIds();

  Altcha(
      KeyRing keys,
      @Nullable AltchaPool pool,
      Bindings bindings,
      Redemption redemption,
      long lifetimeSeconds) {
    this.v1 = new AltchaV1(keys);
    this.v2 = new AltchaV2(keys, pool);
    this.bindings = bindings;
    this.redemption = redemption;
    this.lifetimeSeconds = lifetimeSeconds;
  }

  String issue1(Terms terms) {
    long now = redemption.now();
    String key = bindings.signing();
    return v1.issue(
        new AltchaV1.Salt(
            Hex.of(ids.next()),
            bindings.hex(key, terms),
            now,
            key,
            2 * terms.work(),
            now + lifetimeSeconds));
  }

  String issue2(Terms terms) {
    long now = redemption.now();
    String key = bindings.signing();
    String json = v2.issue(key, bindings.hex(key, terms), now, now + lifetimeSeconds, terms.work());
    return json == null ? issue1(terms) : json;
  }

  Verification redeem(String payload, Terms terms) {
    Map<String, Object> json = StrictJson.readBase64(payload, AltchaPayload.MOST_CHARS);
    if (json == null) {
      return Verification.of(Outcome.MALFORMED);
    }
    return json.get("challenge") instanceof Map ? redeem2(json, terms) : redeem1(json, terms);
  }

  /** A salt can be believed only when its number has been checked, so that goes first here. */
  private Verification redeem1(Map<String, Object> json, Terms terms) {
    AltchaV1.Checked checked = v1.check(AltchaPayload.of(json));
    AltchaV1.Salt salt = checked.salt();
    return salt == null ? flawed(checked.flaw()) : redeem(salt, terms, () -> true);
  }

  private Verification redeem2(Map<String, Object> json, Terms terms) {
    AltchaV2.Opened opened = v2.open(json);
    AltchaV2.Solution solution = opened.solution();
    return solution == null
        ? flawed(opened.flaw())
        : redeem(solution.parameters(), terms, () -> v2.isSolved(solution));
  }

  private static Verification flawed(@Nullable Outcome flaw) {
    return Verification.of(Objects.requireNonNullElse(flaw, Outcome.MALFORMED));
  }

  private Verification redeem(AltchaOffer offer, Terms terms, BooleanSupplier isSolved) {
    long now = redemption.now();
    Outcome outOfDate = redemption.outOfDate(offer.issued(), offer.expires(), now);
    if (outOfDate != null) {
      return Verification.of(outOfDate);
    }
    if (!bindings.isHex(offer.binding(), offer.key(), terms)) {
      return Verification.of(Outcome.FOR_ANOTHER);
    }
    if (offer.work() < terms.work()) {
      return Verification.of(Outcome.TOO_CHEAP);
    }
    return isSolved.getAsBoolean()
        ? redemption.claim(
            offer.idHigh(), offer.idLow(), offer.work(), offer.issued(), offer.expires(), now)
        : Verification.of(Outcome.UNSOLVED);
  }
}
