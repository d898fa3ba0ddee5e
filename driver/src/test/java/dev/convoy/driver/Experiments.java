package dev.convoy.driver;

import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Configurations for tests. */
public final class Experiments {
  /** Generated images and a convolutional network: a run of a second. */
  public static final List<String> SMALL =
      List.of(
          "spark.master=local[2]",
          "data.image={height=12, width=12, channels=1}",
          "data.synthetic={train-examples=97, test-examples=20, classes=3}",
          "model={name=lenet-5, filters=[3, 4], hidden=[12], dropout=0.25}",
          "augment=[{name=random-crop, padding=1}]",
          "optimizer.learning-rate=0.02",
          "training={batch-size=8, averaging-frequency=2, epochs=2, threads-per-worker=1}");

  private Experiments() {}

  /** The defaults with these overrides. */
  public static RunConfiguration of(Path output, String... overrides) {
    return read(output, List.of(overrides));
  }

  /** The small experiment with these overrides. */
  public static RunConfiguration small(Path output, String... overrides) {
    List<String> all = new ArrayList<>(SMALL);
    all.addAll(List.of(overrides));
    return read(output, all);
  }

  private static RunConfiguration read(Path output, List<String> overrides) {
    List<String> all = new ArrayList<>(List.of("output=\"" + output + "\""));
    all.addAll(overrides);
    try {
      Path file = Files.createTempFile("experiment", ".conf");
      try {
        return ConfigurationReader.read(file.toString(), all);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
