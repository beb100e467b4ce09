package io.tidegate.examples;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends an answer from a servlet as its parts are made and as fast as the client reads. */
final class PacedAnswer implements WriteListener, AsyncListener {

  /** Who reads more slowly is cut off. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Parts parts;
  private final ScheduledExecutorService timer;
  private final AsyncContext context;
  private final ServletOutputStream out;

  // Guarded by this object's lock, as the parts are: the server's threads and the timer's take
  // turns.
  private @Nullable Future<?> clock;
  private boolean unflushed;
  private boolean ended;

  private PacedAnswer(
      Parts parts, ScheduledExecutorService timer, AsyncContext context, ServletOutputStream out) {
    this.parts = parts;
    this.timer = timer;
    this.context = context;
    this.out = out;
  }

  /**
   * Returns at once if the parts are still to be made. Unless it throws, the parts are closed
   * whatever ends the answer.
   */
  static void send(
      Parts parts,
      ScheduledExecutorService timer,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    ServletOutputStream out = response.getOutputStream();
    if (parts.areMade()) {
      for (byte[] part = parts.next(); part != null; part = parts.next()) {
        out.write(part);
      }
      return;
    }
    AsyncContext context = request.startAsync(request, response);
    context.setTimeout(LONGEST.toMillis());
    PacedAnswer answer = new PacedAnswer(parts, timer, context, out);
    context.addListener(answer);
    out.setWriteListener(answer);
  }

  @Override
  public synchronized void onWritePossible() {
    if (clock == null && !ended) {
      long nanos = parts.pace().toNanos();
      clock = timer.scheduleAtFixedRate(this::onTick, nanos, nanos, TimeUnit.NANOSECONDS);
    }
    sendWhatIsMade();
  }

  private synchronized void onTick() {
    parts.makeNext();
    sendWhatIsMade();
  }

  private synchronized void sendWhatIsMade() {
    try {
      while (!ended && out.isReady()) {
        byte[] part = unflushed ? null : parts.next();
        if (unflushed) {
          out.flush();
          unflushed = false;
        } else if (part != null) {
          out.write(part);
          unflushed = true;
        } else if (parts.areSent()) {
          end();
        } else {
          return; // the next tick goes on
        }
      }
    } catch (IOException | IllegalStateException e) {
      end(); // the client has gone
    }
  }

  private synchronized void end() {
    if (!ended) {
      ended = true;
      context.complete();
    }
  }

  @Override
  public synchronized void onComplete(AsyncEvent event) {
    ended = true;
    if (clock != null) {
      clock.cancel(false);
    }
    parts.close();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    end();
  }

  @Override
  public void onError(AsyncEvent event) {
    end();
  }

  @Override
  public void onError(Throwable failure) {
    end();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
