package io.tidegate.examples;

import io.tidegate.limit.Spending;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/chat/completions}, whole or streamed. Nobody needs a key, but a bad one is told.
 * Safe for use by many threads.
 */
final class Chat {

  private final Users users;
  private final Generator generator;
  private final Usage usage = new Usage();

  Chat(Users users, Generator generator) {
    this.users = users;
    this.generator = generator;
  }

  Reply answer(Ask ask) {
    try {
      String plan = plan(ask.authorization());
      ChatRequest chat = ChatRequest.of(JsonBodies.parse(ask.body));
      List<String> tokens = generator.answer(chat);
      long most = (long) chat.promptTokens() + Generator.most(chat);
      Spending spending = usage.reserve(plan, Users.key(ask.authorization()), most);
      Reply reply = answer(chat, tokens, spending);
      usage.tell(plan, spending, reply.fields());
      return reply;
    } catch (HttpError e) {
      return Reply.json(e.status, OpenAi.error(e)).with(e.fields());
    }
  }

  /** The plan that a key is on; null if there is no key. */
  private @Nullable String plan(@Nullable String authorization) throws HttpError {
    String plan = users.plan(authorization);
    if (authorization != null && plan == null) {
      throw new HttpError(401, "invalid_api_key", "Nobody was given this API key.");
    }
    return plan;
  }

  private Reply answer(ChatRequest chat, List<String> tokens, @Nullable Spending spending) {
    boolean whole = generator.isWhole(tokens);
    return chat.stream()
        ? streamed(chat, tokens, whole, spending)
        : whole(chat, tokens, whole, spending);
  }

  private static Reply streamed(
      ChatRequest chat, List<String> tokens, boolean whole, @Nullable Spending spending) {
    List<byte[]> events = OpenAi.events(chat, tokens, whole);
    // One event before the tokens, and a few after them.
    IntUnaryOperator inEach = part -> part >= 1 && part <= tokens.size() ? 1 : 0;
    Generation work = new Generation(spending, chat.promptTokens(), inEach);
    return Reply.of(
        200, "text/event-stream;charset=utf-8", Parts.paced(events, Generator.TOKEN, work));
  }

  private static Reply whole(
      ChatRequest chat, List<String> tokens, boolean whole, @Nullable Spending spending) {
    String text = OpenAi.completion(chat, tokens, whole).toString();
    List<byte[]> json = List.of(text.getBytes(StandardCharsets.UTF_8));
    Generation work = new Generation(spending, chat.promptTokens(), part -> tokens.size());
    return Reply.of(200, "application/json", Parts.paced(json, Generator.WHOLE, work));
  }
}
