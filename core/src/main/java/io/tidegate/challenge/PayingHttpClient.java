package io.tidegate.challenge;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests, and pays for them where a gate asks for work: for programs.
 *
 * <pre>{@code
 * PayingHttpClient paying = PayingHttpClient.of(HttpClient.newHttpClient(), 50_000_000);
 * HttpResponse<String> response = paying.send(request, BodyHandlers.ofString());
 * }</pre>
 *
 * <p>A response of status 429, or 503 from a service that is busy, with a problem document ({@code
 * application/problem+json}, RFC 9457) that has a challenge in it is not handed on. Its puzzles are
 * solved on the calling thread, and the same request is sent once more with the proof in the field
 * {@code Tidegate-Proof}. What then comes back is the answer, whatever it is. A challenge that is
 * none, or asks for more work than allowed, is not solved: the caller gets the first response, as
 * without this class.
 *
 * <p>The body of a request must be one that can be sent twice, as those of bytes, strings and files
 * can. The price is read from the token that is solved, not from what the document says of it, so a
 * server cannot make a program work for longer than allowed but by bad luck.
 *
 * <p>Immutable, and safe for use by many threads. Needs the module {@code java.net.http}.
 */
public final class PayingHttpClient {

  private final HttpClient client;
  private final long mostWork;

  private PayingHttpClient(HttpClient client, long mostWork) {
    this.client = client;
    this.mostWork = mostWork;
  }

  /**
   * A client that pays.
   *
   * @param client what sends
   * @param mostWork how many digests a request may cost on average; one thread of a server makes
   *     some millions a second. From 1 to {@link Terms#MOST_WORK}
   * @return a new client
   * @throws IllegalArgumentException if out of range
   */
  public static PayingHttpClient of(HttpClient client, long mostWork) {
    Objects.requireNonNull(client, "client");
    if (mostWork < 1 || mostWork > Terms.MOST_WORK) {
      throw new IllegalArgumentException(
          "mostWork: " + mostWork + " (expected: 1 to " + Terms.MOST_WORK + ")");
    }
    return new PayingHttpClient(client, mostWork);
  }

  /**
   * Sends a request, and pays for it if it must. Blocks; an interrupt ends it, also while it
   * solves.
   *
   * @param <T> what the body of a response becomes
   * @param request the request; its timeout holds for each of the two times that it is sent
   * @param handler what makes the body of the response that is returned, and of no other
   * @return the response
   * @throws IOException if sending fails, or a problem document has more than 65,536 bytes
   * @throws InterruptedException if the thread was interrupted
   */
  public <T extends @Nullable Object> HttpResponse<T> send(
      HttpRequest request, BodyHandler<T> handler) throws IOException, InterruptedException {
    return send(request, handler, () -> false);
  }

  /**
   * Sends a request, and pays for it if it must and is not told to stop.
   *
   * @param <T> what the body of a response becomes
   * @param request the request; its timeout holds for each of the two times that it is sent
   * @param handler what makes the body of the response that is returned, and of no other
   * @param isCancelled asked once in a thousand digests, on the calling thread; true ends the
   *     search
   * @return the response
   * @throws IOException if sending fails, or a problem document has more than 65,536 bytes
   * @throws InterruptedException if the thread was interrupted
   * @throws CancellationException if it was told to stop
   */
  public <T extends @Nullable Object> HttpResponse<T> send(
      HttpRequest request, BodyHandler<T> handler, BooleanSupplier isCancelled)
      throws IOException, InterruptedException {
    Objects.requireNonNull(isCancelled, "isCancelled");
    ProblemHandler<T> problems = new ProblemHandler<>(handler, mostWork);
    HttpResponse<T> first = client.send(request, problems);
    String token = problems.token();
    return token == null
        ? first
        : client.send(withProof(request, solved(token, isCancelled)), handler);
  }

  private static String solved(String token, BooleanSupplier isCancelled)
      throws InterruptedException {
    try {
      return Solver.solve(
          token, () -> Thread.currentThread().isInterrupted() || isCancelled.getAsBoolean());
    } catch (CancellationException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while solving a challenge");
      }
      throw e;
    }
  }

  private static HttpRequest withProof(HttpRequest request, String proof) {
    return HttpRequest.newBuilder(
            request, (name, value) -> !name.equalsIgnoreCase(ProofOfWork.FIELD))
        .header(ProofOfWork.FIELD, proof)
        .build();
  }
}
