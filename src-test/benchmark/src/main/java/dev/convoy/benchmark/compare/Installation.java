package dev.convoy.benchmark.compare;

import dev.convoy.benchmark.BenchmarkException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where things are on this machine.
 *
 * @param home the root of the project
 * @param jars benchmark.jar, lib and djl
 * @param python one that has PyTorch
 */
public record Installation(Path home, Path jars, Optional<String> python) {
  private static final long PYTHON_SECONDS = 60;

  /** Looks around. */
  public static Installation find() {
    Path home = Path.of(System.getProperty("convoy.home")).toAbsolutePath().normalize();
    Path jars = home.resolve("src-test/benchmark/target/benchmark");
    String chosen = System.getenv("CONVOY_PYTHON");
    List<String> candidates =
        chosen == null ? List.of("python3", "/usr/bin/python3") : List.of(chosen);
    return new Installation(
        home, jars, candidates.stream().filter(Installation::hasPyTorch).findFirst());
  }

  private static boolean hasPyTorch(String python) {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import torch")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(PYTHON_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false; // no such python
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("Interrupted while looking for PyTorch.", e);
    }
  }

  /** The java that this process runs on. */
  public String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** A class path: the benchmark's own classes and a folder of jars. */
  public String classPath(String folder) {
    return jars.resolve("benchmark.jar") + File.pathSeparator + jars.resolve(folder).resolve("*");
  }

  /** A text among the benchmark's resources. */
  public static String resource(String name) {
    try (var in = Installation.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IllegalStateException("There is no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
