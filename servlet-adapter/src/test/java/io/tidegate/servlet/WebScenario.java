package io.tidegate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Permit;
import io.tidegate.scenarios.Scenario;
import jakarta.servlet.ServletRequest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A scenario with a web application. */
abstract class WebScenario extends Scenario {

  private final Container container;
  private ExecutorService threads;

  WebScenario(Container container) {
    this.container = container;
  }

  void start(App app) throws Exception {
    use(container.start(app));
  }

  /** Threads of the application's own. */
  ExecutorService threads() {
    if (threads == null) {
      ExecutorService made = Executors.newCachedThreadPool();
      closing(made::shutdownNow);
      threads = made;
    }
    return threads;
  }

  static Permit permit(ServletRequest request) {
    Permit permit = TidegateFilter.permit(request);
    assertThat(permit).isNotNull();
    return permit;
  }

  static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("latch").isTrue();
  }
}
