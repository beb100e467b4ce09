package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The token of a challenge in a problem document, and nothing that only looks like it. */
class ChallengeReaderTest {

  private static final String DOCUMENT =
      "{\"type\":\"about:blank\",\"title\":\"Too \\u0041 \\\"many\\\" \u00e9\",\"status\":429,"
          + "\"limits\":[{\"r\":0,\"t\":-1.5e+3},[],{},null,true,false],"
          + "\"challenge\":{\"token\":\"AbC-_9\",\"puzzles\":16,\"work\":123456,"
          + "\"expires\":\"2026-11-25T00:00:00Z\",\"header\":\"Tidegate-Proof\","
          + "\"pass\":\"/.tidegate/pass\"},\"instance\":null}";

  private static @Nullable String token(String document) {
    return ChallengeReader.token(document.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void problemDocument_hasItsToken() {
    assertThat(token(DOCUMENT)).isEqualTo("AbC-_9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"challenge\":{\"token\":\"T\"}}",
        " \t\r\n{ \"challenge\" : { \"token\" : \"T\" } } \n",
        "{\"challenge\":{\"a\":[1,2],\"token\":\"T\",\"b\":{\"token\":\"X\"}},\"token\":\"Y\"}",
        "{\"a\":{\"challenge\":{\"token\":\"X\"}},\"challenge\":{\"token\":\"T\"}}",
        "{\"a\":[{\"token\":\"X\",\"challenge\":1}],\"challenge\":{\"token\":\"T\"}}",
        "{\"\":0,\"challenge\":{\"token\":\"T\"},\"a\":-0.0e0}",
        "{\"a\":1,\"a\":2,\"challenge\":{\"token\":\"T\"}}"
      })
  void document_withAToken_hasIt(String document) {
    assertThat(token(document)).isEqualTo("T");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{}",
        "[]",
        "null",
        "\"challenge\"",
        "{\"challenge\":null}",
        "{\"challenge\":\"T\"}",
        "{\"challenge\":[{\"token\":\"T\"}]}",
        "{\"challenge\":{}}",
        "{\"challenge\":{\"token\":null}}",
        "{\"challenge\":{\"token\":1}}",
        "{\"challenge\":{\"token\":[\"T\"]}}",
        "{\"token\":\"T\"}",
        "{\"Challenge\":{\"token\":\"T\"}}",
        "{\"a\":{\"challenge\":{\"token\":\"T\"}}}",
        "[{\"challenge\":{\"token\":\"T\"}}]",
        "{\"challenge\":{\"token\":\"T\",\"token\":\"T\"}}",
        "{\"challenge\":{\"token\":\"T\"},\"challenge\":{\"token\":\"T\"}}",
        "{\"challenge\":1,\"challenge\":{\"token\":\"T\"}}",
        "{\"challenge\":{\"token\":\"T\"},\"challenge\":1}",
        "{\"challenge\":{\"token\":\"T\"}",
        "{\"challenge\":{\"token\":\"T\"}}}",
        "{\"challenge\":{\"token\":\"T\"}} x",
        "{\"challenge\":{\"token\":\"T\"}},",
        "{\"challenge\":{\"token\":\"T\",}}",
        "{\"challenge\":{\"token\":\"T\"},}",
        "{,\"challenge\":{\"token\":\"T\"}}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":01}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":1.}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":.5}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":+1}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":1e}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":-}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":NaN}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":tru}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":truefalse}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":'b'}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":\"\\x\"}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":\"\\u00g0\"}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":\"\\u00\"}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":\"\n\"}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":\"\u0000\"}",
        "{\"challenge\":{\"token\":\"T\"},\"a\"}",
        "{\"challenge\":{\"token\":\"T\"},a:1}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":[1,]}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":[1 2]}",
        "{\"challenge\":{\"token\":\"T\"},\"a\":[}]}",
        "{\"challenge\":{\"token\":\"T\"}/**/}",
        "\ufeff{\"challenge\":{\"token\":\"T\"}}"
      })
  void mustReject_document_hasNoToken(String document) {
    assertThat(token(document)).isNull();
  }

  @Test
  void mustReject_wrongUtf8_hasNoToken() {
    byte[] document =
        "{\"challenge\":{\"token\":\"T\"},\"a\":\"?\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(ChallengeReader.token(document)).isEqualTo("T");
    document[document.length - 3] = (byte) 0xE9;
    assertThat(ChallengeReader.token(document)).isNull();
  }

  @Test
  void nesting_endsSomewhere() {
    assertThat(token(nested(30))).isEqualTo("T");
    assertThat(token(nested(33))).isNull();
    assertThat(token(nested(1_000_000))).isNull();
    assertThat(token("{\"a\":".repeat(100_000))).isNull();
  }

  private static String nested(int depth) {
    String open = "[".repeat(depth);
    return "{\"challenge\":{\"token\":\"T\"},\"a\":" + open + "]".repeat(depth) + "}";
  }

  /** No prefix of a document is one. */
  @Test
  void everyPrefix_hasNoToken() {
    byte[] document = DOCUMENT.getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < document.length; length++) {
      assertThat(ChallengeReader.token(java.util.Arrays.copyOf(document, length)))
          .as("%d bytes", length)
          .isNull();
    }
  }

  /** Nothing is thrown, and a token that is found is one that a strict library finds as well. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 20_250_127})
  void randomDocuments_areReadAsAStrictLibraryReadsThem(long seed) {
    ObjectMapper strict = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    Random random = new Random(seed);
    String[] pieces = {"{", "}", "[", "]", ",", ":", "\"", "\\", "\"token\"", "\"challenge\"", "1"};
    int found = 0;
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder(DOCUMENT);
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
          case 0 -> text.setCharAt(at, (char) (1 + random.nextInt(0x7E)));
          case 1 -> text.deleteCharAt(at);
          case 2 -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(40)));
          default -> text.insert(at, pieces[random.nextInt(pieces.length)]);
        }
      }
      String document = text.toString();
      String token = token(document);
      if (token != null && token.indexOf('\\') < 0) {
        found++;
        assertThat(tokenOf(strict, document))
            .as("seed %d, round %d: %s", seed, round, document)
            .isEqualTo(token);
      }
    }
    assertThat(found).as("tokens found of seed %d", seed).isGreaterThan(1_000);
  }

  private static @Nullable String tokenOf(ObjectMapper strict, String document) {
    try {
      JsonNode node = strict.readTree(document);
      return node.path("challenge").path("token").asText(null);
    } catch (IOException e) {
      return "no JSON: " + e.getMessage();
    }
  }

  /** Bytes of any kind. */
  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void randomBytes_throwNothing(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = DOCUMENT.getBytes(StandardCharsets.UTF_8);
      for (int change = random.nextInt(6); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      String token = ChallengeReader.token(bytes);
      assertThat(token == null || token.length() < 100)
          .as("seed %d, round %d", seed, round)
          .isTrue();
    }
  }
}
