package io.tidegate.examples.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The page, whoever serves it: {@code -Dtidegate.browser.url=http://127.0.0.1:8080/} names a page
 * that strangers are asked to work for now.
 */
@Timeout(120)
@EnabledIfSystemProperty(named = "tidegate.browser.url", matches = "https?://.+")
class AnyServerBrowserTest {

  @Test
  void page_newcomer_solvesAndComesIn() {
    String url = System.getProperty("tidegate.browser.url");
    try (Browsing browsing = Browsing.start()) {
      BrowserContext visitor = browsing.visitor();
      Page page = visitor.newPage();
      List<String> complaints = Browsing.complaints(page);
      assertThat(page.navigate(url).status()).isEqualTo(429);
      assertThat(page.locator("#tidegate")).hasCount(0);
      assertThat(page.reload().status()).as("with the pass").isLessThan(400);
      assertThat(visitor.cookies(url)).anyMatch(cookie -> cookie.name.endsWith("tidegate"));
      assertThat(complaints).isEmpty();
    }
  }
}
