package io.tidegate.examples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.Verdict;
import io.tidegate.http.RateLimitFields;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers and errors in OpenAI's wire format, so that its SDKs work with the demo. */
final class OpenAi {

  private static final long CREATED = 1_767_225_600; // 2026-01-01, in seconds

  private OpenAi() {}

  /** A whole answer. */
  static ObjectNode completion(ChatRequest request, List<String> tokens, boolean whole) {
    ObjectNode answer = head("chat.completion", newId());
    ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", String.join("", tokens));
    choice.put("finish_reason", finishReason(whole));
    answer.set("usage", usage(request, tokens));
    return answer;
  }

  /** The events of a streamed answer, one for each token and a few around them. */
  static List<byte[]> events(ChatRequest request, List<String> tokens, boolean whole) {
    String id = newId();
    List<byte[]> events = new ArrayList<>();
    ObjectNode first = JsonBodies.object().put("role", "assistant").put("content", "");
    events.add(chunk(id, first, null));
    for (String token : tokens) {
      events.add(chunk(id, JsonBodies.object().put("content", token), null));
    }
    events.add(chunk(id, JsonBodies.object(), finishReason(whole)));
    if (request.includeUsage()) {
      ObjectNode usage = head("chat.completion.chunk", id);
      usage.putArray("choices");
      usage.set("usage", usage(request, tokens));
      events.add(event(usage.toString()));
    }
    events.add(event("[DONE]"));
    return events;
  }

  private static byte[] event(String data) {
    return ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] chunk(String id, ObjectNode delta, @Nullable String finishReason) {
    ObjectNode chunk = head("chat.completion.chunk", id);
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.put("finish_reason", finishReason);
    return event(chunk.toString());
  }

  private static String newId() {
    return "chatcmpl-" + UUID.randomUUID();
  }

  private static ObjectNode head(String object, String id) {
    return JsonBodies.object()
        .put("id", id)
        .put("object", object)
        .put("created", System.currentTimeMillis() / 1_000)
        .put("model", ChatRequest.MODEL);
  }

  private static String finishReason(boolean whole) {
    return whole ? "stop" : "length";
  }

  private static ObjectNode usage(ChatRequest request, List<String> tokens) {
    return JsonBodies.object()
        .put("prompt_tokens", request.promptTokens())
        .put("completion_tokens", tokens.size())
        .put("total_tokens", request.promptTokens() + tokens.size());
  }

  static ObjectNode models() {
    ObjectNode models = JsonBodies.object().put("object", "list");
    models
        .putArray("data")
        .addObject()
        .put("id", ChatRequest.MODEL)
        .put("object", "model")
        .put("created", CREATED)
        .put("owned_by", "tidegate");
    return models;
  }

  static ObjectNode error(HttpError error) {
    return error(error.text, type(error.status), error.code);
  }

  private static String type(int status) {
    if (status == 429) {
      return Usage.TOKENS;
    }
    return status < 500 ? "invalid_request_error" : "server_error";
  }

  /** What the gate says in place of its own problem document. */
  static String refusal(Verdict verdict) {
    long nanos = verdict.retryAfter().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    String text =
        "Rate limit reached. Try again in " + RateLimitFields.retryAfterSeconds(nanos) + " s.";
    return error(text, "requests", "rate_limit_exceeded").toString();
  }

  private static ObjectNode error(String text, String type, String code) {
    ObjectNode body = JsonBodies.object();
    body.putObject("error")
        .put("message", text)
        .put("type", type)
        .putNull("param")
        .put("code", code);
    return body;
  }
}
