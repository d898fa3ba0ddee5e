package dev.convoy.driver.ensemble;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import dev.convoy.data.resample.Resample;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.EnsembleSettings;
import dev.convoy.driver.configuration.EnsembleSettings.Seeds;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import dev.convoy.driver.configuration.RunConfiguration.Validation;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.space.Parameter;
import dev.convoy.driver.space.Sampler;
import dev.convoy.driver.space.SearchSpace;
import dev.convoy.driver.trial.Trial;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who the members of an ensemble are, and the configuration of each. Driver only. */
public final class EnsembleDefinition {
  /** Keys that all members have in common. */
  private static final List<String> COMMON =
      List.of("name", "output", "overwrite", "spark", "search", "ensemble", "checkpoint", "data");

  private final Config written;
  private final EnsembleSettings settings;
  private final Sampler sampler;
  private final RunConfiguration example;

  private EnsembleDefinition(Config written, EnsembleSettings settings, Sampler sampler) {
    this.written = written;
    this.settings = settings;
    this.sampler = sampler;
    this.example = read(configuration(trial(0)));
  }

  /**
   * Validates the ensemble block and the configuration of every member.
   *
   * @throws ConfigurationException with every problem
   */
  public static EnsembleDefinition of(WrittenConfiguration given) {
    Config written = ConfigurationReader.resolved(given.config());
    EnsembleSettings settings = ConfigurationReader.ensemble(written);
    SearchSpace space = SearchSpace.of(written);
    Set<String> problems = new LinkedHashSet<>(given.problems());
    for (Parameter parameter : space.parameters()) {
      for (String key : COMMON) {
        if (parameter.key().equals(key) || parameter.key().startsWith(key + ".")) {
          problems.add(
              parameter.key() + ": expected one value for all members, found a distribution");
        }
      }
    }
    throwIfAny(problems);
    Sampler sampler = new Sampler(Sampler.Method.RANDOM, space, settings.seed(), 1, sample -> true);
    EnsembleDefinition definition = new EnsembleDefinition(written, settings, sampler);
    definition.check(problems);
    return definition;
  }

  private void check(Set<String> problems) {
    for (int member = 0; member < settings.members(); member++) {
      try {
        memberRun(trial(member), "unused");
      } catch (ConfigurationException e) {
        problems.addAll(e.problems());
      }
    }
    Validation validation = example.data().validation().orElse(null);
    boolean outOfBag = resample().isPresent();
    boolean learns =
        settings.answer().calibrate()
            || settings.answer().select() == EnsembleSettings.Select.GREEDY
            || settings.answer().combine() == EnsembleSettings.Combine.WEIGHTED
            || settings.answer().combine() == EnsembleSettings.Combine.STACKED;
    if (learns && validation == null && !outOfBag) {
      problems.add(
          "data.validation = null: expected validation images to learn the combination from, or"
              + " training.resample that leaves some out, or ensemble.temperature=off and"
              + " ensemble.combine=soft");
    }
    throwIfAny(problems);
  }

  private static void throwIfAny(Set<String> problems) {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(new ArrayList<>(problems));
    }
  }

  /** Reads the configuration that an ensemble's directory holds. */
  public static WrittenConfiguration held(String text, String location) {
    Config held =
        ConfigFactory.parseString(
                text, ConfigParseOptions.defaults().setOriginDescription("config.conf"))
            .withValue("output", ConfigValueFactory.fromAnyRef(location, "config.conf"));
    return new WrittenConfiguration(held, List.of());
  }

  /** The identity of an ensemble's configuration, from its full text. */
  public static String identityOf(String text) {
    return ConfigurationReader.ensembleText(held(text, "").config()).identity();
  }

  /** How the ensemble is made. */
  public EnsembleSettings settings() {
    return settings;
  }

  /** The first member with the test images, for what all have in common. */
  public RunConfiguration example() {
    return example;
  }

  /** The configuration as text. */
  public EffectiveText text() {
    return ConfigurationReader.ensembleText(written);
  }

  /** The same with another number of members. */
  public EnsembleDefinition withMembers(int members) {
    return of(
        new WrittenConfiguration(
            written.withValue("ensemble.members", ConfigValueFactory.fromAnyRef(members)),
            List.of()));
  }

  /** The draw of the first member, if members leave out some of the training images. */
  Optional<Resample> resample() {
    return example.training().resample().map(RunConfiguration.Resampling::resample);
  }

  /** What is drawn for a member. */
  Trial trial(int member) {
    return new Trial(member, sampler.sample(member));
  }

  /** The run of a member. It does not see the test images. */
  RunConfiguration memberRun(Trial member, String output) {
    Config run = with(configuration(member), "output", output);
    return read(with(with(run, "overwrite", false), "data.test", "off"));
  }

  private Config configuration(Trial member) {
    Config run = member.sample().configuration().withoutPath("ensemble").withoutPath("search");
    long seed = settings.seed();
    run = withDefault(run, "data.seed", seed);
    run = withDefault(run, "training.resample.seed", seed);
    run = withDefault(run, "training.resample.method", Resample.Method.BOOTSTRAP.key());
    run = with(run, "training.resample.member", member.number());
    return settings.seeds() == Seeds.DIFFERENT
        ? with(run, "seed", Resample.memberSeed(seed, member.number()))
        : run;
  }

  private static RunConfiguration read(Config run) {
    return ConfigurationReader.of(new WrittenConfiguration(run, List.of()));
  }

  private static Config withDefault(Config config, String key, Object value) {
    return config.hasPath(key) ? config : with(config, key, value);
  }

  private static Config with(Config config, String key, Object value) {
    return config.withValue(key, ConfigValueFactory.fromAnyRef(value, "convoy ensemble"));
  }
}
