package io.tidegate.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One script call under way, with a deadline. Ends exactly once. */
final class Flight implements Deadlines.Pending {

  private final Link link;
  private final Circuit circuit;
  private final Script script;
  private final String[] keys;
  private final String[] args;
  private final Link.Reply reply;
  private final long began = System.nanoTime();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable RedisFuture<List<Object>> command;

  Flight(
      Link link, Circuit circuit, Script script, String[] keys, String[] args, Link.Reply reply) {
    this.link = link;
    this.circuit = circuit;
    this.script = script;
    this.keys = keys;
    this.args = args;
    this.reply = reply;
  }

  /** Sends the script by its name. */
  void start(RedisScriptingAsyncCommands<String, String> commands) {
    try {
      RedisFuture<List<Object>> sent =
          commands.evalsha(script.sha, ScriptOutputType.MULTI, keys, args);
      command = sent;
      var unused =
          sent.whenComplete(
              (values, error) -> {
                if (error instanceof RedisNoScriptException) {
                  startWhole(commands);
                } else {
                  end(values, error);
                }
              });
    } catch (RuntimeException e) {
      end(null, e);
    }
  }

  /** Sends the script itself to a server that does not know it, and so has not run it. */
  private void startWhole(RedisScriptingAsyncCommands<String, String> commands) {
    if (isDone()) {
      return;
    }
    link.forgot(circuit, script);
    try {
      RedisFuture<List<Object>> sent =
          commands.eval(script.text, ScriptOutputType.MULTI, keys, args);
      command = sent;
      var unused = sent.whenComplete(this::end);
    } catch (RuntimeException e) {
      end(null, e);
    }
  }

  private void end(@Nullable List<Object> values, @Nullable Throwable error) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    if (values != null && error == null) {
      circuit.answered(script, System.nanoTime() - began);
      reply.answered(values);
    } else {
      fail(error == null ? Unavailable.CLOSED : error);
    }
  }

  /** Ends a flight for which there is no connection. */
  void refuse(Unavailable why) {
    end(null, why);
  }

  private void fail(Throwable why) {
    link.count(why);
    circuit.failed(why, System.nanoTime() - began);
    reply.failed(why);
  }

  @Override
  public boolean isDone() {
    return ended.get();
  }

  @Override
  public long due() {
    return began + link.deadlineNanos();
  }

  /** Gives up. What is still in the queue is not sent any more; what was sent may be done. */
  @Override
  public void expire() {
    if (ended.compareAndSet(false, true)) {
      RedisFuture<List<Object>> sent = command;
      if (sent != null) {
        sent.cancel(true);
      }
      fail(Unavailable.LATE);
    }
  }
}
