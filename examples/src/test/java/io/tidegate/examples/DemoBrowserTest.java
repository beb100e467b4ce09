package io.tidegate.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.tidegate.examples.browser.Browsing;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A newcomer with a browser, before the demo's own gate, over plain http. */
abstract class DemoBrowserTest extends RunningDemo {

  DemoBrowserTest(String server) {
    super("demo.server=" + server, "demo.newcomers=1");
  }

  private String url(String path) {
    return "http://" + Browsing.NAME + ":" + port() + path;
  }

  private static void register(Page page, String user) {
    page.locator("#user").fill(user);
    page.locator("#password").fill("high-tide-" + user);
    page.locator("button").click();
  }

  /** The first registration is free, and all after it in a minute are asked for. */
  @ParameterizedTest
  @ValueSource(strings = {"ann", "bob"})
  void form_arrivesWhole_afterThePageHasPaid(String name) {
    try (Browsing browsing = Browsing.start();
        BrowserContext visitor = browsing.visitor()) {
      Page page = visitor.newPage();
      List<String> complaints = Browsing.complaints(page);
      for (int i = 0; i < 3; i++) {
        page.navigate(url("/register.html"));
        assertThat((Boolean) page.evaluate("isSecureContext")).isFalse();
        register(page, name + i);
        assertThat(page.locator("body")).containsText("You can log in now.");
        assertThat(page.locator("body")).not().containsText("high-tide");
      }
      assertThat(visitor.cookies(url("/")))
          .anyMatch(cookie -> cookie.name.equals("tidegate") && cookie.httpOnly);
      assertThat(complaints).isEmpty();
    }
  }

  @Test
  void pressure_canBeWatched() {
    try (Browsing browsing = Browsing.start();
        BrowserContext visitor = browsing.visitor()) {
      Page page = visitor.newPage();
      List<String> complaints = Browsing.complaints(page);
      page.navigate(url("/"));
      page.locator("#ten").click();
      assertThat(page.locator("#asked tr")).hasCount(10);
      assertThat(page.locator("#asked tr").last()).containsText("served (201)");
      assertThat(page.locator("#asked")).containsText("challenged (429)");
      assertThat(complaints).isEmpty();
    }
  }
}
