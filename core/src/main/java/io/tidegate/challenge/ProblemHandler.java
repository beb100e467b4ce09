package io.tidegate.challenge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Holds a problem document back and looks for a challenge in it. Any other response, and a document
 * without a challenge that will be solved, goes to the caller's own handler; one with such a
 * challenge never does, since a handler may write to a file what the next response should. For one
 * request.
 */
final class ProblemHandler<T extends @Nullable Object> implements BodyHandler<T> {

  static final int MOST_BYTES = 65_536;

  /** Too many requests of one client, or of all. */
  private static final Set<Integer> REFUSALS = Set.of(429, 503);

  private static final String PROBLEM = "application/problem+json";

  private final BodyHandler<T> handler;
  private final long mostWork;
  private volatile @Nullable String token;

  ProblemHandler(BodyHandler<T> handler, long mostWork) {
    this.handler = Objects.requireNonNull(handler, "handler");
    this.mostWork = mostWork;
  }

  /** The token of the challenge to solve; null if the response is the answer. */
  @Nullable String token() {
    return token;
  }

  @Override
  public BodySubscriber<T> apply(ResponseInfo info) {
    token = null;
    return isProblem(info) ? new Document(info) : handler.apply(info);
  }

  private static boolean isProblem(ResponseInfo info) {
    String type = info.headers().firstValue("Content-Type").orElse("");
    int semicolon = type.indexOf(';');
    String media = semicolon < 0 ? type : type.substring(0, semicolon);
    return REFUSALS.contains(info.statusCode())
        && media.strip().toLowerCase(Locale.ROOT).equals(PROBLEM);
  }

  private @Nullable String payable(byte[] document) {
    String text = ChallengeReader.token(document);
    Token parsed = text == null ? null : Token.parse(text, text.length());
    boolean pays =
        parsed != null && parsed.isKnown() && parsed.work() >= 1 && parsed.work() <= mostWork;
    return pays ? text : null;
  }

  /** The document, as it comes in. */
  private final class Document implements BodySubscriber<T> {

    private final ResponseInfo info;
    private final CompletableFuture<T> body = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;

    Document(ResponseInfo info) {
      this.info = info;
    }

    @Override
    public CompletionStage<T> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
      for (ByteBuffer part : parts) {
        if (body.isDone() || bytes.size() + part.remaining() > MOST_BYTES) {
          refuse();
          return;
        }
        byte[] copy = new byte[part.remaining()];
        part.get(copy);
        bytes.writeBytes(copy);
      }
    }

    private void refuse() {
      Flow.Subscription open = subscription;
      if (open != null) {
        open.cancel();
      }
      body.completeExceptionally(
          new IOException("problem document: too long (expected: at most " + MOST_BYTES + ")"));
    }

    @Override
    public void onError(Throwable cause) {
      body.completeExceptionally(cause);
    }

    @Override
    @SuppressWarnings("NullAway") // nobody looks at the body of a response that is not handed on
    public void onComplete() {
      if (body.isDone()) {
        return;
      }
      byte[] document = bytes.toByteArray();
      String found = payable(document);
      token = found;
      if (found != null) {
        body.complete(null);
        return;
      }
      try {
        handOn(document);
      } catch (Throwable e) { // the caller's handler failed; it shall hear of it
        body.completeExceptionally(e);
      }
    }

    /** Lets the caller's handler have the document after all. */
    private void handOn(byte[] document) {
      BodySubscriber<T> to = handler.apply(info);
      BodyPublishers.ofByteArray(document).subscribe(new OneByOne(to));
      to.getBody()
          .whenComplete(
              (made, failure) -> {
                if (failure == null) {
                  body.complete(made);
                } else {
                  body.completeExceptionally(failure);
                }
              });
    }
  }

  /** Lists of one buffer each, since a publisher of bodies gives buffers. */
  private record OneByOne(BodySubscriber<?> to) implements Flow.Subscriber<ByteBuffer> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      to.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer part) {
      to.onNext(List.of(part));
    }

    @Override
    public void onError(Throwable cause) {
      to.onError(cause);
    }

    @Override
    public void onComplete() {
      to.onComplete();
    }
  }
}
