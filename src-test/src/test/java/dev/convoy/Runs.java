package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The experiments of these tests and where their runs go. */
public final class Runs {
  private static RunFiles reference;

  private Runs() {}

  /** The path of an experiment among the test resources. */
  public static String experiment(String name) {
    return Application.home().resolve("src-test/src/test/resources").resolve(name).toString();
  }

  /** A new directory in the module's target. */
  public static Path newDirectory(String prefix) {
    try {
      Path parent = Path.of(System.getProperty("convoy.test.directory"));
      Files.createDirectories(parent);
      return Files.createTempDirectory(parent, prefix + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A run directory that is not there yet. */
  public static RunFiles newRun(String name) {
    return new RunFiles(newDirectory(name).resolve("run"));
  }

  /** reference.conf as the application trains it undisturbed; trained once for all tests. */
  public static synchronized RunFiles reference() {
    if (reference == null) {
      RunFiles run = newRun("reference");
      Ended ended = Application.run("train", experiment("reference.conf"), run.argument());
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      reference = run;
    }
    return reference;
  }
}
