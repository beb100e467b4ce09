package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.examples.Visitor.Answer;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The demo as visitors meet it, whichever server carries it. */
abstract class DemoServerTest extends RunningDemo {
  private static final String CUSTOMER = "Authorization: Bearer demo-key";
  static final String HELLO =
      "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

  DemoServerTest(String server) {
    super("demo.server=" + server);
  }

  private static Answer chat(Visitor visitor, String... fields) throws IOException {
    return visitor.post("/v1/chat/completions", HELLO, fields);
  }

  @Test
  void register_floodFromOneAddress_isToldAllAndHitsNobodyElse() throws IOException {
    Visitor flood = from("127.0.0.2");
    for (int i = 1; i <= 5; i++) {
      Answer answer = flood.post("/register", account("flood-" + i, "high-tide"));
      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.field("RateLimit")).contains("\"register\";r=" + (5 - i) + ";");
    }
    Answer refusal = flood.post("/register", account("flood-6", "high-tide"));
    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.field("Retry-After")).matches("[1-9]|1[0-2]");
    assertThat(refusal.field("RateLimit"))
        .contains("\"register\";r=0;t=" + refusal.field("Retry-After"));
    assertThat(refusal.field("RateLimit-Policy")).contains("\"register\";q=5;w=60");
    assertThat(refusal.field("retry-after-ms")).isEqualTo(refusal.field("Retry-After") + "000");
    assertThat(refusal.field("Content-Type")).isEqualTo("application/problem+json");
    assertThat(refusal.field("Cache-Control")).isEqualTo("no-store");
    assertThat(refusal.body()).contains("\"status\":429").contains("quota-exceeded");

    Answer other = from("127.0.0.3").post("/register", account("visitor", "high-tide"));
    assertThat(other.status()).isEqualTo(201);
    assertThat(chat(flood, CUSTOMER).status()).isEqualTo(200);
  }

  @Test
  void register_badInput_isToldAsAProblem() throws IOException {
    Visitor visitor = from("127.0.0.4");
    assertProblem(visitor.post("/register", "{\"user\":"), 400, "no JSON object");
    assertProblem(visitor.post("/register", account("x", "high-tide")), 400, "user: expected");
    assertProblem(visitor.post("/register", account("short", "tide")), 400, "password: expected");
    String long64 = account("long", "x".repeat(JsonBodies.MOST_BYTES));
    assertProblem(visitor.post("/register", long64), 413, "longer than 65536 bytes");
  }

  @Test
  void register_nameTaken_is409WhateverItsCase() throws IOException {
    Visitor visitor = from("127.0.0.5");
    visitor.post("/register", account("taken", "high-tide"));
    assertProblem(visitor.post("/register", account("TAKEN", "low-tide-2")), 409, "of that name");
  }

  @Test
  void logIn_rightPassword_costsNothingAndGivesAKey() throws IOException {
    from("127.0.0.6").post("/register", account("keeper", "high-tide"));
    Visitor visitor = from("127.0.0.7");
    Answer answer = visitor.post("/login", account("keeper", "high-tide"));
    for (int i = 0; i < 6; i++) { // one more than may fail
      answer = visitor.post("/login", account("keeper", "high-tide"));
      assertThat(answer.status()).isEqualTo(200);
    }
    String key = answer.body().replaceAll(".*\"api_key\":\"([^\"]+)\".*", "$1");
    Answer chat = chat(visitor, "Authorization: Bearer " + key);
    assertThat(chat.status()).isEqualTo(200);
    assertThat(chat.field("RateLimit-Policy")).contains("\"chat\";q=30;w=60");
  }

  @Test
  void logIn_wrongPasswords_areLimitedThenBanned() throws IOException {
    from("127.0.0.8").post("/register", account("victim", "high-tide"));
    Visitor guesser = from("127.0.0.9");
    for (int i = 0; i < 5; i++) {
      Answer wrong = guesser.post("/login", account("victim", "guess-00" + i));
      assertProblem(wrong, 401, "name or the password");
    }
    for (int i = 1; i < 10; i++) {
      Answer refused = guesser.post("/login", account("victim", "high-tide"));
      assertProblem(refused, 429, "quota-exceeded");
    }
    Answer banned = guesser.post("/login", account("victim", "high-tide"));
    assertProblem(banned, 429, "abnormal-usage-detected");
    assertThat(banned.field("Retry-After")).isEqualTo("60");
    assertThat(banned.field("x-should-retry")).isEqualTo("false");
    assertThat(guesser.get("/").status()).isEqualTo(429);

    assertThat(guesser.get("/health").status()).isEqualTo(200);
    Answer rightful = from("127.0.0.10").post("/login", account("victim", "high-tide"));
    assertThat(rightful.status()).isEqualTo(200);
  }

  @Test
  void health_askedMoreThanEverythingAllows_isNeverLimited() throws IOException {
    Visitor balancer = from("127.0.0.11");
    for (int i = 0; i < 700; i++) {
      Answer answer = balancer.get("/health");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{\"status\":\"ok\"}");
      assertThat(answer.head()).doesNotContainKey("RateLimit");
    }
    assertThat(balancer.get("/v1/models").field("RateLimit")).contains("\"everything\";r=599");
  }

  @Test
  void everything_askedForMoreThanItAllows_is429OnAnyPath() throws IOException {
    Visitor crawler = from("127.0.0.12");
    for (int i = 0; i < 600; i++) {
      assertThat(crawler.get("/no/such/page").status()).isEqualTo(404);
    }
    Answer refusal = crawler.get("/no/such/page");
    assertProblem(refusal, 429, "everything");
    assertThat(refusal.field("Retry-After")).matches("[1-9][0-9]*");
  }

  @Test
  void chat_whole_isInOpenAiFormat() throws IOException {
    Answer answer = chat(from("127.0.0.13"), CUSTOMER);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("Content-Type")).isEqualTo("application/json");
    assertThat(answer.field("RateLimit")).contains("\"chat.demo\";r=");
    assertThat(answer.body())
        .contains("\"object\":\"chat.completion\"")
        .contains("\"role\":\"assistant\"")
        .contains("\"finish_reason\":\"stop\"")
        .contains("\"prompt_tokens\":2,\"completion_tokens\":22,\"total_tokens\":24");
  }

  @Test
  void chat_streamed_comesInEventsAndEndsInDone() throws IOException {
    String body =
        HELLO.replace(
            "{\"model\"", "{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"model\"");
    Answer answer = from("127.0.0.14").post("/v1/chat/completions", body, CUSTOMER);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("Content-Type")).startsWith("text/event-stream");
    assertThat(answer.field("RateLimit")).contains("\"chat.demo\";r=");
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    String[] events = answer.body().split("\n\n");
    assertThat(events).hasSize(1 + 22 + 1 + 1 + 1).allMatch(event -> event.startsWith("data: "));
    assertThat(events[1]).contains("\"delta\":{\"content\":\"The \"},\"finish_reason\":null");
    assertThat(events[23]).contains("\"delta\":{},\"finish_reason\":\"stop\"");
    assertThat(events[24]).contains("\"completion_tokens\":22");
  }

  @Test
  void chat_maxTokens_endsTheAnswerForItsLength() throws IOException {
    String body = HELLO.replace("{\"model\"", "{\"max_tokens\":2,\"model\"");
    Answer answer = from("127.0.0.15").post("/v1/chat/completions", body, CUSTOMER);
    assertThat(answer.body())
        .contains("\"content\":\"The river \"")
        .contains("\"finish_reason\":\"length\"");
  }

  private String keyOf(String user, String address) throws IOException {
    from(address).post("/register", account(user, "high-tide"));
    Answer answer = from(address).post("/login", account(user, "high-tide"));
    return answer.body().replaceAll(".*\"api_key\":\"([^\"]+)\".*", "$1");
  }

  @Test
  void chat_withKey_isToldOfItsTokens_andReservesWhatItMayCost() throws IOException {
    String key = "Authorization: Bearer " + keyOf("counted", "127.0.0.26");
    Visitor visitor = from("127.0.0.26");
    Answer answer = chat(visitor, key);
    assertThat(answer.field("x-ratelimit-limit-requests")).isEqualTo("30");
    assertThat(answer.field("x-ratelimit-remaining-requests")).isEqualTo("29");
    assertThat(answer.field("x-ratelimit-limit-tokens")).isEqualTo("10000");
    assertThat(answer.field("x-ratelimit-remaining-tokens"))
        .as("less 2 of the question and 512 that the answer may have")
        .isEqualTo("9486");
    assertThat(answer.field("x-ratelimit-reset-tokens")).isEqualTo("3.084s");
    Answer next = chat(visitor, key);
    assertThat(Integer.parseInt(next.field("x-ratelimit-remaining-tokens")))
        .as("the answer had 22 in the end")
        .isBetween(9486 - 24, 9486);

    String huge = HELLO.replace("Hello", "x".repeat(40_000));
    Answer refused = visitor.post("/v1/chat/completions", huge, key);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.body()).contains("\"type\":\"tokens\"").contains("Make it shorter");
    assertThat(refused.field("x-should-retry")).isEqualTo("false");
    assertThat(refused.head()).doesNotContainKey("Retry-After");
  }

  @Test
  void chat_clientsThatVanishWhileStreaming_leaveNothingOpen() throws Exception {
    String key = "Authorization: Bearer " + keyOf("vanishing", "127.0.0.27");
    Visitor visitor = from("127.0.0.27");
    String body = HELLO.replace("{\"model\"", "{\"stream\":true,\"model\"");
    List<Socket> streams = new ArrayList<>();
    for (int i = 0; i < 4; i++) { // as many at once as the plan has
      Socket stream = visitor.send("POST", "/v1/chat/completions", body, key);
      assertThat(stream.getInputStream().read()).isEqualTo('H');
      streams.add(stream);
    }
    assertThat(chat(visitor, key).body()).contains("Rate limit reached for answers");
    for (Socket stream : streams) {
      stream.setSoLinger(true, 0); // a reset, as of a phone that lost its network
      stream.close();
    }
    Answer answer = chat(visitor, key);
    for (int i = 0; i < 100 && answer.status() != 200; i++) {
      TimeUnit.MILLISECONDS.sleep(20); // a real server learns of it in its own time
      answer = chat(visitor, key);
    }
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void chat_withoutKey_isTightlyLimitedWithAnOpenAiError() throws IOException {
    Visitor stranger = from("127.0.0.16");
    for (int i = 0; i < 10; i++) {
      assertThat(chat(stranger).status()).isEqualTo(200);
    }
    Answer refusal = chat(stranger);
    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.field("Content-Type")).isEqualTo("application/json");
    assertThat(refusal.field("x-should-retry")).isEqualTo("true");
    assertThat(refusal.body())
        .contains("\"code\":\"rate_limit_exceeded\"")
        .contains("Try again in " + refusal.field("Retry-After") + " s");
    assertThat(chat(from("127.0.0.17")).status()).isEqualTo(200);
    assertThat(chat(stranger, CUSTOMER).status()).isEqualTo(200);
  }

  @Test
  void chat_inventedKeys_countAsNone() throws IOException {
    Visitor inventor = from("127.0.0.18");
    for (int i = 0; i < 10; i++) {
      Answer answer = chat(inventor, "Authorization: Bearer invented-" + i);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.field("WWW-Authenticate")).isEqualTo("Bearer");
      assertThat(answer.body()).contains("\"code\":\"invalid_api_key\"");
    }
    assertThat(chat(inventor, "Authorization: Bearer invented-11").status()).isEqualTo(429);
  }

  @Test
  void chat_badInput_isAnOpenAiError() throws IOException {
    Visitor visitor = from("127.0.0.19");
    assertError(visitor, "[]", 400, "no JSON object");
    assertError(visitor, "{\"model\":\"demo\"}", 400, "messages: expected");
    assertError(visitor, HELLO.replace("\"Hello\"", "7"), 400, "messages: expected");
    assertError(visitor, HELLO.replace("\"demo\"", "\"other\""), 404, "model_not_found");
    assertError(visitor, HELLO.replace("{\"model", "{\"max_tokens\":0,\"model"), 400, "max_tokens");
    assertError(visitor, "[".repeat(50_000), 400, "no JSON object");
    assertError(visitor, " ".repeat(JsonBodies.MOST_BYTES + 1), 413, "too_large");
  }

  private static void assertError(Visitor visitor, String body, int status, String part)
      throws IOException {
    Answer answer = visitor.post("/v1/chat/completions", body, CUSTOMER);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.field("Content-Type")).isEqualTo("application/json");
    assertThat(answer.body()).startsWith("{\"error\":{").contains(part);
  }

  @Test
  void models_listed_areWhatChatTakes() throws IOException {
    Answer answer = from("127.0.0.20").get("/v1/models");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("\"object\":\"list\"").contains("\"id\":\"demo\"");
  }

  @Test
  void forwardedHeader_withoutProxies_isNotBelieved() throws IOException {
    Visitor liar = from("127.0.0.21");
    for (int i = 0; i < 10; i++) {
      assertThat(chat(liar, "X-Forwarded-For: 192.0.2." + i).status()).isEqualTo(200);
    }
    assertThat(chat(liar, "X-Forwarded-For: 192.0.2.99").status()).isEqualTo(429);
  }

  @Test
  void path_unknownOrAskedByAnotherMethod_isToldAsAProblem() throws IOException {
    Visitor visitor = from("127.0.0.22");
    assertProblem(visitor.get("/registers"), 404, "nothing here");
    Answer answer = visitor.get("/register");
    assertProblem(answer, 405, "by POST");
    assertThat(answer.field("Allow")).isEqualTo("POST");
  }

  @Test
  void head_ofWhatOneCanGet_isTheSameWithoutContent() throws IOException {
    Visitor visitor = from("127.0.0.23");
    Answer answer = visitor.ask("HEAD", "/app.css", "");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    String length = Integer.toString(visitor.get("/app.css").body().length());
    assertThat(answer.field("Content-Length")).isEqualTo(length);
  }

  @Test
  void body_whoseSenderWaitsToBeAsked_isAskedFor() throws IOException {
    Visitor visitor = from("127.0.0.24");
    String user = account("patient", "high-tide");
    Answer answer = visitor.post("/register", user, "Expect: 100-continue");
    if (answer.status() == 100) { // a server need not ask for what it has already
      assertThat(answer.body()).startsWith("HTTP/1.1 201 ");
    } else {
      assertThat(answer.status()).isEqualTo(201);
    }
    assertThat(visitor.post("/register", user).status()).isEqualTo(409);
  }
}
