package io.tidegate.examples;

import java.io.OutputStream;

/** A demo among several: it tells its port to whoever started it, and ends with them. */
final class DemoNode {

  private DemoNode() {}

  /**
   * Runs the demo until its input ends, as it does when whoever started it ends, in whatever way.
   *
   * @param arguments none
   * @throws Exception if a property has a bad value, or the port is taken
   */
  public static void main(String[] arguments) throws Exception {
    System.out.println(DemoServer.start().port());
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }
}
