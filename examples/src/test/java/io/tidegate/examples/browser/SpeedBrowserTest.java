package io.tidegate.examples.browser;

import com.microsoft.playwright.Page;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Prints how fast each engine is here, in one worker. Nothing is asserted. */
@Timeout(300)
@EnabledIfSystemProperty(named = "tidegate.browser.speed", matches = "true")
class SpeedBrowserTest {

  @Test
  void speed_everyEngine_isPrinted() throws IOException {
    try (StandIn server = new StandIn();
        Browsing browsing = Browsing.start()) {
      Page page = browsing.visitor().newPage();
      page.setDefaultTimeout(120_000);
      // crypto.subtle is to be had on loopback only, as this is plain http
      page.navigate(server.at("127.0.0.1") + "/open/speed.html");
      page.locator("#done").waitFor();
      System.out.println(page.locator("#figures").textContent().strip());
    }
  }
}
