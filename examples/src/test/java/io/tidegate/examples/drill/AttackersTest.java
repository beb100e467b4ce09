package io.tidegate.examples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the load's parts read and draw. */
class AttackersTest {

  private static List<Attackers.Plan> plans(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Stream.generate(() -> Attackers.Plan.drawn(random, 2_000, 40)).limit(10_000).toList();
  }

  @Test
  void drawn_fromOneSeed_isTheSameAgain() {
    assertThat(plans(7)).isEqualTo(plans(7)).isNotEqualTo(plans(8));
  }

  @Test
  void drawn_oftenEnough_mixesAllThreeKindsFromAllAddresses() {
    List<Attackers.Plan> plans = plans(1);
    assertThat(plans.stream().filter(plan -> plan.path().equals("/register")).count())
        .as("seed 1")
        .isBetween(3_700L, 4_300L);
    assertThat(plans.stream().filter(plan -> plan.path().equals("/login")).count())
        .as("seed 1")
        .isBetween(2_700L, 3_300L);
    assertThat(plans.stream().map(Attackers.Plan::address).distinct().count())
        .as("seed 1")
        .isGreaterThan(1_900);
  }

  @Test
  void asked_ofPageAndProblem_findsTokenAndWork() {
    Answer page =
        answer("<main data-token=\"abc\" data-puzzles=\"16\" data-work=\"100\">", 503, "");
    Answer problem =
        answer("{\"status\":429,\"challenge\":{\"token\":\"abc\",\"work\":100}}", 429, "");
    assertThat(Asked.of(page)).isEqualTo(new Asked("abc", 100));
    assertThat(Asked.of(problem)).isEqualTo(new Asked("abc", 100));
    assertThat(Asked.of(answer("busy", 503, ""))).isNull();
  }

  @Test
  void nanos_ofTheFloor_areATenthOfASecondOnThePhone() {
    Asked floor = new Asked("abc", Settings.PHONE / 10 / Settings.SCALE);
    assertThat(floor.nanos(Settings.PHONE)).isEqualTo(100_000_000);
  }

  @Test
  void retryAfter_missingOrNoNumber_isTheOtherwise() {
    assertThat(answer("", 429, "3").retryAfterMillis(2_000)).isEqualTo(3_000);
    assertThat(answer("", 429, "").retryAfterMillis(2_000)).isEqualTo(2_000);
    assertThat(answer("", 429, "soon").retryAfterMillis(2_000)).isEqualTo(2_000);
  }

  private static Answer answer(String body, int status, String retryAfter) {
    HttpHeaders headers = new DefaultHttpHeaders();
    if (!retryAfter.isEmpty()) {
      headers.set("Retry-After", retryAfter);
    }
    return new Answer(status, headers, body);
  }
}
