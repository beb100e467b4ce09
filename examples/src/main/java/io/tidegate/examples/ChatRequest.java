package io.tidegate.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What matters to the demo of a request in OpenAI's wire format.
 *
 * @param promptTokens how long the conversation is so far, roughly
 * @param maxTokens how long the answer may be
 * @param stream whether to send it piece by piece
 * @param includeUsage whether a stream ends with the usage counts
 */
record ChatRequest(int promptTokens, int maxTokens, boolean stream, boolean includeUsage) {

  static final String MODEL = "demo";

  private static final int CHARACTERS_PER_TOKEN = 4;

  /**
   * Reads a request.
   *
   * @throws HttpError 400 if it is none, 404 if it is for another model
   */
  static ChatRequest of(ObjectNode body) throws HttpError {
    JsonNode model = body.path("model");
    if (!model.isTextual()) {
      throw HttpError.badInput("model: expected a text");
    }
    if (!model.textValue().equals(MODEL)) {
      throw new HttpError(404, "model_not_found", "There is only one model here: " + MODEL + ".");
    }
    return new ChatRequest(
        promptTokens(body.path("messages")),
        maxTokens(body),
        body.path("stream").booleanValue(),
        body.path("stream_options").path("include_usage").booleanValue());
  }

  private static int promptTokens(JsonNode messages) throws HttpError {
    if (!messages.isArray() || messages.isEmpty()) {
      throw HttpError.badInput("messages: expected a list of at least one message");
    }
    int characters = 0;
    for (JsonNode message : messages) {
      JsonNode content = message.path("content");
      if (!message.path("role").isTextual() || !(content.isTextual() || content.isArray())) {
        throw HttpError.badInput("messages: expected a role and a content in each");
      }
      characters += content.asText("").length();
      for (JsonNode part : content) {
        characters += part.path("text").asText("").length();
      }
    }
    return 1 + characters / CHARACTERS_PER_TOKEN;
  }

  private static int maxTokens(ObjectNode body) throws HttpError {
    JsonNode most =
        body.has("max_tokens") ? body.path("max_tokens") : body.path("max_completion_tokens");
    if (most.isMissingNode() || most.isNull()) {
      return Integer.MAX_VALUE;
    }
    if (!most.canConvertToInt() || most.intValue() < 1) {
      throw HttpError.badInput("max_tokens: expected a number of at least 1");
    }
    return most.intValue();
  }
}
