package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChallengePageLanguageTest {

  private static String liked(String acceptLanguage) {
    return Language.liked(acceptLanguage).texts().get("lang");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "de | de",
        "de-AT | de",
        "DE-at | de",
        "fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5 | fr",
        "en;q=0.8, de;q=0.9 | de",
        "nl, es;q=0.1 | es",
        "ja;q=0.5,zh;q=0.5 | ja",
        "zh-TW | zh-Hans",
        "zh-Hant-HK,en;q=0.5 | zh-Hans",
        "de;q=0 | en",
        "de;q=0, fr;q=0.001 | fr",
        "de;q=1.000, fr | de",
        "de ; q=0.5 , fr ; q=0.6 | fr",
        "de;Q=0.5 | de",
        "* | en",
        "nl, sv | en",
        "den | en",
        "d | en",
        "'' | en",
        ", ,;, de | de",
      })
  void liked_header_isTheLanguage(String acceptLanguage, String language) {
    assertThat(liked(acceptLanguage)).isEqualTo(language);
  }

  @ParameterizedTest
  @CsvSource({
    "de;q=2",
    "de;q=1.001",
    "de;q=",
    "de;q",
    "de;",
    "de;q=-1",
    "de;q=0.5x",
    "de;q=0,5",
    "de;q=NaN",
    "de;q=0.1234",
    "de;x=1",
    "de;q=1x",
    "de_AT;;q=1"
  })
  void liked_weightThatIsNone_isPassedOver(String acceptLanguage) {
    assertThat(liked(acceptLanguage)).isEqualTo("en");
  }

  @Test
  void liked_noHeader_isEnglish() {
    assertThat(Language.liked(null)).isSameAs(Language.ALL.get(0));
    assertThat(liked(null)).isEqualTo("en");
  }

  @Test
  void liked_longHeader_isReadSoFar() {
    assertThat(liked("nl,".repeat(300) + "de")).isEqualTo("de");
    assertThat(liked("nl,".repeat(400) + "de")).isEqualTo("en");
  }

  @Test
  void liked_anyText_throwsNothing() {
    long seed = 20_261_125;
    RandomInput random = new RandomInput(seed);
    for (int i = 0; i < 20_000; i++) {
      String text = random.text(40);
      assertThat(Language.ALL).as("seed %d, round %d", seed, i).contains(Language.liked(text));
      assertThat(Language.ALL).contains(Language.liked("de;q=" + text));
    }
  }

  @Test
  void texts_everyLanguage_haveTheSameNamesAndPlaceholders() {
    Language english = Language.ALL.get(0);
    for (Language language : Language.ALL) {
      assertThat(language.texts().keySet()).isEqualTo(english.texts().keySet());
      language
          .texts()
          .forEach(
              (name, text) -> {
                assertThat(text).as(name).isNotBlank().doesNotContain("@", "  ");
                assertThat(text.contains("{0}"))
                    .as("%s has a placeholder", name)
                    .isEqualTo(english.texts().get(name).contains("{0}"));
              });
    }
  }
}
