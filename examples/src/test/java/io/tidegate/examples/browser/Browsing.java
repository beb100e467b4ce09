package io.tidegate.examples.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;

/** The browser that is installed, driven by Playwright. For one thread. */
public final class Browsing implements AutoCloseable {

  /** A name that is no loopback for the browser, and leads here. */
  public static final String NAME = "gate.test";

  /** Another site. */
  static final String OTHER_NAME = "other.test";

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final double TIMEOUT_MS = 20_000;

  private final Playwright playwright;
  private final Browser browser;

  private Browsing(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Starts it with more arguments; skips the test where there is none. */
  public static Browsing start(String... arguments) {
    if (!Files.isExecutable(CHROMIUM)) {
      String message = "SKIPPED: no browser at " + CHROMIUM + ", so nothing of the page is tested";
      System.err.println(message);
      Assumptions.abort(message);
    }
    List<String> all =
        new ArrayList<>(
            List.of(
                "--no-sandbox",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP *.test 127.0.0.1"));
    all.addAll(List.of(arguments));
    PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MS);
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    return new Browsing(
        playwright,
        playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions().setExecutablePath(CHROMIUM).setArgs(all)));
  }

  /** A context of its own: no cookies. */
  public BrowserContext visitor(Browser.NewContextOptions options) {
    BrowserContext context = browser.newContext(options);
    context.setDefaultTimeout(TIMEOUT_MS);
    return context;
  }

  public BrowserContext visitor() {
    return visitor(new Browser.NewContextOptions().setLocale("en-GB"));
  }

  /** What the page's console complains of, but for the status that it came with. */
  public static List<String> complaints(Page page) {
    List<String> complaints = new CopyOnWriteArrayList<>();
    page.onConsoleMessage(
        message -> {
          boolean isStatus = message.text().contains("status of 429");
          if (!isStatus && List.of("error", "warning").contains(message.type())) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    return complaints;
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
