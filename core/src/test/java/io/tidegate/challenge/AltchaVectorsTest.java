package io.tidegate.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ALTCHA's protocol 2 against values that its own libraries compute. */
class AltchaVectorsTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final String NONCE = "39baf91a19d671f8231217f9e28342a6";
  private static final String SALT = "5e00d5d152e1a5db7d44fb6404a40a5e";
  private static final long EXPIRES = 4_102_444_800L;

  private static String hmac(String key, byte[] data) {
    return HEX.formatHex(new MacPool(key.getBytes(StandardCharsets.US_ASCII)).tag(data));
  }

  private static String signature(Map<String, Object> parameters) {
    String canonical = CanonicalJson.of(parameters);
    assertThat(canonical).isNotNull();
    return hmac("signature.secret", canonical.getBytes(StandardCharsets.US_ASCII));
  }

  private static Map<String, Object> parameters(String algorithm, long cost, String keyPrefix) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("salt", SALT); // in no order, which must not matter
    parameters.put("nonce", NONCE);
    parameters.put("keyPrefix", keyPrefix);
    parameters.put("keyLength", 32L);
    parameters.put("cost", cost);
    parameters.put("algorithm", algorithm);
    return parameters;
  }

  private static Map<String, Object> vectorA() {
    Map<String, Object> parameters = parameters("PBKDF2/SHA-256", 100, "00");
    parameters.put("expiresAt", EXPIRES);
    parameters.put("data", Map.of("userId", "42", "action", "login"));
    return parameters;
  }

  private static String key(AltchaAlgorithm algorithm, long cost, long counter) {
    return HEX.formatHex(algorithm.derive(HEX.parseHex(NONCE), HEX.parseHex(SALT), cost, counter));
  }

  @Test
  void signature_isTheirs() {
    assertThat(signature(parameters("PBKDF2/SHA-256", 1_000, "00")))
        .isEqualTo("a10045ef3381d5516e0c3fd6bf0b90e02fab68d576ffe9e0e1c2d1cd1e404f2a");
    assertThat(signature(vectorA()))
        .isEqualTo("fcc58807d24e93dd7ad01de045552c6049779fc86ea0e51e7de6259836db2a53");
  }

  @Test
  void keySignature_isTheirs() {
    String prefix = "7fe19ce7619c51d4685444d8b43c697c";
    byte[] key = AltchaAlgorithm.SHA_256.derive(HEX.parseHex(NONCE), HEX.parseHex(SALT), 10, 100);
    assertThat(HEX.formatHex(key)).isEqualTo(prefix + "87c829f59f71286a86cf50191338792f");
    String keySignature = hmac("key.secret", key);
    assertThat(keySignature)
        .isEqualTo("5cbfc0da33717b8346da4ef483605cd520a61534adc9cf13191a6e40f8659912");
    Map<String, Object> parameters = parameters("SHA-256", 10, prefix);
    parameters.put("expiresAt", EXPIRES);
    parameters.put("keySignature", keySignature);
    assertThat(signature(parameters))
        .isEqualTo("1e8ab70006af7e934f347dbe94fbc85fa0ca5357e588589faefe82c289a9ed43");
  }

  @Test
  void firstSolution_isTheirs() {
    long counter = 0;
    while (!key(AltchaAlgorithm.PBKDF2_SHA_256, 100, counter).startsWith("00")) {
      counter++;
    }
    assertThat(counter).isEqualTo(11);
    assertThat(key(AltchaAlgorithm.PBKDF2_SHA_256, 100, counter))
        .isEqualTo("0081136a67b36c0c6b45dc1de8821c318fed732b6406c89b90c5234329e04e4c");
  }

  @ParameterizedTest
  @CsvSource({
    "PBKDF2/SHA-256, 1, 722ede188d41e7a7c9fd5447dca6cbb84e09c15724dbaadfb5bfb37d2cd4effa",
    "PBKDF2/SHA-256, 2, cba117f9a790022a55589d5008c9f003e49c011ff7fe34fc838788a1825524f7",
    "PBKDF2/SHA-384, 1, 16fa2f9d7433fd956d7bb82745148bd18f44b8e87f8a57b47d1387f589402851",
    "PBKDF2/SHA-512, 1, d1033a8a8ae79a03ed06bdcfd8ad361aaafc72701c5db9da40fdeecefe3ec41a",
    "SHA-256, 1, 6deccc5eecdb14c99d57129ef8f2f7d3e71812d8bd022c1caaf9e56512ec186c",
    "SHA-256, 2, 54129dc0097cb40d1c75bd8dc1e5f713839b285d72f9685a3d91ab76ca2746ad"
  })
  void derivedKey_isTheirs(String algorithm, long cost, String key) {
    assertThat(key(AltchaAlgorithm.of(algorithm), cost, 123)).isEqualTo(key);
  }

  /** A value that is published for a counter in another form, but belongs to this one. */
  @Test
  void derivedKey_ofCounter0_isTheirs() {
    assertThat(key(AltchaAlgorithm.SHA_256, 1, 0))
        .isEqualTo("affc403e053d9c08bcad2cb685a87ca3a0995d0b8a7a44d933e32f4ae73ee25a");
  }

  @ParameterizedTest
  @CsvSource({
    "PBKDF2/SHA-256, 48451910200329cef2613e7386e002e9, 69233ec009c4027efcc30bdc0644a8c2,"
        + " c94ebe900464a1482b268f2a333ff35f",
    "SHA-256, 4b5f073ade660e75f8c7b79e12ecd5e0, 6755dff916f3d3fa73ed5c4ac79508d2,"
        + " 1e069a0242d5ebf33ebf68b4de5340e2"
  })
  void widgetFixtures_solveAtCounter10(String name, String nonce, String salt, String prefix) {
    AltchaAlgorithm algorithm = AltchaAlgorithm.of(name);
    for (long counter = 0; counter <= 10; counter++) {
      String key =
          HEX.formatHex(algorithm.derive(HEX.parseHex(nonce), HEX.parseHex(salt), 10, counter));
      assertThat(key.startsWith(prefix)).as("counter %d", counter).isEqualTo(counter == 10);
    }
  }

  /** Java's own PBKDF2 takes passwords as text, so this only works where no byte is above 127. */
  @Test
  void pbkdf2_isThePlatforms() throws Exception {
    byte[] nonce = "sixteen letters!".getBytes(StandardCharsets.US_ASCII);
    byte[] salt = HEX.parseHex(SALT);
    char[] password = "sixteen letters!\0\0\0\7".toCharArray();
    for (AltchaAlgorithm algorithm :
        List.of(
            AltchaAlgorithm.PBKDF2_SHA_256,
            AltchaAlgorithm.PBKDF2_SHA_384,
            AltchaAlgorithm.PBKDF2_SHA_512)) {
      String name = "PBKDF2WithHmac" + algorithm.wireName().substring(7).replace("-", "");
      byte[] theirs =
          javax.crypto.SecretKeyFactory.getInstance(name)
              .generateSecret(new javax.crypto.spec.PBEKeySpec(password, salt, 321, 256))
              .getEncoded();
      assertThat(algorithm.derive(nonce, salt, 321, 7)).as(name).isEqualTo(theirs);
    }
  }

  /** P20: what the torture vector has and every language writes alike. */
  @Test
  void canonical_isTheirs() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("userId", "42");
    data.put("action", "login");
    data.put("ok", true);
    data.put("none", null);
    data.put("B", "x");
    data.put("a", "y");
    data.put("s", "q\"\\/\u0001\b\f\n\r\t\u007f");
    assertThat(CanonicalJson.of(Map.of("one", 1L, "data", data)))
        .isEqualTo(
            "{\"data\":{\"B\":\"x\",\"a\":\"y\",\"action\":\"login\",\"none\":null,\"ok\":true,"
                + "\"s\":\"q\\\"\\\\/\\u0001\\b\\f\\n\\r\\t\u007f\",\"userId\":\"42\"},\"one\":1}");
    assertThat(CanonicalJson.of(Map.of())).isEqualTo("{}");
  }

  /** P20: and what languages write differently, or browsers cannot send. */
  @Test
  void p20_whatIsNotTheSameEverywhere_hasNoCanonicalForm() {
    List<Object> values =
        Arrays.asList(
            1.5,
            1.0,
            1e21,
            1,
            1L << 53,
            -(1L << 53),
            "\u0080",
            "\u2028",
            "\u00e9",
            "\ud800",
            'x',
            List.of(),
            StrictJson.OTHER_NUMBER,
            Map.of("in", 1.5));
    for (Object value : values) {
      assertThat(CanonicalJson.of(Map.of("data", value))).as("%s", value).isNull();
    }
    for (Object key : List.of("9", "10", "0x", "\u00e9", 5L)) {
      assertThat(CanonicalJson.of(Collections.singletonMap(key, "x"))).as("%s", key).isNull();
    }
    assertThat(CanonicalJson.of(Map.of("n", (1L << 53) - 1))).isEqualTo("{\"n\":9007199254740991}");
  }
}
