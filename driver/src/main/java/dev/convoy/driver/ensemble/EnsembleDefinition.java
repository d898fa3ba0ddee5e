package dev.convoy.driver.ensemble;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.convoy.data.resample.Resample;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.EffectiveTexts;
import dev.convoy.driver.configuration.EnsembleSettings;
import dev.convoy.driver.configuration.EnsembleSettings.AverageWeights;
import dev.convoy.driver.configuration.EnsembleSettings.From;
import dev.convoy.driver.configuration.EnsembleSettings.Seeds;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import dev.convoy.driver.configuration.RunConfiguration.Validation;
import dev.convoy.driver.configuration.RunsDefinition;
import dev.convoy.driver.configuration.TestReader;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.search.SearchDefinition;
import dev.convoy.driver.space.Parameter;
import dev.convoy.driver.space.Sample;
import dev.convoy.driver.space.Sampler;
import dev.convoy.driver.space.SearchSpace;
import dev.convoy.driver.trial.Trial;
import dev.convoy.worker.ensemble.CombinationMethods;
import dev.convoy.worker.schedule.Schedules;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The members of an ensemble, and the configuration of each. Driver only. */
public final class EnsembleDefinition implements RunsDefinition {
  /** Keys that all members have in common. */
  private static final List<String> COMMON =
      List.of("name", "output", "overwrite", "spark", "search", "ensemble", "checkpoint", "data");

  private final Config written;
  private final EnsembleSettings settings;
  private final IntFunction<Sample> samples;
  private final RunConfiguration example;
  private final List<RunConfiguration> examples = new ArrayList<>();

  private EnsembleDefinition(
      Config written, EnsembleSettings settings, IntFunction<Sample> samples) {
    this.written = written;
    this.settings = settings;
    this.samples = samples;
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
    problems.addAll(ConfigurationReader.unknownDistributions(written));
    for (Parameter parameter : space.parameters()) {
      for (String key : COMMON) {
        if (parameter.isWithin(key)) {
          problems.add(
              parameter.key() + ": expected one value for all members, found a distribution");
        }
      }
    }
    throwIfAny(problems);
    for (Config variant : settings.source().variants()) {
      for (String key : COMMON) {
        if (variant.hasPath(key)) {
          problems.add("ensemble.variants: expected no " + key + ", which all members share");
        }
      }
    }
    throwIfAny(problems);
    EnsembleDefinition definition;
    if (settings.source().from() == From.SEARCH && !space.isEmpty()) {
      // What trials have in common, one that their search allows has, too.
      SearchDefinition search = SearchDefinition.of(new WrittenConfiguration(written, List.of()));
      definition = new EnsembleDefinition(written, settings, search::sample);
      definition.examples.addAll(search.examples());
    } else {
      definition =
          new EnsembleDefinition(
              written,
              settings,
              Sampler.Method.RANDOM.over(space, settings.seed(), 1, sample -> true)::sample);
    }
    definition.check(problems);
    return definition;
  }

  private void check(Set<String> problems) {
    example.data().requireClasses("ensemble");
    if (settings.source().from() == From.SEARCH && examples.isEmpty()) {
      examples.add(example);
    }
    for (int run = 0; run < runs(); run++) {
      try {
        examples.add(memberRun(trial(run), "unused"));
      } catch (ConfigurationException e) {
        problems.addAll(e.problems());
      }
    }
    settings.distillation().ifPresent(distillation -> checkStudent(problems));
    Validation validation = example.data().validation().orElse(null);
    boolean learns =
        settings.answer().calibrate()
            || CombinationMethods.FAMILY.create(settings.answer().combine()).learns();
    if (learns && validation == null && !leavesOut()) {
      problems.add(
          "data.validation = null: expected validation images to learn the combination from, or"
              + " training.resample that leaves some out, or ensemble.temperature=off and"
              + " ensemble.combine=soft");
    }
    if (settings.averageWeights() != AverageWeights.OFF
        && (validation == null || validation instanceof Validation.OutOfBag)) {
      problems.add(
          "data.validation: expected images that all members are validated on, since"
              + " ensemble.average-weights is not off");
    }
    throwIfAny(problems);
  }

  private void checkStudent(Set<String> problems) {
    try {
      examples.add(student(example, "unused"));
    } catch (ConfigurationException e) {
      e.problems().forEach(problem -> problems.add("in ensemble.distill.run: " + problem));
    }
  }

