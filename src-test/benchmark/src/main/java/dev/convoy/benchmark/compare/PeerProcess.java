package dev.convoy.benchmark.compare;

import dev.convoy.benchmark.BenchmarkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One child. Closing it ends it. */
public final class PeerProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 600;
  private static final long FAREWELL_SECONDS = 10;

  /**
   * What keeps freed memory with the process, in large pages where Linux gives them: as somebody
   * would run PyTorch who knows both. It asks for new memory for every result, and on machines
   * whose pages are slow to come gets a fifth of its speed with the C library's defaults; large
   * pages give it 3 %. Convoy does so by itself.
   */
  private static final Map<String, String> KEPT_MEMORY =
      Map.of(
          "MALLOC_MMAP_MAX_", "0",
          "MALLOC_TRIM_THRESHOLD_", Long.toString(1L << 40),
          "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");

  private final String name;
  private final Path log;
  private final Process process;
  private final Writer input;
  private final BlockingQueue<Optional<Answer>> answers = new LinkedBlockingQueue<>();

  private PeerProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "answers of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a child.
   *
   * @param threads of OpenMP and BLAS
   * @param log where its stderr goes
   */
  public static PeerProcess start(String name, List<String> command, int threads, Path log) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    for (String variable : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")) {
      builder.environment().put(variable, Integer.toString(threads));
    }
    builder.environment().putAll(KEPT_MEMORY);
    try {
      Files.createDirectories(log.getParent());
      return new PeerProcess(name, log, builder.start());
    } catch (IOException e) {
      throw new BenchmarkException("Cannot start %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Answer.parse(line).map(Optional::of).ifPresent(answers::add);
      }
    } catch (IOException e) {
      // The pipe broke: the child has gone.
    } finally {
      answers.add(Optional.empty());
    }
  }

  /** Waits until it is warm. */
  public Answer.Ready ready() {
    return expect(Answer.Ready.class);
  }

  /** Tells it to run; {@link #ran} waits for the answer. */
  public void run(double seconds) {
    try {
      input.write("run " + seconds + "\n");
      input.flush();
    } catch (IOException e) {
      throw gone();
    }
  }

  /** Waits until it has run. */
  public Answer.Ran ran() {
    return expect(Answer.Ran.class);
  }

  private <T extends Answer> T expect(Class<T> type) {
    try {
      Optional<Answer> answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new BenchmarkException(
            String.format(
                Locale.ROOT,
                "%s did not answer within %d seconds; its messages are in %s",
                name,
                PATIENCE_SECONDS,
                log));
      }
      Answer said = answer.orElseThrow(this::gone);
      if (!type.isInstance(said)) {
        throw new BenchmarkException(
            "Cannot go on with %s: expected that it is %s, but it says %s; its messages are in %s"
                .formatted(name, type.getSimpleName().toLowerCase(Locale.ROOT), said, log));
      }
      return type.cast(said);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("Interrupted while waiting for " + name, e);
    }
  }

  private BenchmarkException gone() {
    return new BenchmarkException(
        "%s has ended: %s (all of its messages: %s)".formatted(name, LastMessage.of(log), log));
  }

  @Override
  public void close() {
    try {
      input.close();
      if (!process.waitFor(FAREWELL_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
