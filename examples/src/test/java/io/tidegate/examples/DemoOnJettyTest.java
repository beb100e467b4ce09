package io.tidegate.examples;

/** The demo on Jetty. */
class DemoOnJettyTest extends DemoServerTest {

  DemoOnJettyTest() {
    super("jetty");
  }
}
