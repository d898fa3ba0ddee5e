package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.convoy.data.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a configuration: defaults, then the experiment's file, then overrides of the command line.
 * Every problem is found before any is reported.
 */
public final class ConfigurationReader {
  private final List<String> problems = new ArrayList<>();
  private boolean needsSecrets;

  private ConfigurationReader() {}

  /**
   * Reads and validates.
   *
   * @param file the experiment: a path of this machine, or one with the scheme of a Hadoop file
   *     system
   * @param overrides {@code key.path=value}
   * @throws ConfigurationException with every problem
   */
  public static RunConfiguration read(String file, List<String> overrides) {
    return of(WrittenConfiguration.read(file, overrides));
  }

  /**
   * Validates what was written.
   *
   * @throws ConfigurationException with every problem
   */
  public static RunConfiguration of(WrittenConfiguration written) {
    ConfigurationReader reader = new ConfigurationReader();
    reader.problems.addAll(written.problems());
    reader.needsSecrets = true;
    return reader.validate(written.config());
  }

  /**
   * What was written, with the values of its substitutions, which may be the defaults'.
   *
   * @throws ConfigurationException if a substitution in it has no value
   */
  public static Config resolved(Config written) {
    try {
      return asRead(written.resolveWith(written.withFallback(Defaults.CONFIG)));
    } catch (ConfigException e) {
      throw new ConfigurationException(Text.firstLine(e));
    }
  }

  /**
   * What was written, over the defaults.
   *
   * @throws ConfigurationException if a substitution in it has no value
   */
  public static Config effective(Config written) {
    try {
      return ComponentBlock.withDefaults(
          asRead(ShortBlocks.asBlocks(asRead(written)).withFallback(Defaults.CONFIG).resolve()));
    } catch (ConfigException e) {
      throw new ConfigurationException(Text.firstLine(e));
    }
  }

  /** With whole names of Spark's settings and with texts as they were written. */
  private static Config asRead(Config config) {
    return TextKeys.asWritten(SparkBlock.withWholeNames(config));
  }

  /** One line for every object that stands where a value is expected, and is no distribution. */
  public static List<String> unknownDistributions(Config written) {
    return KeyCheck.unknownDistributions(written);
  }

  /** An experiment as a person would write it, without secrets. */
  public static String fileText(Config experiment) {
    return Hocon.render(Secrets.hidden(experiment));
  }

  /**
   * Reads the search block of what was written.
   *
   * @throws ConfigurationException with every problem of it
   */
  public static SearchSettings search(Config written) {
    List<String> problems = new ArrayList<>();
    SearchSettings search = SearchReader.read(new Settings(effective(written), problems));
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return search;
  }

  /**
   * Reads the ensemble block of what was written.
   *
   * @throws ConfigurationException with every problem of it
   */
  public static EnsembleSettings ensemble(Config written) {
    List<String> problems = new ArrayList<>();
    Settings settings = new Settings(effective(written), problems);
    EnsembleSettings ensemble = EnsembleReader.read(settings);
    // The runs of members, which are looked at as a whole, do not have this block.
    KeyCheck.checkBlock("ensemble", ShortBlocks.asBlocks(written), settings);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return ensemble;
  }

  /**
   * Reads a complete configuration that {@link RunConfiguration.EffectiveText#full()} holds, on the
   * driver or an executor.
   *
   * @throws ConfigurationException with every problem
   */
  public static RunConfiguration readEffective(String text) {
    return new ConfigurationReader()
        .validate(SparkBlock.withoutUnknown(ConfigurationFile.parse(text, "config.conf")));
  }

  private void addMissingSecret(String key) {
    problems.add(
        Text.of(
            "%1$s: expected its value, which is secret and therefore in no file of a run: give it"
                + " again, %1$s=…, or export the environment variable that it came from",
            key));
  }

  private RunConfiguration validate(Config written) {
    List<String> drawn = Distributions.problems(written.root());
    if (!drawn.isEmpty()) {
      throw new ConfigurationException(drawn);
    }
    Config given = ShortBlocks.asBlocks(written);
    Config merged = effective(written);
    if (needsSecrets) {
      Secrets.missing(merged).forEach(this::addMissingSecret);
    }
    Settings settings = new Settings(merged, problems);
    RunConfiguration configuration = RunReader.read(settings);
    KeyCheck.check(given, settings);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return configuration;
  }
}
