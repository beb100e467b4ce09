package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.challenge.Solver;
import io.tidegate.examples.Visitor.Answer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Where the demo asks for work, and whom it remembers, whichever server carries it. */
abstract class DemoWorkTest extends RunningDemo {
  private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
  private static final String BROWSER = "Accept: text/html,application/xhtml+xml,*/*;q=0.8";
  private static final String CLIENT = "X-Forwarded-For: 192.0.2.1";
  private static final String HTTPS = "X-Forwarded-Proto: https";

  DemoWorkTest(String server) {
    super("demo.server=" + server, "demo.proxies=127.0.0.2");
  }

  /** Uses up what an address may ask for free. */
  private static void exhaust(Visitor visitor) throws IOException {
    for (int i = 0; i < 5; i++) {
      assertThat(visitor.post("/register", "{}").status()).isEqualTo(400);
    }
  }

  private static String proof(String proof) {
    return "Tidegate-Proof: " + proof;
  }

  @Test
  void register_refused_goesOnForWorkAndOnlyOnce() throws IOException {
    Visitor visitor = from("127.0.0.3");
    exhaust(visitor);
    String body = account("worker", "high-tide");
    Answer refusal = visitor.post("/register", body);
    assertProblem(refusal, 429, "\"challenge\":{\"token\":");
    String proof = Work.solved(refusal);
    assertThat(visitor.post("/register", body, proof(proof)).status()).isEqualTo(201);
    assertProblem(visitor.post("/register", body, proof(proof)), 429, "\"reason\":\"replayed\"");
    assertProblem(visitor.post("/register", body, proof("junk")), 429, "\"malformed\"");
  }

  @Test
  void register_byAForm_isAnsweredByAPage() throws IOException {
    Visitor visitor = from("127.0.0.4");
    Answer answer = visitor.post("/register", "user=by.form&password=high+tide%21", FORM, BROWSER);
    assertPage(answer, 201, "You can log in now.");
    assertThat(from("127.0.0.5").post("/login", account("by.form", "high tide!")).status())
        .isEqualTo(200);
    Answer taken = visitor.post("/register", "user=by.form&password=high+tide", FORM, BROWSER);
    assertPage(taken, 409, "There is a user of that name.");
    assertPage(visitor.post("/register", "user=x", FORM, BROWSER), 400, "user: expected");
    Answer asProgram = visitor.post("/register", "user=by.curl&password=high-tide", FORM);
    assertThat(asProgram.status()).isEqualTo(201);
    assertThat(asProgram.body()).isEqualTo("{\"user\":\"by.curl\"}");
  }

