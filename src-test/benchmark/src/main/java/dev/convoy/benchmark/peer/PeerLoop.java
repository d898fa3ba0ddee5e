package dev.convoy.benchmark.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A peer's side of the conversation. It says {@code ready PARAMETERS PEAK VERSION} once it is warm,
 * with the bytes that a replica took at most in its first steps, beside its images. Told {@code run
 * SECONDS}, it takes steps for at least so long and answers {@code ran IMAGES SECONDS}, with a pair
 * for each replica. It ends when its input does.
 */
final class PeerLoop implements AutoCloseable {
  /** Later than that, what Java's compilers and heap take besides is as much as they may. */
  private static final double MEMORY_SECONDS = 2;

  private final List<ExecutorService> threads = new ArrayList<>();
  private final List<Replica> replicas = new ArrayList<>();
  private final LongSupplier clock;

  /** Images and how long they took. */
  private record Run(long images, double seconds) {}

  private PeerLoop(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * Builds replicas, each on a thread of its own, and does what the input says until it ends.
   *
   * @param count how many replicas
   * @param version of what is measured, one line; asked when all is built
   */
  static void serve(
      int count, Callable<Replica> replica, double warmUpSeconds, Supplier<String> version)
      throws Exception {
    serve(count, replica, warmUpSeconds, System::nanoTime, version);
  }

  /**
   * The same by another clock.
   *
   * @param clock nanoseconds, from any time on
   */
  static void serve(
      int count,
      Callable<Replica> replica,
      double warmUpSeconds,
      LongSupplier clock,
      Supplier<String> version)
      throws Exception {
    // Native libraries and loggers may write to stdout whatever they like; a parent skips that.
    PrintStream out = System.out;
    ResidentMemory memory = ResidentMemory.now();
    try (PeerLoop loop = new PeerLoop(clock)) {
      for (int i = 0; i < count; i++) {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        loop.threads.add(thread);
        loop.replicas.add(thread.submit(replica).get());
      }
      loop.run(Math.min(MEMORY_SECONDS, warmUpSeconds));
      long most = memory.most();
      loop.run(Math.max(0, warmUpSeconds - MEMORY_SECONDS));
      out.println(
          String.format(
              Locale.ROOT,
              "ready %d %d %s",
              loop.replicas.get(0).parameters(),
              Math.max(0, most / count - loop.replicas.get(0).imageBytes()),
              version.get()));
      loop.obey(out);
    }
  }

  private void obey(PrintStream out) throws IOException, InterruptedException, ExecutionException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      double seconds = Double.parseDouble(line.substring("run ".length()));
      StringBuilder answer = new StringBuilder("ran");
      for (Run run : run(seconds)) {
        answer.append(String.format(Locale.ROOT, " %d %.6f", run.images(), run.seconds()));
      }
      out.println(answer);
    }
  }

  /** All replicas at once. */
  private List<Run> run(double seconds) throws InterruptedException, ExecutionException {
    List<Future<Run>> running = new ArrayList<>();
    for (int i = 0; i < replicas.size(); i++) {
      Replica replica = replicas.get(i);
      running.add(threads.get(i).submit(() -> run(replica, seconds)));
    }
    List<Run> runs = new ArrayList<>();
    for (Future<Run> run : running) {
      runs.add(run.get());
    }
    return runs;
  }

  private Run run(Replica replica, double seconds) {
    long start = clock.getAsLong();
    long images = 0;
    double elapsed = 0;
    while (elapsed < seconds) {
      images += replica.step();
      elapsed = (clock.getAsLong() - start) / 1e9;
    }
    return new Run(images, elapsed);
  }

  @Override
  public void close() {
    threads.forEach(ExecutorService::shutdownNow);
  }
}
