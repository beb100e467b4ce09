package io.tidegate.scenarios;

import org.junit.jupiter.api.Nested;

/** All scenarios, for one kind of server. A test class extends this and says how to start one. */
public abstract class GateScenarios {

  private final Starter starter;

  protected GateScenarios(Starter starter) {
    this.starter = starter;
  }

  @Nested
  class Admitting extends AdmittingScenarios {
    Admitting() {
      super(starter);
    }
  }

  @Nested
  class Refusing extends RefusingScenarios {
    Refusing() {
      super(starter);
    }
  }

  @Nested
  class Asking extends AskingScenarios {
    Asking() {
      super(starter);
    }
  }

  @Nested
  class CrossOrigin extends CrossOriginScenarios {
    CrossOrigin() {
      super(starter);
    }
  }

  @Nested
  class Hostile extends HostileScenarios {
    Hostile() {
      super(starter);
    }
  }

  @Nested
  class Challenging extends ChallengeScenarios {
    Challenging() {
      super(starter);
    }
  }

  @Nested
  class Waits extends WaitingScenarios {
    Waits() {
      super(starter);
    }
  }

  @Nested
  class Ending extends EndingScenarios {
    Ending() {
      super(starter);
    }
  }

  @Nested
  class Connections extends ConnectionScenarios {
    Connections() {
      super(starter);
    }
  }
}