  private static void assertPage(Answer answer, int status, String text) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.field("Content-Type")).isEqualTo("text/html;charset=utf-8");
    assertThat(answer.field("Content-Security-Policy"))
        .startsWith("default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'");
    assertThat(answer.body()).contains("<html lang=\"en\">", text);
  }

  @Test
  void register_byAFormThatCanBeReadInTwoWays_isBadInput() throws IOException {
    String[] forms = {
      "user=twice&user=again&password=high-tide",
      "user=twice%zz&password=high-tide",
      "user=twice%FF&password=high-tide",
      "user=twice&password=high-tide#&a=b",
      "?user=twice&password=high-tide",
    };
    for (int i = 0; i < forms.length; i++) {
      Answer answer = from("127.0.0." + (30 + i)).post("/register", forms[i], FORM);
      assertThat(answer.body()).as(forms[i]).contains("cannot be read");
      assertProblem(answer, 400, "\"reason\":\"bad_input\"");
    }
    String many = "a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1&l=1&m=1&n=1&o=1&p=1&q=1";
    assertProblem(from("127.0.0.36").post("/register", many, FORM), 400, "cannot be read");
    String parts = "Content-Type: multipart/form-data; boundary=x";
    assertProblem(from("127.0.0.36").post("/register", "--x--", parts), 415, "as a");
    String longer = "user=" + "x".repeat(JsonBodies.MOST_BYTES);
    assertProblem(from("127.0.0.36").post("/register", longer, FORM), 413, "longer than");
  }

  @Test
  void register_formThatIsChallenged_arrivesWhenThePageHasPaid() throws IOException {
    Visitor person = from("127.0.0.6");
    exhaust(person);
    String form = "user=patient&password=high-tide";
    String[] navigation = {FORM, BROWSER, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"};
    Answer page = person.post("/register", form, navigation);
    assertThat(page.status()).isEqualTo(429);
    assertThat(page.field("Content-Type")).startsWith("text/html");
    Matcher token = Pattern.compile("data-token=\"([^\"]+)\"").matcher(page.body());
    assertThat(token.find()).as(page.body()).isTrue();
    String proof = Solver.solve(token.group(1), () -> false);
    Answer bought = person.post("/.tidegate/pass", "", proof(proof));
    assertThat(bought.status()).isEqualTo(200);
    String pass = "Cookie: " + bought.field("Set-Cookie").split(";")[0];
    Answer again = person.post("/register", form, FORM, BROWSER, "Sec-Fetch-Mode: navigate", pass);
    assertPage(again, 201, "You can log in now.");
  }

  private Answer logIn(String password, String... fields) throws IOException {
    return from("127.0.0.2").post("/login", account("member", password), fields);
  }

  @Test
  void logIn_guessesFromTheSameAddress_neverShutOutWhoWasRememberedThere() throws IOException {
    Visitor proxy = from("127.0.0.2");
    Answer registered = proxy.post("/register", account("member", "high-tide"), CLIENT, HTTPS);
    assertThat(registered.status()).isEqualTo(201);
    assertThat(registered.head()).doesNotContainKey("Set-Cookie");
    assertThat(logIn("high-tide", CLIENT).head()).doesNotContainKey("Set-Cookie");
    Answer loggedIn = logIn("high-tide", CLIENT, HTTPS);
    assertThat(loggedIn.status()).isEqualTo(200);
    assertThat(loggedIn.field("Set-Cookie"))
        .matches("__Host-tidegate=[^;,]+;[^,]+")
        .contains("Secure", "HttpOnly", "SameSite=Lax", "Path=/");
    String pass = "Cookie: " + loggedIn.field("Set-Cookie").split(";")[0];

    for (int i = 0; i < 5; i++) {
      assertThat(logIn("guess-00" + i, CLIENT, HTTPS).status()).isEqualTo(401);
    }
    for (int i = 0; i < 12; i++) {
      assertThat(logIn("high-tide", CLIENT, HTTPS).status()).isEqualTo(429); // banned in the end
    }
    assertThat(logIn("high-tide", CLIENT, HTTPS, pass).status()).isEqualTo(200);
    assertThat(logIn("high-tide", CLIENT, pass).status()).as("over plain http").isEqualTo(429);
  }

  @Test
  void register_withAPass_isStillCountedByItsAddress() throws IOException {
    Visitor proxy = from("127.0.0.2");
    String client = "X-Forwarded-For: 192.0.2.3";
    String body = account("breeder", "high-tide");
    Answer first = proxy.post("/register", body, client, HTTPS);
    assertThat(first.field("RateLimit")).contains("\"accounts\";r=199;");
    String cookie = proxy.post("/login", body, client, HTTPS).field("Set-Cookie").split(";")[0];
    Answer next = proxy.post("/register", "{}", client, HTTPS, "Cookie: " + cookie);
    assertThat(next.field("RateLimit")).contains("\"accounts\";r=198;");
    assertThat(next.head()).doesNotContainKey("Set-Cookie");
  }

  @Test
  void logIn_httpsByAStrangersWord_isNotRemembered() throws IOException {
    Visitor stranger = from("127.0.0.7");
    stranger.post("/register", account("stranger", "high-tide"));
    Answer answer = stranger.post("/login", account("stranger", "high-tide"), HTTPS);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.head()).doesNotContainKey("Set-Cookie");
  }

  @Test
  void altcha1_solved_isVerifiedOnce() throws Exception {
    Visitor widget = from("127.0.0.8");
    Answer challenge = widget.get("/altcha/challenge?version=1");
    assertThat(challenge.status()).isEqualTo(200);
    assertThat(challenge.field("Content-Type")).isEqualTo("application/json");
    assertThat(challenge.field("Cache-Control")).isEqualTo("no-store");
    String payload = Work.altcha1(Work.json(challenge));
    String form = "altcha=" + URLEncoder.encode(payload, StandardCharsets.US_ASCII);
    Answer verified = widget.post("/altcha/verify", form, FORM);
    assertThat(verified.status()).isEqualTo(200);
    assertThat(verified.body()).isEqualTo("{\"verified\":true}");
    assertProblem(widget.post("/altcha/verify", form, FORM), 403, "\"reason\":\"replayed\"");
  }

  @Test
  void altcha2_solved_isVerifiedOnce() throws Exception {
    JsonNode challenge = Work.json(from("127.0.0.9").get("/altcha/challenge"));
    for (int i = 1; i < 250 && !challenge.has("parameters"); i++) { // the pool may not be there yet
      challenge = Work.json(from("127.0.9." + i).get("/altcha/challenge?version=2"));
    }
    String json = "{\"altcha\":\"" + Work.altcha2(challenge) + "\"}";
    Answer verified = from("127.0.0.9").post("/altcha/verify", json);
    assertThat(verified.status()).isEqualTo(200);
    assertThat(verified.body()).isEqualTo("{\"verified\":true}");
    assertProblem(from("127.0.0.9").post("/altcha/verify", json), 403, "\"replayed\"");
  }

  @Test
  void altcha_badInput_isTold() throws IOException {
    Visitor visitor = from("127.0.0.10");
    assertProblem(visitor.get("/altcha/challenge?version=3"), 400, "version: expected 1 or 2");
    assertProblem(visitor.get("/altcha/challenge?version=1&version=2"), 400, "cannot be read");
    assertProblem(visitor.post("/altcha/verify", "{}"), 400, "\"reason\":\"malformed\"");
    assertProblem(visitor.post("/altcha/verify", "altcha=x", FORM), 400, "\"malformed\"");
  }

  @Test
  void altcha_askedForTooOften_isLimitedByAddress() throws IOException {
    Visitor hoarder = from("127.0.0.11");
    int served = 0;
    Answer answer = hoarder.get("/altcha/challenge?version=1");
    while (answer.status() == 200 && served < 200) { // some come back while a slow machine asks
      served++;
      answer = hoarder.get("/altcha/challenge?version=1");
    }
    assertThat(served).isGreaterThanOrEqualTo(30);
    assertProblem(answer, 429, "quota-exceeded");
    assertThat(from("127.0.0.12").get("/altcha/challenge?version=1").status()).isEqualTo(200);
  }

  @Test
  void status_shown_isOfRulesAndOfNobody() throws IOException {
    Visitor visitor = from("127.0.0.13");
    exhaust(visitor);
    assertThat(visitor.post("/register", "{}").status()).isEqualTo(429);
    Answer answer = visitor.get("/status");
    JsonNode status = Work.json(answer);
    assertThat(status.at("/verdicts/CHALLENGED").asLong()).isPositive();
    assertThat(status.at("/rules/0/rule").asText()).isEqualTo("register");
    assertThat(status.at("/rules/0/challenged").asLong()).isPositive();
    assertThat(answer.body()).doesNotContain("127.0", "192.0.2", "offenders", "client");
  }
}
