package dev.convoy.driver.search;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import dev.convoy.data.resample.Resample;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.EffectiveTexts;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import dev.convoy.driver.configuration.RunsDefinition;
import dev.convoy.driver.configuration.SearchSettings;
import dev.convoy.driver.configuration.SearchSettings.Refit;
import dev.convoy.driver.configuration.TestReader;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.space.Constraints;
import dev.convoy.driver.space.Sample;
import dev.convoy.driver.space.Sampler;
import dev.convoy.driver.space.SearchSpace;
import dev.convoy.driver.termination.TerminationRule;
import dev.convoy.driver.termination.TerminationRules;
import dev.convoy.driver.trial.Trial;
import dev.convoy.driver.trial.TrialHistory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What is searched: a space over an experiment, how it is sampled, and the configuration of every
 * trial. Driver only.
 */
public final class SearchDefinition implements RunsDefinition {
  private final Config written;
  private final TerminationRule rule;
  private final SearchSpace space;
  private final SearchSettings settings;
  private final Sampler sampler;
  private final Sampler viewer;
  private final SamplingStages stages;
  private final List<RunConfiguration> examples;
  private final int maxEpochs;
  private final int maxWorkers;
  private final Optional<String> warning;

  private SearchDefinition(
      Config written,
      SearchSpace space,
      SearchSettings settings,
      Constraints constraints,
      SearchProbe.Findings findings) {
    this.written = written;
    this.space = space;
    this.settings = settings;
    this.rule = TerminationRules.FAMILY.create(settings.termination());
    this.sampler =
        samplerMethod(settings)
            .over(
                space,
                settings.seed(),
                settings.sampling().gridPoints(),
                sample ->
                    constraints.isEmpty()
                        || constraints.hold(ConfigurationReader.effective(sample.configuration())));
    this.viewer = Sampler.Method.RANDOM.over(space, ~settings.seed(), 1, sample -> true);
    this.stages = new SamplingStages(settings.sampling(), sampler);
    this.examples = findings.examples();
    this.warning = findings.warning();
    this.maxEpochs = findings.maxEpochs();
    this.maxWorkers = findings.maxWorkers();
  }

  private static Sampler.Method samplerMethod(SearchSettings settings) {
    return switch (settings.sampling().method()) {
      case "sobol" -> Sampler.Method.SOBOL;
      case "grid" -> Sampler.Method.GRID;
      default -> Sampler.Method.RANDOM;
    };
  }

  /**
   * Validates the space, the search block, and the configurations that the space leads to.
   *
   * @throws ConfigurationException with every problem
   */
  public static SearchDefinition of(WrittenConfiguration given) {
    Config written = ConfigurationReader.resolved(given.config());
    SearchProbe probe = new SearchProbe(written, given.problems());
    SearchDefinition definition =
        new SearchDefinition(
            written, probe.space(), probe.settings(), probe.constraints(), probe.findings());
    definition.sampler.sample(0);
    return definition;
  }

  /** The identity of a search's configuration, from its full text. */
  public static String identityOf(String text) {
    return EffectiveTexts.ofSearch(WrittenConfiguration.held(text, "").config()).identity();
  }

  /** How it is searched. */
  public SearchSettings settings() {
    return settings;
  }

  /** Which trials end early. */
  TerminationRule rule() {
    return rule;
  }

  /** What is searched. */
  public SearchSpace space() {
    return space;
  }

  /** One of the configurations that the space leads to, for what all have in common. */
  @Override
  public RunConfiguration example() {
    return examples.get(0);
  }

  /** Those that were tried out: of the space's corners, and of points within. */
  @Override
  public List<RunConfiguration> examples() {
    return examples;
  }

  /** What contradicts itself without being wrong, to be told before it begins. */
  @Override
  public Optional<String> warning() {
    return warning;
  }

  /** The configuration as text. */
  @Override
  public EffectiveText text() {
    return EffectiveTexts.ofSearch(written);
  }

  /** The most epochs of any trial. */
  int maxEpochs() {
    return maxEpochs;
  }

  /** The most workers of any trial. */
  public int maxWorkers() {
    return maxWorkers;
  }

  /** Whether trials differ in which images they are trained on, or how these are read. */
  boolean searchesData() {
    return space.parameters().stream()
        .anyMatch(
            parameter ->
                parameter.isWithin("data")
                    || (parameter.key().equals("seed") && !written.hasPath("data.seed")));
  }

  /** How many trials there can be. */
  int trials() {
    int budget = settings.budget().trials().orElse(Integer.MAX_VALUE);
    return (int) Math.min(budget, sampler.size().orElse(Long.MAX_VALUE));
  }

