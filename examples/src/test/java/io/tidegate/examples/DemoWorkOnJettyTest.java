package io.tidegate.examples;

/** Work and passes on Jetty. */
class DemoWorkOnJettyTest extends DemoWorkTest {

  DemoWorkOnJettyTest() {
    super("jetty");
  }
}
