package io.tidegate.examples;

/** The demo's page on Jetty. */
class DemoOnJettyBrowserTest extends DemoBrowserTest {

  DemoOnJettyBrowserTest() {
    super("jetty");
  }
}
