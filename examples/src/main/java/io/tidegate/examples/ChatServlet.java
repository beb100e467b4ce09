package io.tidegate.examples;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/chat/completions}, whole or streamed. Nobody needs a key, but a bad one is told.
 */
@SuppressWarnings("serial") // no servlet is ever serialised
final class ChatServlet extends HttpServlet {

  private final Users users;
  private final Generator generator;

  ChatServlet(Users users, Generator generator) {
    this.users = users;
    this.generator = generator;
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      checkKey(request.getHeader("Authorization"));
      ChatRequest chat = ChatRequest.of(JsonBodies.read(request));
      Slots.Slot slot = generator.slots.take();
      try {
        answer(chat, slot, request, response);
      } catch (IOException | RuntimeException e) {
        slot.close();
        throw e;
      }
    } catch (HttpError e) {
      e.writeFields(response);
      JsonBodies.write(response, e.status, "application/json", OpenAi.error(e));
    }
  }

  private void checkKey(@Nullable String authorization) throws HttpError {
    if (authorization != null && users.plan(authorization) == null) {
      throw new HttpError(401, "invalid_api_key", "Nobody was given this API key.");
    }
  }

  private void answer(
      ChatRequest chat, Slots.Slot slot, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    List<String> tokens = generator.answer(chat);
    boolean whole = generator.isWhole(tokens);
    response.setHeader("Cache-Control", "no-store");
    if (chat.stream()) {
      response.setContentType("text/event-stream;charset=utf-8");
      List<byte[]> events = OpenAi.events(chat, tokens, whole);
      PacedAnswer.send(events, Generator.TOKEN, generator, slot, request, response);
    } else {
      response.setContentType("application/json");
      String text = OpenAi.completion(chat, tokens, whole).toString();
      byte[] json = text.getBytes(StandardCharsets.UTF_8);
      response.setContentLength(json.length);
      PacedAnswer.send(List.of(json), Generator.WHOLE, generator, slot, request, response);
    }
  }
}
