package io.tidegate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tomcat for Servlet 6.1. */
@Tag("servlet-6.1")
class Tomcat11Test extends ServletScenarios {

  Tomcat11Test() {
    super(new Tomcat11());
  }

  @Test
  void servletApi_isThatOfTheContainer() {
    assertThat(ServletApi.version()).isEqualTo("6.1");
  }
}
