package io.tidegate.examples;

/** Work and passes on Netty. */
class DemoWorkOnNettyTest extends DemoWorkTest {

  DemoWorkOnNettyTest() {
    super("netty");
  }
}
