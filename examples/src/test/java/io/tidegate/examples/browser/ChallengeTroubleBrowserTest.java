package io.tidegate.examples.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the page does where something is missing or goes wrong. */
class ChallengeTroubleBrowserTest extends InBrowser {

  @Test
  void page_scriptsOff_offersToWaitAndWaitingLetsIn() {
    come(new Browser.NewContextOptions().setJavaScriptEnabled(false).setLocale("en"));
    page.navigate(url("/wanted"));
    assertThat(page.locator("noscript p")).isVisible();
    assertThat(page.locator("noscript p")).containsText("Scripts are off in this browser");
    assertThat(page.getByRole(AriaRole.PROGRESSBAR)).hasCount(0);
    page.getByRole(AriaRole.LINK).click();
    assertThat(page).hasTitle("Please wait");
    assertThat(page).hasTitle("You may go on");
    page.navigate(url("/wanted"));
    assertArrived(page);
    assertThat(complaints).isEmpty();
  }

  @Test
  void page_workerWithoutWebAssembly_calculatesInJavaScriptAndSaysSo() {
    server.work = LONG;
    server.workerPolicy = "default-src 'none'";
    page.navigate(url("/"));
    page.locator("summary").click();
    assertThat(page.locator("#engine")).containsText("as plain JavaScript: this browser does not");
    server.work = 300_000;
    page.reload();
    assertArrived(page);
  }

  @Test
  void page_noWorker_calculatesInThePageAndSaysSo() {
    server.work = LONG;
    server.pagePolicy = server.pagePolicy.replace("worker-src 'self'", "worker-src 'none'");
    page.navigate(url("/"));
    page.locator("summary").click();
    assertThat(page.locator("#engine")).containsText("It runs in this page, as plain JavaScript");
    server.work = 300_000;
    page.reload();
    assertArrived(page);
  }

  @Test
  void page_expiredChallenge_isReplaced() {
    server.refusals.add("EXPIRED");
    server.putsChallengeInRefusals = false;
    page.navigate(url("/"));
    assertArrived(page);
    assertThat(server.requests)
        .containsExactly("GET /", "POST pass", "GET challenge", "POST pass", "GET /");
  }

  @Test
  void page_refusedProofs_areTriedThreeTimesAndThenOnDemand() {
    server.refusals.addAll(List.of("UNSOLVED", "FOR_ANOTHER", "REPLAYED"));
    page.navigate(url("/"));
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Try again")).click();
    assertArrived(page);
    assertThat(server.requests)
        .containsExactly(
            "GET /", "POST pass", "POST pass", "POST pass", "GET challenge", "POST pass", "GET /");
  }

  @Test
  void page_manyWrongProofsFromTheNetwork_saysWhenToComeBack() {
    server.refusals.add("busy");
    page.navigate(url("/"));
    assertThat(page.getByRole(AriaRole.STATUS)).containsText("Please try again in 7 seconds.");
    assertThat(server.requests).containsExactly("GET /", "POST pass");
  }

  @Test
  void page_lostAnswer_sendsTheSameProofAgain() {
    server.refusals.add("offline");
    page.navigate(url("/"));
    assertArrived(page);
    assertThat(server.requests).containsExactly("GET /", "POST pass", "POST pass", "GET /");
  }

  @Test
  void page_cookiesNotKept_saysSoAndDoesNotLoop() {
    server.setsCookie = false;
    page.navigate(url("/"));
    assertThat(page.getByRole(AriaRole.STATUS)).containsText("keeps no cookies for this site");
    assertThat(page.getByRole(AriaRole.BUTTON)).isVisible();
    page.waitForTimeout(500);
    assertThat(server.requests).containsExactly("GET /", "POST pass", "GET /");
    server.setsCookie = true;
    page.getByRole(AriaRole.BUTTON).click();
    assertArrived(page);
  }
}
