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
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Sends an answer part by part, as its parts become due and as fast as the client reads. It holds a
 * slot until the last part is generated or the client has gone, and no thread.
 */
final class PacedAnswer implements WriteListener, AsyncListener {

  /** Who reads more slowly is cut off. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final List<byte[]> parts;
  private final Duration pace;
  private final Generator generator;
  private final Slots.Slot slot;
  private final AsyncContext context;
  private final ServletOutputStream out;

  // Guarded by this object's lock: the server's threads and the generator's take turns.
  private @Nullable Future<?> clock;
  private int due;
  private int sent;
  private boolean unflushed;
  private boolean ended;

  private PacedAnswer(
      List<byte[]> parts,
      Duration pace,
      Generator generator,
      Slots.Slot slot,
      AsyncContext context,
      ServletOutputStream out) {
    this.parts = parts;
    this.pace = pace;
    this.generator = generator;
    this.slot = slot;
    this.context = context;
    this.out = out;
  }

  /** Returns at once. From here on the slot is closed whatever ends the answer. */
  static void send(
      List<byte[]> parts,
      Duration pace,
      Generator generator,
      Slots.Slot slot,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    ServletOutputStream out = response.getOutputStream();
    AsyncContext context = request.startAsync(request, response);
    context.setTimeout(LONGEST.toMillis());
    PacedAnswer answer = new PacedAnswer(parts, pace, generator, slot, context, out);
    context.addListener(answer);
    out.setWriteListener(answer);
  }

  @Override
  public synchronized void onWritePossible() {
    if (clock == null && !ended) {
      clock = generator.every(pace, this::onTick);
    }
    sendWhatIsDue();
  }

  private synchronized void onTick() {
    due = Math.min(due + 1, parts.size());
    if (due == parts.size()) {
      slot.close(); // before the client has the end, and asks again
    }
    sendWhatIsDue();
  }

  private synchronized void sendWhatIsDue() {
    try {
      while (!ended && out.isReady()) {
        if (unflushed) {
          out.flush();
          unflushed = false;
        } else if (sent < due) {
          out.write(parts.get(sent++));
          unflushed = true;
        } else if (sent == parts.size()) {
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
    slot.close();
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
