package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
   * @param overrides {@code key.path=value}, the values in HOCON
   * @throws ConfigurationException if the file cannot be read
   */
  public static WrittenConfiguration read(Path file, List<String> overrides) {
    return new WrittenConfiguration(parseFile(file), List.of()).with(overrides);
  }

  /**
   * Reads the configuration that the directory of a search or an ensemble holds.
   *
   * @param location of the directory, which may have been moved since
   */
  public static WrittenConfiguration held(String text, String location) {
    Config held =
        ConfigFactory.parseString(
                text, ConfigParseOptions.defaults().setOriginDescription("config.conf"))
            .withValue("output", ConfigValueFactory.fromAnyRef(location, "config.conf"));
    return new WrittenConfiguration(held, List.of());
  }

  /** With overrides in it. */
  public WrittenConfiguration with(List<String> overrides) {
    List<String> misunderstood = new ArrayList<>(problems);
    Config merged = config;
    for (String override : overrides) {
      int equals = override.indexOf('=');
      if (equals < 1) {
        misunderstood.add(override + ": expected key.path=value (command line)");
        continue;
      }
      try {
        merged =
            override(merged, override.substring(0, equals).strip(), override.substring(equals + 1));
      } catch (ConfigException e) {
        misunderstood.add(override + ": expected key.path=value (command line): " + message(e));
      }
    }
    return new WrittenConfiguration(merged, misunderstood);
  }

  /** An object given for a key joins what stands there; a distribution takes its place. */
  private static Config override(Config base, String key, String text) {
    Config over = parseOverride(key, text);
    String path = ConfigUtil.joinPath(ConfigUtil.splitPath(key));
    boolean replaces = isDistribution(over, path) || isDistribution(base, path);
    return over.withFallback(replaces ? base.withoutPath(path) : base);
  }

  private static boolean isDistribution(Config config, String path) {
    return config.hasPath(path) && Distributions.isDistribution(config.getValue(path));
  }

  private static Config parseFile(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new ConfigurationException(
          "Cannot read the configuration "
              + file
              + ": expected a readable HOCON file, found "
              + (Files.isDirectory(file) ? "a directory" : "none")
              + ".");
    }
    try {
      return ConfigFactory.parseFile(
          file.toFile(), ConfigParseOptions.defaults().setOriginDescription(file.toString()));
    } catch (ConfigException e) {
      throw new ConfigurationException("Cannot read the configuration " + file + ": " + message(e));
    }
  }

  static String message(ConfigException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** Values that are not HOCON as they stand, such as URLs and local[2], are taken as text. */
  private static Config parseOverride(String key, String value) {
    ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription("command line");
    boolean quoted = value.startsWith("\"") || value.startsWith("[") || value.startsWith("{");
    if (quoted || !value.contains("//")) {
      try {
        return ConfigFactory.parseString(key + " = " + value, options);
      } catch (ConfigException e) {
        if (quoted) {
          throw e;
        }
      }
    }
    return ConfigFactory.empty("command line")
        .withValue(key, ConfigValueFactory.fromAnyRef(value, "command line"));
  }
}
