package io.tidegate.examples.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** One browser for a class of tests; for each test a server and a visitor who has no pass yet. */
@Timeout(120)
abstract class InBrowser {

  /** Work that takes longer than a test. */
  static final long LONG = 4_000_000_000L;

  private static Browsing browsing;

  StandIn server;
  BrowserContext visitor;
  Page page;
  List<String> complaints;

  @BeforeAll
  static void startBrowser() {
    browsing = Browsing.start();
  }

  @AfterAll
  static void endBrowser() {
    if (browsing != null) {
      browsing.close();
      browsing = null;
    }
  }

  @BeforeEach
  void open() throws IOException {
    server = new StandIn();
    come(new Browser.NewContextOptions().setLocale("en-GB"));
  }

  @AfterEach
  void close() {
    visitor.close();
    server.close();
  }

  /** Another visitor takes the place of the one before. */
  void come(Browser.NewContextOptions options) {
    if (visitor != null) {
      visitor.close();
    }
    visitor = browsing.visitor(options);
    page = visitor.newPage();
    complaints = Browsing.complaints(page);
  }

  String url(String path) {
    return server.at(Browsing.NAME) + path;
  }

  static void assertArrived(Page where) {
    assertThat(where.locator("#here")).isVisible();
  }
}
