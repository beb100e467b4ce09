package io.tidegate.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void quotaExceeded_isThisDocument() {
    Problem problem = Problem.quotaExceeded(List.of("daily", "burst"), "Come back later.");
    assertThat(problem.status()).isEqualTo(429);
    assertThat(problem.json())
        .isEqualTo(
            "{\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\","
                + "\"title\":\"Quota Exceeded\",\"status\":429,\"detail\":\"Come back later.\","
                + "\"violated-policies\":[\"daily\",\"burst\"]}");
  }

  @Test
  void abnormalUsage_isThisDocument() {
    Problem problem = Problem.abnormalUsage(List.of("login"), "Banned.");
    assertThat(problem.status()).isEqualTo(429);
    assertThat(problem.json())
        .isEqualTo(
            "{\"type\":\"https://iana.org/assignments/http-problem-types#abnormal-usage-detected\","
                + "\"title\":\"Abnormal Usage Detected\",\"status\":429,\"detail\":\"Banned.\","
                + "\"violated-policies\":[\"login\"]}");
  }

  @Test
  void reducedCapacity_isThisDocument() {
    Problem problem = Problem.reducedCapacity("Busy.");
    assertThat(problem.status()).isEqualTo(503);
    assertThat(problem.json())
        .isEqualTo(
            "{\"type\":"
                + "\"https://iana.org/assignments/http-problem-types#temporary-reduced-capacity\","
                + "\"title\":\"Temporary Reduced Capacity\",\"status\":503,\"detail\":\"Busy.\"}");
  }

  @Test
  void forbidden_isThisDocument() {
    Problem problem = Problem.forbidden("No.");
    assertThat(problem.status()).isEqualTo(403);
    assertThat(problem.json())
        .isEqualTo(
            "{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403,\"detail\":\"No.\"}");
  }

  @Test
  void nothingToSay_isLeftOut() throws IOException {
    JsonNode document = JSON.readTree(Problem.quotaExceeded(List.of(), "").bytes());
    assertThat(document.fieldNames()).toIterable().containsExactly("type", "title", "status");
  }

  @Test
  void bytesAndBuffer_areTheJsonInUtf8() {
    Problem problem = Problem.forbidden("caf\u00e9 \ud83d\ude00");
    byte[] expected = problem.json().getBytes(UTF_8);
    ByteBuffer buffer = problem.buffer();
    byte[] viewed = new byte[buffer.remaining()];
    buffer.get(viewed);
    assertThat(problem.bytes()).isEqualTo(expected);
    assertThat(viewed).isEqualTo(expected);
    assertThat(problem.length()).isEqualTo(expected.length).isGreaterThan(problem.json().length());
  }

  @Test
  void bytesAndBuffer_cannotChangeTheProblem() {
    Problem problem = Problem.forbidden("No.");
    byte[] before = problem.json().getBytes(UTF_8);
    Arrays.fill(problem.bytes(), (byte) 0);
    problem.buffer().position(5);
    assertThatExceptionOfType(ReadOnlyBufferException.class)
        .isThrownBy(() -> problem.buffer().put(0, (byte) 0));
    assertThat(problem.bytes()).isEqualTo(before);
    assertThat(problem.buffer().position()).isZero();
  }

  @Test
  void contentType_isThatOfRfc9457() {
    assertThat(Problem.CONTENT_TYPE).isEqualTo("application/problem+json");
  }

  @Test
  @SuppressWarnings("NullAway")
  void null_isNamed() {
    assertThatNullPointerException()
        .isThrownBy(() -> Problem.forbidden(null))
        .withMessage("detail");
    assertThatNullPointerException()
        .isThrownBy(() -> Problem.quotaExceeded(null, ""))
        .withMessage("violatedPolicies");
  }

  @Test
  void json_escapesWhatItMust() {
    assertThat(Json.quoted("\"\\/\b\t\n\f\r\0\u001f\u007f\u0085\u00e9\u2028\u2029"))
        .isEqualTo("\"\\\"\\\\/\\b\\t\\n\\f\\r\\u0000\\u001f\\u007f\\u0085\u00e9\\u2028\\u2029\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "\udc00", "\ud800x", "x\udc00", "\udc00\ud800", "\ud800\ud800"})
  void json_replacesHalfPairs(String text) {
    assertThat(Json.quoted(text)).isEqualTo('"' + replaced(text) + '"').contains("\ufffd");
  }

  @Test
  void json_keepsWholePairs() {
    assertThat(Json.quoted("\ud800\ud83d\ude00\ude00")).isEqualTo("\"\ufffd\ud83d\ude00\ufffd\"");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void bytes_ofAnyText_readBackAsThatText(long seed) throws IOException {
    RandomInput random = new RandomInput(seed);
    for (int i = 0; i < 1_000; i++) {
      String detail = 'd' + random.text(40);
      List<String> names = List.of(random.text(20), random.text(20));
      Problem problem = Problem.abnormalUsage(names, detail);
      String description = "seed " + seed + ", text " + i + ", " + problem;

      JsonNode document = JSON.readTree(problem.bytes());

      assertThat(document.size()).as(description).isEqualTo(5);
      assertThat(document.get("status").intValue()).as(description).isEqualTo(problem.status());
      assertThat(document.get("detail").textValue()).as(description).isEqualTo(replaced(detail));
      assertThat(texts((ArrayNode) document.get("violated-policies")))
          .as(description)
          .isEqualTo(names.stream().map(ProblemTest::replaced).toList());
      assertThat(problem.json())
          .as(description)
          .doesNotContainPattern("[\\p{Cntrl}\\x80-\\x9f\\u2028\\u2029]");
    }
  }

  private static List<String> texts(ArrayNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.textValue()));
    return texts;
  }

  /** The text with each half of a surrogate pair replaced, by way of code points. */
  private static String replaced(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }
}
