package io.tidegate.http;

import io.tidegate.challenge.Challenge;
import io.tidegate.challenge.ProofOfWork;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Challenges as JSON, for programs: by themselves, and inside a problem document.
 *
 * <pre>{@code
 * {"token":"...","puzzles":16,"work":400000,"expires":"2026-11-25T00:05:00Z",
 *  "header":"Tidegate-Proof","pass":"/.tidegate/pass"}
 * }</pre>
 *
 * <p>Nothing in it comes from a request. All methods are pure, and take the time of writing some
 * hundred characters.
 */
public final class ChallengeJson {

  /** The content type of a challenge by itself. */
  public static final String CONTENT_TYPE = "application/json";

  private ChallengeJson() {}

  /**
   * A challenge.
   *
   * @param challenge what is asked
   * @param passPath where a proof buys a pass, such as {@code /.tidegate/pass}
   * @return the JSON text
   */
  public static String of(Challenge challenge, String passPath) {
    StringBuilder out = new StringBuilder(320);
    write(challenge, passPath, out);
    return out.toString();
  }

  /**
   * A problem document with a member {@code challenge}, and a member {@code reason} if there is
   * one.
   *
   * @param problem what to say beside it
   * @param challenge what is asked
   * @param passPath where a proof buys a pass
   * @param reason a word of ours that says why a proof did not count; null for none
   * @return the document in UTF-8
   */
  public static byte[] problem(
      Problem problem, Challenge challenge, String passPath, @Nullable String reason) {
    String json = problem.json();
    StringBuilder out = new StringBuilder(json.length() + 360);
    out.append(json, 0, json.length() - 1);
    if (reason != null) {
      out.append(",\"reason\":");
      Json.quote(reason, out);
    }
    out.append(",\"challenge\":");
    write(challenge, passPath, out);
    return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void write(Challenge challenge, String passPath, StringBuilder out) {
    Objects.requireNonNull(passPath, "passPath");
    out.append("{\"token\":");
    Json.quote(challenge.token(), out);
    out.append(",\"puzzles\":").append(challenge.puzzles());
    out.append(",\"work\":").append(challenge.work());
    out.append(",\"expires\":\"").append(challenge.expires()).append('"');
    out.append(",\"header\":\"").append(ProofOfWork.FIELD).append('"');
    out.append(",\"pass\":");
    Json.quote(passPath, out);
    out.append('}');
  }
}
