package io.tidegate.examples.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page as a visitor meets it. */
class ChallengePageBrowserTest extends InBrowser {

  @Test
  void page_newcomer_solvesAndComesIn() {
    page.navigate(url("/wanted?x=1"));
    assertArrived(page);
    assertThat(page.url()).isEqualTo(url("/wanted?x=1"));
    assertThat(complaints).isEmpty();
    assertThat(server.requests).containsExactly("GET /wanted", "POST pass", "GET /wanted");
  }

  @Test
  void page_plainHttpOnAName_isNoSecureContextAndStillSolves() {
    server.work = LONG;
    page.navigate(url("/"));
    assertThat(page.evaluate("isSecureContext")).isEqualTo(false);
    assertThat(page.evaluate("crypto.subtle === undefined")).isEqualTo(true);
    page.evaluate("document.body.append('same page')");
    server.work = 1_000;
    page.reload();
    assertArrived(page);
  }

  @Test
  void page_whileItWorks_saysWhatRuns() {
    server.work = LONG;
    page.navigate(url("/"));
    page.getByText("What is happening here?").click();
    assertThat(page.locator("#engine"))
        .hasText("It runs in the background, as WebAssembly with SIMD.");
    assertThat(page.getByRole(AriaRole.STATUS))
        .hasText(Pattern.compile("Calculating\\. About \\d+ (seconds|second) left\\."));
    assertThat(complaints).isEmpty();
  }

  @Test
  void page_progress_comesFromTheSolvedPuzzles() {
    server.work = 300_000_000;
    page.navigate(url("/"));
    assertThat(page.locator("progress")).hasJSProperty("max", 16);
    page.waitForFunction(
        "() => ((v) => v > 0 && v < 16)(document.querySelector('progress').value)");
    assertThat(page).hasTitle(Pattern.compile("^[1-9]\\d* % \u2013 One moment$"));
  }

  @Test
  void page_partsForScreenReaders_areThere() {
    server.work = LONG;
    page.navigate(url("/"));
    assertThat(page.getByRole(AriaRole.MAIN)).hasCount(1);
    assertThat(page.getByRole(AriaRole.HEADING)).hasText("One moment, please");
    assertThat(page.getByRole(AriaRole.PROGRESSBAR)).hasAccessibleName("Calculation");
    assertThat(page.getByRole(AriaRole.LINK)).hasText("Wait instead");
    assertThat(page.getByRole(AriaRole.STATUS)).isVisible();
    assertThat(page.getByRole(AriaRole.BUTTON)).hasCount(0);
    assertThat(page.locator("html")).hasAttribute("lang", "en");
    assertThat(page.locator("html")).hasAttribute("dir", "ltr");
  }

  @Test
  void page_keyboard_reachesLinkAndDetails() {
    server.work = LONG;
    page.navigate(url("/"));
    page.keyboard().press("Tab");
    assertThat(page.getByRole(AriaRole.LINK)).isFocused();
    page.keyboard().press("Tab");
    assertThat(page.locator("summary")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.getByText("Nothing that you typed is stored")).isVisible();
  }

  @Test
  void page_language_isTheVisitors() {
    server.work = LONG;
    for (String language : List.of("de", "es", "fr", "ja", "zh-Hans")) {
      come(new Browser.NewContextOptions().setLocale(language));
      page.navigate(url("/"));
      assertThat(page.locator("html")).hasAttribute("lang", language);
      assertThat(page.getByRole(AriaRole.STATUS)).hasText(Pattern.compile("\\d+"));
      assertThat(complaints).isEmpty();
    }
  }

  @Test
  void page_320PixelsWide_needsNoScrollingAcross() {
    server.work = LONG;
    for (String language : List.of("en", "de", "es", "fr", "ja", "zh")) {
      come(new Browser.NewContextOptions().setViewportSize(320, 640).setLocale(language));
      page.navigate(url("/"));
      page.locator("summary").click();
      assertThat(page.locator("#engine")).not().isEmpty();
      assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
          .as(language)
          .isLessThanOrEqualTo(320);
    }
  }

  @Test
  void page_darkMode_hasContrast() {
    server.work = LONG;
    for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
      come(new Browser.NewContextOptions().setColorScheme(scheme));
      page.navigate(url("/"));
      assertThat(contrast("h1")).as("%s, text", scheme).isGreaterThan(7);
      assertThat(contrast("a")).as("%s, link", scheme).isGreaterThan(4.5);
      boolean isDark =
          (boolean) page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches");
      assertThat(isDark).isEqualTo(scheme == ColorScheme.DARK);
    }
  }

  /** The contrast of an element's colour with the page's (WCAG 2.2, contrast ratio). */
  private double contrast(String selector) {
    Object ratio =
        page.evaluate(
            """
            (selector) => {
              const light = (color) => {
                const [r, g, b] = color.match(/\\d+/g).map((part) => {
                  const c = part / 255;
                  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
                });
                return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
              };
              const text = light(getComputedStyle(document.querySelector(selector)).color);
              const back = light(getComputedStyle(document.body).backgroundColor);
              return Math.max(text, back) / Math.min(text, back);
            }
            """,
            selector);
    return ((Number) ratio).doubleValue();
  }

  @Test
  void page_twoTabs_comeInBoth() {
    server.work = 5_000_000;
    Page second = visitor.newPage();
    page.navigate(url("/first"));
    second.navigate(url("/second"));
    assertArrived(page);
    assertArrived(second);
    assertThat(page.url()).isEqualTo(url("/first"));
    assertThat(second.url()).isEqualTo(url("/second"));
  }

  @Test
  void page_anotherTabHasPassed_isEnough() {
    server.work = LONG;
    page.navigate(url("/slow"));
    assertThat(page.locator("#progress")).isVisible();
    server.work = 10_000;
    Page second = visitor.newPage();
    second.navigate(url("/quick"));
    assertArrived(second);
    assertArrived(page);
    assertThat(server.requests).containsOnlyOnce("POST pass");
  }

  @Test
  void page_backAndForward_neverShowThePageAgain() {
    page.navigate(url("/one"));
    assertArrived(page);
    page.getByText("next").click();
    assertThat(page.getByText("/next")).isVisible();
    page.goBack();
    assertThat(page.getByText("/one")).isVisible();
    page.goForward();
    assertThat(page.getByText("/next")).isVisible();
    assertThat(server.requests.stream().filter("POST pass"::equals)).hasSize(1);
  }

  @Test
  void page_backFromTheCacheOfPages_loadsAgain() {
    server.work = LONG;
    page.navigate(url("/"));
    server.work = 10_000;
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))");
    assertArrived(page);
  }
}
