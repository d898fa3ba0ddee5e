package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A configuration as it was written: an experiment's file with the overrides of the command line in
 * it, without defaults, and not validated.
 *
 * @param config what was written
 * @param problems overrides that could not be understood
 */
public record WrittenConfiguration(Config config, List<String> problems) {
  /** Copies the problems. */
  public WrittenConfiguration {
    problems = List.copyOf(problems);
  }

  /**
   * Reads a file and puts the overrides into it.
   *
   * @param location a path of this machine, or one with the scheme of a Hadoop file system
   * @param overrides {@code key.path=value}; texts stand as they are, other values in HOCON
   * @throws ConfigurationException if the file cannot be read
   */
  public static WrittenConfiguration read(String location, List<String> overrides) {
    return new WrittenConfiguration(ConfigurationFile.read(location), List.of()).with(overrides);
  }

  /**
   * Reads the configuration that the directory of a search or an ensemble holds. Secrets are not in
   * it; where they came from the environment they are taken from there again.
   *
   * @param location of the directory, which may have been moved since
   */
  public static WrittenConfiguration held(String text, String location) {
    Config held =
        SparkBlock.withoutUnknown(ConfigurationFile.parse(text, "config.conf"))
            .withValue("output", ConfigValueFactory.fromAnyRef(location, "config.conf"));
    return new WrittenConfiguration(held, List.of());
  }

  /** Every key that has a value, and that value in HOCON. */
  public Map<String, String> values() {
    Map<String, String> values = new TreeMap<>();
    config
        .entrySet()
        .forEach(
            entry ->
                values.put(entry.getKey(), entry.getValue().render(ConfigRenderOptions.concise())));
    return values;
  }

  /** Only these overrides, where the rest is not known yet. */
  public static WrittenConfiguration ofOverrides(List<String> overrides) {
    return new WrittenConfiguration(ConfigFactory.empty(), List.of()).with(overrides);
  }

  /** Spark's settings as far as they are written here, by their names. */
  public Map<String, String> sparkSettings() {
    Map<String, String> settings = new TreeMap<>();
    SparkBlock.of(ConfigurationReader.resolved(config))
        .ifPresent(
            block -> block.forEach((name, value) -> settings.put(name, Hocon.original(value))));
    return settings;
  }

  /** With overrides in it, from left to right. */
  public WrittenConfiguration with(List<String> overrides) {
    return CommandLineOverrides.over(this, overrides);
  }
}
