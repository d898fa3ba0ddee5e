package dev.convoy.benchmark.averaging;

import dev.convoy.benchmark.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What processes have read and written, as Linux counts it in /proc/PID/io: bytes of sockets and of
 * files alike. Between two looks that is what Spark sent and received, whatever for (broadcasts,
 * blocks, shuffles, results of tasks, control), and what it put on disk.
 *
 * @param bytes read and written since each process began, by process
 */
record Traffic(Map<Long, Bytes> bytes) {
  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

  /**
   * Bytes of a process.
   *
   * @param in read
   * @param out written
   */
  record Bytes(long in, long out) {
    /** Those since an earlier look. */
    Bytes since(Bytes before) {
      return new Bytes(in - before.in, out - before.out);
    }

    long sum() {
      return in + out;
    }
  }

  /** Those of this process. */
  static Bytes ofDriver() {
    return of(ProcessHandle.current().pid());
  }

  /** Those of the executors that this process has started. */
  static Traffic ofExecutors() {
    Map<Long, Bytes> bytes = new TreeMap<>();
    executors().forEach(pid -> bytes.put(pid, of(pid)));
    return new Traffic(bytes);
  }

  private static List<Long> executors() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains(EXECUTOR))
        .map(ProcessHandle::pid)
        .toList();
  }

  /**
   * Of the executor that has read and written most since an earlier look.
   *
   * @throws BenchmarkException if they are not the same executors
   */
  Bytes busiestSince(Traffic before) {
    if (!bytes.keySet().equals(before.bytes.keySet())) {
      throw new BenchmarkException(
          "expected executors that last, found one lost, as without memory; try --executor-memory");
    }
    return bytes.entrySet().stream()
        .map(entry -> entry.getValue().since(before.bytes.get(entry.getKey())))
        .max((one, other) -> Long.compare(one.sum(), other.sum()))
        .orElseThrow(
            () -> new BenchmarkException("Cannot measure: expected executors, found none"));
  }

  private static Bytes of(long pid) {
    try {
      return parse(Files.readAllLines(Path.of("/proc", Long.toString(pid), "io")));
    } catch (IOException e) {
      throw new BenchmarkException(
          "Cannot count what processes read and write: expected Linux's /proc/PID/io, found "
              + e.getMessage(),
          e);
    }
  }

  /** From the lines of such a file. */
  static Bytes parse(List<String> lines) {
    return new Bytes(value(lines, "rchar: "), value(lines, "wchar: "));
  }

  private static long value(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.substring(name.length())))
        .findFirst()
        .orElseThrow(() -> new BenchmarkException("Cannot find " + name + "in " + lines));
  }
}
