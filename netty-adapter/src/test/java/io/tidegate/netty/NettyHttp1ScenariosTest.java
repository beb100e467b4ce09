package io.tidegate.netty;

import io.tidegate.scenarios.GateScenarios;

/** What every adapter keeps, over HTTP/1.1. */
class NettyHttp1ScenariosTest extends GateScenarios {

  NettyHttp1ScenariosTest() {
    super(NettyStarters.http1());
  }
}
