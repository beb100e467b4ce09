package io.tidegate.examples;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/chat/completions}, whole or streamed. Nobody needs a key, but a bad one is told.
 * Safe for use by many threads.
 */
final class Chat {

  private final Users users;
  private final Generator generator;

  Chat(Users users, Generator generator) {
    this.users = users;
    this.generator = generator;
  }

  Reply answer(Ask ask) {
    try {
      checkKey(ask.authorization());
      ChatRequest chat = ChatRequest.of(JsonBodies.parse(ask.body));
      Slots.Slot slot = generator.slots.take();
      try {
        return answer(chat, slot);
      } catch (RuntimeException e) {
        slot.close();
        throw e;
      }
    } catch (HttpError e) {
      return Reply.json(e.status, OpenAi.error(e)).with(e.fields());
    }
  }

  private void checkKey(@Nullable String authorization) throws HttpError {
    if (authorization != null && users.plan(authorization) == null) {
      throw new HttpError(401, "invalid_api_key", "Nobody was given this API key.");
    }
  }

  private Reply answer(ChatRequest chat, Slots.Slot slot) {
    List<String> tokens = generator.answer(chat);
    boolean whole = generator.isWhole(tokens);
    if (chat.stream()) {
      List<byte[]> events = OpenAi.events(chat, tokens, whole);
      return Reply.of(
          200, "text/event-stream;charset=utf-8", Parts.paced(events, Generator.TOKEN, slot));
    }
    String text = OpenAi.completion(chat, tokens, whole).toString();
    List<byte[]> json = List.of(text.getBytes(StandardCharsets.UTF_8));
    return Reply.of(200, "application/json", Parts.paced(json, Generator.WHOLE, slot));
  }
}
