package io.tidegate.examples.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.FilePayload;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A form that was refused is sent again by the browser, whole, once a pass is bought. */
class PostedFormBrowserTest extends InBrowser {

  private void send(String fromHost, byte[] file) {
    page.navigate(server.at(fromHost) + "/open/form?" + server.at(Browsing.NAME) + "/echo");
    page.getByLabel("Text").fill("a \"quoted\" text, ünï");
    page.getByLabel("File").setInputFiles(new FilePayload("f.bin", "application/x-test", file));
    page.getByText("Send").click();
  }

  private void assertArrivedWhole(byte[] file) {
    assertThat(page.locator("#here")).hasText("POST");
    int length = Integer.parseInt(page.locator("#length").textContent());
    assertThat(length).isBetween(file.length + 300, file.length + 700);
    assertThat(page.locator("#body"))
        .containsText("name=\"file\"; filename=\"f.bin\"\r\nContent-Type: application/x-test");
    assertThat(server.requests).containsSubsequence("POST /echo", "POST pass", "POST /echo");
    assertThat(server.requests.stream().filter("POST /echo"::equals)).hasSize(2);
  }

  @Test
  void form_withAFile_arrivesWhole() {
    byte[] file = new byte[300_000];
    new SplittableRandom(7).nextBytes(file);
    send(Browsing.NAME, file);
    assertArrivedWhole(file);
    String refused = server.bodies.get(0);
    assertThat(server.bodies).hasSize(2);
    assertThat(server.bodies.get(1)).as("the same bytes").isEqualTo(refused);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "; SameSite=Lax", "; SameSite=Strict"})
  void form_fromAnotherSite_arrives(String sameSite) {
    server.cookieAttributes = "; HttpOnly" + sameSite;
    byte[] file = new byte[1_000];
    send(Browsing.OTHER_NAME, file);
    assertArrivedWhole(file);
  }

  /** The first one's pass is not sent along: it is SameSite, and this is no reload. */
  @Test
  void form_secondOneFromAnotherSite_paysOnceMoreAndArrives() {
    send(Browsing.OTHER_NAME, new byte[10]);
    assertThat(page.locator("#here")).hasText("POST");
    send(Browsing.OTHER_NAME, new byte[10]);
    assertThat(page.locator("#here")).hasText("POST");
    assertThat(server.requests.stream().filter("POST pass"::equals)).hasSize(2);
  }
}
