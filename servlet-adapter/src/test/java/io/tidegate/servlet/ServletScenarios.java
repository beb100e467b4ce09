package io.tidegate.servlet;

import io.tidegate.scenarios.GateScenarios;
import org.junit.jupiter.api.Nested;

/** All scenarios of servers, and those of servlet containers. */
abstract class ServletScenarios extends GateScenarios {

  private final Container container;

  ServletScenarios(Container container) {
    super(container.starter());
    this.container = container;
  }

  @Nested
  class Asynchronous extends AsyncScenarios {
    Asynchronous() {
      super(container);
    }
  }

  @Nested
  class AsynchronousEnds extends AsyncEndScenarios {
    AsynchronousEnds() {
      super(container);
    }
  }

  @Nested
  class Dispatching extends DispatchScenarios {
    Dispatching() {
      super(container);
    }
  }

  @Nested
  class Registering extends RegistrationScenarios {
    Registering() {
      super(container);
    }
  }

  @Nested
  class OverHttp2 extends Http2Scenarios {
    OverHttp2() {
      super(container);
    }
  }
}
