package io.tidegate.examples;

/** The demo's page on Netty. */
class DemoOnNettyBrowserTest extends DemoBrowserTest {

  DemoOnNettyBrowserTest() {
    super("netty");
  }
}
