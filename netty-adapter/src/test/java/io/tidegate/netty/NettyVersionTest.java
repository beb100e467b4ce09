package io.tidegate.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import org.junit.jupiter.api.Test;

/** The build says on which Netty it tests. */
class NettyVersionTest {

  @Test
  void netty_isWhatTheBuildNames() {
    String expected = System.getProperty("tidegate.netty.version");
    assertThat(Version.identify().values())
        .as("Netty's parts")
        .hasSizeGreaterThan(5)
        .allSatisfy(part -> assertThat(part.artifactVersion()).isEqualTo(expected));
  }
}
