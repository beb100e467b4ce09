package io.tidegate.challenge;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Challenges and payloads of ALTCHA's protocol 1, so that its widgets work against us unchanged:
 * find the number whose digest, with a salt before it, is known.
 *
 * <p>Only the digest is signed there. What a verifier goes by, the price, the times and the
 * binding, stands in the salt, which the digest covers; it ends with a delimiter, and the number is
 * an integer, so no digit can pass from one to the other. A salt is taken only in the form in which
 * we write it.
 */
final class AltchaV1 {

  private static final String PURPOSE = "tidegate altcha 1";
  private static final String ALGORITHM = "SHA-256";
  private static final int ID_CHARS = 32;
  private static final int MOST_DIGITS = 14;
  private static final int DIGEST_BYTES = 32;
  private static final int HEX_CHARS = 2 * DIGEST_BYTES;

  private final Signer signer;
  private final SecureRandom random = new SecureRandom();

  AltchaV1(KeyRing keys) {
    this.signer = new Signer(keys, PURPOSE, Hex::ascii);
  }

  /** A salt's parts. */
  record Salt(String id, String binding, long issued, String key, long most, long expires)
      implements AltchaOffer {

    /** What the widget hashes before the number. */
    String text() {
      return id
          + "?b="
          + binding
          + "&i="
          + issued
          + "&k="
          + key
          + "&m="
          + most
          + "&expires="
          + expires
          + "&";
    }

    @Override
    public long work() {
      return Math.max(1, most / 2);
    }

    @Override
    public long idHigh() {
      return HexFormat.fromHexDigitsToLong(id, 0, 16);
    }

    @Override
    public long idLow() {
      return HexFormat.fromHexDigitsToLong(id, 16, 32);
    }

    /** The parts of a salt of ours; null if it is none. One salt has one spelling. */
    static @Nullable Salt parse(String text) {
      int issuedAt = text.indexOf("&i=", ID_CHARS);
      int keyAt = text.indexOf("&k=", issuedAt);
      int mostAt = text.indexOf("&m=", keyAt);
      int expiresAt = text.indexOf("&expires=", mostAt);
      int end = text.length() - 1;
      if (issuedAt < 0
          || keyAt < issuedAt
          || mostAt < keyAt
          || expiresAt < mostAt
          || !text.startsWith("?b=", ID_CHARS)
          || text.charAt(end) != '&') {
        return null;
      }
      String id = text.substring(0, ID_CHARS);
      String binding = text.substring(ID_CHARS + 3, issuedAt);
      long issued = number(text, issuedAt + 3, keyAt);
      String key = text.substring(keyAt + 3, mostAt);
      long most = number(text, mostAt + 3, expiresAt);
      long expires = number(text, expiresAt + 9, end);
      return issued >= 0
              && most >= 0
              && expires >= 0
              && key.indexOf('&') < 0
              && Hex.is(binding)
              && Hex.is(id)
          ? new Salt(id, binding, issued, key, most, expires)
          : null;
    }

    /** Digits without leading zeros; negative if there is anything else. */
    private static long number(String text, int from, int to) {
      if (from >= to || to - from > MOST_DIGITS || (text.charAt(from) == '0' && to - from > 1)) {
        return -1;
      }
      long value = 0;
      for (int i = from; i < to; i++) {
        int digit = text.charAt(i) - '0';
        if (digit < 0 || digit > 9) {
          return -1;
        }
        value = (10 * value) + digit;
      }
      return value;
    }
  }

  /** A challenge in JSON; its salt says all that is needed later. */
  String issue(Salt salt) {
    String text = salt.text();
    String challenge = Hex.of(digest(text, random.nextLong(salt.most + 1)));
    byte[] tag = signer.tagIfKnown(salt.key, bytes(challenge));
    String signature = tag == null ? "" : Hex.of(tag); // its key was removed just now
    return "{\"algorithm\":\""
        + ALGORITHM
        + "\",\"challenge\":\""
        + challenge
        + "\",\"maxnumber\":"
        + salt.most
        + ",\"salt\":\""
        + text
        + "\",\"signature\":\""
        + signature
        + "\"}";
  }

  /**
   * What a payload is.
   *
   * @param flaw why it counts for nothing; null if it solves the puzzle of its salt
   * @param salt the salt, which is ours if there is no flaw
   */
  record Checked(Verification.@Nullable Outcome flaw, @Nullable Salt salt) {}

  Checked check(@Nullable AltchaPayload given) {
    Salt salt = given == null ? null : Salt.parse(given.salt());
    if (given == null
        || salt == null
        || !ALGORITHM.equals(given.algorithm())
        || !Hex.is(given.challenge(), HEX_CHARS)
        || !Hex.is(given.signature(), HEX_CHARS)) {
      return new Checked(Verification.Outcome.MALFORMED, null);
    }
    byte[] tag = signer.tagIfKnown(salt.key, bytes(given.challenge()));
    if (tag == null || !Hex.spells(given.signature(), tag, tag.length)) {
      return new Checked(Verification.Outcome.FORGED, null);
    }
    boolean solved =
        given.number() <= salt.most
            && Hex.spells(given.challenge(), digest(given.salt(), given.number()), DIGEST_BYTES);
    return solved ? new Checked(null, salt) : new Checked(Verification.Outcome.UNSOLVED, null);
  }

  private static byte[] bytes(String ascii) {
    return ascii.getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] digest(String salt, long number) {
    try {
      MessageDigest digest = MessageDigest.getInstance(ALGORITHM);
      digest.update(bytes(salt));
      return digest.digest(bytes(Long.toString(number)));
    } catch (NoSuchAlgorithmException e) { // every Java platform has it
      throw new IllegalStateException("digest: " + ALGORITHM + " (expected: in the platform)", e);
    }
  }
}
