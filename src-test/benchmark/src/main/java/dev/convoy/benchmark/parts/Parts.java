package dev.convoy.benchmark.parts;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.compare.Installation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs JMH on this package, in a process whose class path JMH's own children take over. */
public final class Parts {
  private Parts() {}

  /**
   * Runs all parts; JMH's table goes to stdout, and {@code parts.json} to a directory.
   *
   * @param seconds of one measurement
   * @param repetitions of each
   */
  public static void run(Installation installation, Path output, int repetitions, double seconds) {
    String time = Math.max(1, Math.round(seconds * 1000)) + "ms";
    List<String> command =
        List.of(
            installation.java(),
            "-XX:+UseParallelGC",
            "-Dorg.bytedeco.javacpp.maxbytes=0",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
            "-cp",
            installation.classPath("lib"),
            "org.openjdk.jmh.Main",
            Parts.class.getPackageName(),
            "-i",
            Integer.toString(repetitions),
            "-r",
            time,
            "-w",
            time,
            "-rf",
            "json",
            "-rff",
            output.resolve("parts.json").toString());
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("OMP_NUM_THREADS", "1");
    try {
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      if (process.waitFor() != 0) {
        throw new BenchmarkException("Cannot measure the parts: JMH failed, see above.");
      }
    } catch (IOException e) {
      throw new BenchmarkException("Cannot start JMH: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("Interrupted while JMH ran.", e);
    }
  }
}