  /**
   * How many trials more have to be allowed than so many for another one to begin: a rule begins
   * whole brackets. Empty if no sample is left.
   */
  public OptionalInt leastExtension(int trials) {
    int all = (int) Math.min(Integer.MAX_VALUE, sampler.size().orElse(Long.MAX_VALUE));
    return IntStream.rangeClosed(1, rule.firstBracket(maxEpochs))
        .takeWhile(more -> more <= all - trials)
        .filter(more -> rule.begun(maxEpochs, trials + more) > trials)
        .findFirst();
  }

  /** How many trials of those allowed begin in whole brackets; empty if nothing limits them. */
  OptionalInt begun() {
    int allowed = trials();
    return allowed == Integer.MAX_VALUE
        ? OptionalInt.empty()
        : OptionalInt.of(rule.begun(maxEpochs, allowed));
  }

  /** The same with another number of trials. */
  public SearchDefinition withTrials(int trials) {
    return of(
        new WrittenConfiguration(
            written.withValue("search.trials", ConfigValueFactory.fromAnyRef(trials)), List.of()));
  }

  /** Draws a trial. */
  Trial trial(int number, TrialHistory trials) {
    return new Trial(number, stages.sample(number, trials));
  }

  /**
   * A sample that the search allows, by its number; that of a trial where all are drawn from the
   * whole space.
   */
  public Sample sample(int number) {
    return sampler.sample(number);
  }

  /** A random sample that belongs to no trial, for a view of the space. */
  Sample view(int number) {
    return viewer.sample(number);
  }

  boolean isFirstOfStage(int trial) {
    return stages.isFirstOfStage(trial);
  }

  /** How many workers a trial needs. */
  int workers(Sample sample) {
    return settings
        .slots()
        .workersPerTrial()
        .orElseGet(
            () -> ConfigurationReader.effective(sample.configuration()).getInt("training.workers"));
  }

  /**
   * The run of a trial. It does not see the test images.
   *
   * @param fold of the cross-validation, counted from 1; empty without one
   */
  RunConfiguration trialRun(Trial trial, String output, OptionalInt fold) {
    Config run = withWorkers(trial.sample().configuration());
    run = with(run, "output", output);
    run = with(run, "overwrite", false);
    run = TestReader.withoutTest(run);
    if (fold.isPresent()) {
      run =
          with(
              run.withoutPath("data.validation"),
              "data.validation",
              Map.of("fold", fold.getAsInt(), "folds", settings.folds().getAsInt()));
    }
    return ConfigurationReader.of(new WrittenConfiguration(run, List.of()));
  }

  private Config withWorkers(Config run) {
    return withWorkers(run, settings);
  }

  /** A configuration with the workers that every trial has, if the search says how many. */
  static Config withWorkers(Config run, SearchSettings settings) {
    OptionalInt workers = settings.slots().workersPerTrial();
    return workers.isPresent() ? with(run, "training.workers", workers.getAsInt()) : run;
  }

  private static Config with(Config config, String key, Object value) {
    return config.withValue(key, ConfigValueFactory.fromAnyRef(value, "convoy search"));
  }

  /**
   * What best.conf holds: an experiment that trains the winner.
   *
   * @param threads of its workers in the search, if the experiment leaves them to Convoy
   */
  Config best(Trial trial, int threads) {
    Config best = withWorkers(trial.sample().configuration()).withoutPath("output");
    for (String key : List.of("search", "overwrite")) {
      best = best.withoutPath(key);
    }
    best = with(best, "name", example().name() + "-best");
    boolean automatic =
        ConfigurationReader.of(new WrittenConfiguration(best, List.of()))
            .training()
            .threadsPerWorker()
            .isEmpty();
    return automatic ? with(best, "training.threads-per-worker", threads) : best;
  }

  /**
   * The run of the winner on all images that are not for testing, or as it was.
   *
   * @param bestEpoch epochs that were its best
   */
  RunConfiguration refit(Config best, String output, int bestEpoch) {
    Config run = with(with(best, "output", output), "overwrite", true);
    if (refitsOnAllImages()) {
      run = run.withoutPath("training.early-stopping").withoutPath("data.validation");
      run = with(run, "training.early-stopping", "off");
      run = with(run, "data.validation", null);
      run = with(run, "training.epochs", Math.max(1, bestEpoch));
      if (example().data().validation().orElse(null)
          instanceof RunConfiguration.Validation.OutOfBag) {
        run = with(run, "training.resample.method", Resample.Method.FULL.key());
      }
    }
    return ConfigurationReader.of(new WrittenConfiguration(run, List.of()));
  }

  /** Validation images of their own are in another place than the training images. */
  boolean refitsOnAllImages() {
    return refitsOnAllImages(settings, example());
  }

  /** The same of any of the trials. */
  static boolean refitsOnAllImages(SearchSettings settings, RunConfiguration trial) {
    boolean hasValidationOfItsOwn =
        trial.data().validation().orElse(null) instanceof RunConfiguration.Validation.Location;
    return settings.ending().refit() == Refit.ALL_IMAGES
        && (settings.folds().isPresent() || !hasValidationOfItsOwn);
  }
}
