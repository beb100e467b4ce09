package io.tidegate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidegate.limit.Quota;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MicrosTest {

  @Test
  void interval_notWhole_isRoundedUp() {
    assertThat(Micros.of(Quota.perSecond(3)).interval()).isEqualTo(333_334);
    assertThat(Micros.of(Quota.perMinute(60)).interval()).isEqualTo(1_000_000);
    assertThat(Micros.of(Quota.perSecond(1_000_000)).interval()).isEqualTo(1);
  }

  @Test
  void tolerance_ofALongestBurst_isBelowWhatADoubleTells() {
    Micros micros = Micros.of(new Quota(1, Duration.ofDays(1), 366));
    assertThat(micros.tolerance()).isEqualTo(366L * 86_400_000_000L).isLessThan(1L << 53);
  }

  @Test
  void quota_moreThanOnePercentOff_isRefusedAndSaysWhatToDo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Micros.of(Quota.perSecond(300_000)))
        .withMessageContaining("300000 per PT1S")
        .withMessageContaining("larger permits");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Micros.of(Quota.of(Long.MAX_VALUE / 1_000, Duration.ofDays(366))));
    assertThatIllegalArgumentException().isThrownBy(() -> Micros.of(Quota.perSecond(1_100_000)));
  }

  @Test
  void quota_oneInHundredOff_isTaken() {
    assertThat(Micros.of(Quota.of(100, Duration.ofNanos(99 * 100_000))).interval()).isEqualTo(99);
    assertThat(Micros.of(Quota.of(1_000, Duration.ofNanos(99_100_000))).interval())
        .as("99.1 us, of 100 us")
        .isEqualTo(100);
  }
}
