package io.tidegate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Runs the same code on some threads that start together. */
final class Threads {

  private Threads() {}

  /** What the code returned on each thread. */
  static <T> List<T> run(int count, IntFunction<T> code) throws Exception {
    CyclicBarrier start = new CyclicBarrier(count);
    ExecutorService executor = Executors.newFixedThreadPool(count);
    try {
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int index = i;
        Callable<T> task =
            () -> {
              start.await();
              return code.apply(index);
            };
        running.add(executor.submit(task));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : running) {
        results.add(one.get(120, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }
}
