package io.tidegate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Jetty for Servlet 6.1. */
@Tag("servlet-6.1")
class JettyEe11Test extends ServletScenarios {

  JettyEe11Test() {
    super(new JettyEe11());
  }

  @Test
  void servletApi_isThatOfTheContainer() {
    assertThat(ServletApi.version()).isEqualTo("6.1");
  }
}
