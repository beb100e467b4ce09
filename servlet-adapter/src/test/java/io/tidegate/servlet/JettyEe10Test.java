package io.tidegate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Jetty for Servlet 6.0. */
class JettyEe10Test extends ServletScenarios {

  JettyEe10Test() {
    super(new JettyEe10());
  }

  @Test
  void servletApi_isThatOfTheContainer() {
    assertThat(ServletApi.version()).isEqualTo("6.0");
  }
}
