package io.tidegate.examples.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every engine solves what the server asks for, and the best that runs is taken. */
@Timeout(120)
class EnginesBrowserTest {

  /** Solves challenges of many sizes with each engine; gives back the statuses that differ. */
  private static final String EVERY_ENGINE =
      """
      async () => {
        await import('/.tidegate/worker.js');
        const { solve, javaScript, webAssembly, SIMD, SCALAR } = self.tidegateSolver;
        const engines =
          [javaScript(), webAssembly('wasm', SCALAR), webAssembly('simd', SIMD)];
        const seen = [];
        for (const engine of engines) {
          const challenge = await (await fetch('/.tidegate/challenge')).json();
          const steps = solve(challenge, engine, 20);
          let step = steps.next();
          while (!step.done) {
            step = steps.next();
          }
          const headers = { 'Tidegate-Proof': step.value };
          seen.push((await fetch('/text', { headers })).status);
        }
        return seen.join();
      }
      """;

  @Test
  void engines_everyOne_solvesWhatTheServerAccepts() throws IOException {
    try (StandIn server = new StandIn();
        Browsing browsing = Browsing.start()) {
      Page page = browsing.visitor().newPage();
      page.navigate(server.at(Browsing.NAME) + "/open/page");
      for (long work : new long[] {1, 2, 15, 16, 17, 255, 1_000, 65_537, 700_001}) {
        server.work = work;
        assertThat(page.evaluate(EVERY_ENGINE)).as("work %d", work).isEqualTo("200,200,200");
      }
    }
  }

  /** Browsers with a strict setting run neither compiled code nor WebAssembly. */
  @Test
  void page_browserWithoutWebAssembly_calculatesInJavaScript() throws IOException {
    try (StandIn server = new StandIn();
        Browsing browsing = Browsing.start("--js-flags=--jitless")) {
      server.work = 4_000_000_000L;
      Page page = browsing.visitor().newPage();
      page.navigate(server.at(Browsing.NAME) + "/");
      page.locator("summary").click();
      assertThat(page.locator("#engine")).containsText("as plain JavaScript: this browser does");
      assertThat(page.evaluate("typeof WebAssembly")).isEqualTo("undefined");
      server.work = 50_000;
      page.reload();
      assertThat(page.locator("#here")).isVisible();
    }
  }
}