  private static void throwIfAny(Set<String> problems) {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(new ArrayList<>(problems));
    }
  }

  /** The identity of an ensemble's configuration, from its full text. */
  public static String identityOf(String text) {
    return EffectiveTexts.ofEnsemble(WrittenConfiguration.held(text, "").config()).identity();
  }

  /** The ensemble block. */
  public EnsembleSettings settings() {
    return settings;
  }

  /** The first member with the test images, for what all have in common. */
  @Override
  public RunConfiguration example() {
    return example;
  }

  /** The runs of all members, or what a search's space leads to, and that of the student. */
  @Override
  public List<RunConfiguration> examples() {
    return List.copyOf(examples);
  }

  /** The configuration as text. */
  @Override
  public EffectiveText text() {
    return EffectiveTexts.ofEnsemble(written);
  }

  /** The same with another number of members. */
  public EnsembleDefinition withMembers(int members) {
    return of(
        new WrittenConfiguration(
            written.withValue("ensemble.members", ConfigValueFactory.fromAnyRef(members)),
            List.of()));
  }

  /** Whether members have training images that they do not see. */
  boolean leavesOut() {
    return example.training().resample().filter(draw -> draw.resample().leavesOut()).isPresent();
  }

  /** How many runs are trained. */
  int runs() {
    return switch (settings.source().from()) {
      case RUNS -> settings.members();
      case SNAPSHOTS -> 1;
      case SEARCH -> 0;
    };
  }

  /** The sample of a member. */
  Trial trial(int member) {
    return new Trial(member, samples.apply(member));
  }

  /** How many workers a member needs. */
  int workers(Trial member) {
    return memberRun(member, "unused").training().workers();
  }

  /** The run of a member. It does not see the test images. */
  RunConfiguration memberRun(Trial member, String output) {
    Config run = with(configuration(member), "output", output);
    return read(TestReader.withoutTest(with(run, "overwrite", false)));
  }

  /**
   * The run of the network that learns from the ensemble, on all training images.
   *
   * @param model the run whose keys it has where it has none of its own: for members of a search
   *     one of these, since the search's own configuration has distributions in their place
   */
  RunConfiguration student(RunConfiguration model, String output) {
    Config run =
        settings.source().from() == From.SEARCH
            ? ConfigFactory.parseString(model.text().full()).withoutPath("spark.conf")
            : trial(0).sample().configuration();
    run = withoutBlocks(run);
    run = withDefault(run, "data.seed", settings.seed());
    if (example.data().validation().orElse(null) instanceof Validation.OutOfBag) {
      run = with(with(run, "data.validation", null), "training.early-stopping", "off");
    }
    Config own =
        settings
            .distillation()
            .map(EnsembleSettings.Distillation::run)
            .orElse(ConfigFactory.empty());
    run = with(with(own.withFallback(run), "output", output), "overwrite", false);
    // Targets are those of the training images, once each.
    run = with(run, "training.resample.method", Resample.Method.FULL.key());
    run = with(run, "training.repeats", 1);
    return read(TestReader.withoutTest(run));
  }

  private Config configuration(Trial member) {
    Config run = withoutBlocks(member.sample().configuration());
    return switch (settings.source().from()) {
      case RUNS -> ofItsOwn(run, member.number());
      case SNAPSHOTS -> inCycles(withDefault(run, "data.seed", settings.seed()));
      case SEARCH -> run;
    };
  }

  private static Config withoutBlocks(Config run) {
    return run.withoutPath("ensemble").withoutPath("search");
  }

  private Config ofItsOwn(Config common, int member) {
    long seed = settings.seed();
    Config run = withDefault(common, "data.seed", seed);
    run = withDefault(run, "training.resample.seed", seed);
    run = withDefault(run, "training.resample.method", Resample.Method.BOOTSTRAP.key());
    run = with(run, "training.resample.member", member);
    if (settings.source().seeds() == Seeds.DIFFERENT) {
      run = with(run, "seed", Resample.memberSeed(seed, member));
    }
    List<Config> variants = settings.source().variants();
    return variants.isEmpty() ? run : variants.get(member % variants.size()).withFallback(run);
  }

  /** Snapshot ensembles, Huang et al. 2017: the rate falls to nothing once for every member. */
  private Config inCycles(Config common) {
    Config run = with(common, "training.early-stopping", "off");
    RunConfiguration whole = read(run);
    String schedule = whole.optimizer().schedule().name();
    if (!schedule.equals("constant") && !schedule.equals("cosine")) {
      throw new ConfigurationException(
          "optimizer.schedule.name = "
              + schedule
              + ": expected cosine, since ensemble.from = snapshots");
    }
    double warmUp = Schedules.FAMILY.create(whole.optimizer().schedule()).warmUpEpochs();
    double length = (whole.training().epochs() - warmUp) / settings.members();
    if (length < 1 || length != Math.rint(length)) {
      throw new ConfigurationException(
          "training.epochs = "
              + whole.training().epochs()
              + ": expected as many whole epochs for each of "
              + settings.members()
              + " snapshots, after "
              + warmUp
              + " epochs of warm-up");
    }
    run = with(run, "optimizer.schedule.name", "cosine");
    run = with(run, "optimizer.schedule.cycles", settings.members());
    return with(run, "checkpoint.snapshots", snapshots(warmUp, length));
  }

  private List<Integer> snapshots(double warmUp, double length) {
    return IntStream.rangeClosed(1, settings.members())
        .mapToObj(cycle -> (int) Math.round(warmUp + cycle * length))
        .toList();
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
