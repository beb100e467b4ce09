package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyByTest {

  private record Asker(IpAddress address, @Nullable String principal, Map<String, String> headers)
      implements Client {

    static Asker with(Map<String, String> headers) {
      Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      anyCase.putAll(headers);
      return new Asker(IpAddress.parse("192.0.2.1"), "ann", anyCase);
    }

    static Asker named(@Nullable String principal) {
      return new Asker(IpAddress.UNKNOWN, principal, Map.of());
    }

    @Override
    public @Nullable String header(String name) {
      return headers.get(name);
    }
  }

  @Test
  void addressAndPrefix_asker_areKeysOfTheAddress() {
    Asker asker = Asker.with(Map.of());

    assertThat(KeyBy.address().key(asker)).isEqualTo(ClientKey.address(asker.address()));
    assertThat(KeyBy.prefix(24, 48).key(asker))
        .isEqualTo(ClientKey.prefix(asker.address(), 24, 48));
  }

  @Test
  void prefix_bitsOutOfRange_throwsAtOnce() {
    assertThatThrownBy(() -> KeyBy.prefix(33, 64))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ipv4Bits: 33 (expected: 0 to 32)");
  }

  @Test
  void header_value_isStrippedAndKeepsItsCase() {
    ClientKey key = KeyBy.header("X-Tenant").key(Asker.with(Map.of("x-tenant", " Acme\t")));

    assertThat(key).isEqualTo(ClientKey.text("header:x-tenant", "Acme"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t \t"})
  void anyText_blank_isNotApplicable(String blank) {
    Asker asker = Asker.with(Map.of("X-Tenant", blank, "X-Api-Key", blank));

    assertThat(KeyBy.header("X-Tenant").key(asker)).isNull();
    assertThat(KeyBy.apiKey().key(asker)).isNull();
    assertThat(KeyBy.principal().key(Asker.named(blank))).isNull();
  }

  @Test
  void anyText_missing_isNotApplicable() {
    assertThat(KeyBy.header("X-Tenant").key(Asker.with(Map.of()))).isNull();
    assertThat(KeyBy.apiKey().key(Asker.with(Map.of()))).isNull();
    assertThat(KeyBy.principal().key(Asker.named(null))).isNull();
  }

  @ParameterizedTest
  @CsvSource({"''", "' '", "a b", "a:b", "h\u00e9"})
  void header_noFieldName_throwsAtOnce(String name) {
    assertThatThrownBy(() -> KeyBy.header(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("header: " + name + " (expected: a field name of 1 to 64 token characters)");
  }

  @Test
  void header_longestName_makesAKey() {
    String name = "X".repeat(64);
    ClientKey key = KeyBy.header(name).key(Asker.with(Map.of(name, "v")));

    assertThat(key).isEqualTo(ClientKey.text("header:" + name.toLowerCase(Locale.ROOT), "v"));
    assertThatThrownBy(() -> KeyBy.header(name + "X")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer token, token",
    "bearer token, token",
    "'BEARER   token ', token",
    "'Bearer ',",
    "Bearer,",
    "Bearertoken,",
    "Basic dXNlcjpwYXNz,",
  })
  void apiKey_bearerToken_isTheKey(String authorization, String expected) {
    assertThat(KeyBy.apiKey().key(Asker.with(Map.of("Authorization", authorization))))
        .isEqualTo(expected == null ? null : ClientKey.apiKey(expected));
  }

  @Test
  void apiKey_besideAnotherField_cannotBeReplacedByIt() {
    Map<String, String> both = Map.of("X-Api-Key", "real", "Authorization", "Bearer invented");

    assertThat(KeyBy.header("X-Api-Key").key(Asker.with(both)))
        .isEqualTo(KeyBy.header("X-Api-Key").key(Asker.with(Map.of("X-Api-Key", "real"))));
    assertThat(KeyBy.apiKey().key(Asker.with(Map.of("X-Api-Key", "real")))).isNull();
  }

  @Test
  void apiKey_otherScheme_isNotApplicable() {
    assertThat(KeyBy.apiKey().key(Asker.with(Map.of("Authorization", "Basic dXNlcg==")))).isNull();
  }

  @Test
  void principal_name_isTheKey() {
    assertThat(KeyBy.principal().key(Asker.named("ann")))
        .isEqualTo(ClientKey.text("principal", "ann"));
  }

  @Test
  void pair_bothApplicable_isThePairElseNothing() {
    KeyBy both = KeyBy.pair(KeyBy.principal(), KeyBy.address());
    Asker ann = Asker.named("ann");

    assertThat(both.key(ann))
        .isEqualTo(
            ClientKey.pair(
                ClientKey.text("principal", "ann"), ClientKey.address(IpAddress.UNKNOWN)));
    assertThat(both.key(Asker.named(null))).isNull();
    assertThat(KeyBy.pair(KeyBy.address(), KeyBy.principal()).key(Asker.named(null))).isNull();
  }

  @Test
  void factories_sameParameters_areEqual() {
    assertThat(KeyBy.address()).isSameAs(KeyBy.address()).isSameAs(KeyBy.prefix(32, 64));
    assertThat(KeyBy.apiKey()).isSameAs(KeyBy.apiKey());
    assertThat(KeyBy.principal()).isSameAs(KeyBy.principal());
    assertThat(KeyBy.prefix(24, 48)).isEqualTo(KeyBy.prefix(24, 48));
    assertThat(KeyBy.prefix(24, 48)).isNotEqualTo(KeyBy.prefix(24, 56));
    assertThat(KeyBy.header("X-Tenant")).isEqualTo(KeyBy.header("x-tenant"));
    assertThat(KeyBy.header("X-Tenant")).isNotEqualTo(KeyBy.header("X-Team"));
    assertThat(KeyBy.pair(KeyBy.address(), KeyBy.apiKey()))
        .isEqualTo(KeyBy.pair(KeyBy.address(), KeyBy.apiKey()))
        .isNotEqualTo(KeyBy.pair(KeyBy.apiKey(), KeyBy.address()));
  }
}
