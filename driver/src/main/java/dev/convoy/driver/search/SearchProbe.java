package dev.convoy.driver.search;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import dev.convoy.data.Text;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.configuration.ConfigTree;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.Interval;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.SearchSettings;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.space.Constraints;
import dev.convoy.driver.space.Parameter;
import dev.convoy.driver.space.Sample;
import dev.convoy.driver.space.SearchSpace;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.termination.Rungs;
import dev.convoy.driver.termination.TerminationRule;
import dev.convoy.driver.termination.TerminationRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Looks for everything that is wrong with a search before it begins. Whether the space leads to
 * configurations that can be trained is tried out at its corners and within.
 */
final class SearchProbe {
  private static final int PROBES = 200;
  private static final double LAST_COORDINATE = Math.nextDown(1.0);

  /** Keys that all trials have in common. */
  private static final List<String> NOT_SEARCHABLE =
      List.of("name", "output", "overwrite", "spark", "search", "checkpoint", "data.test");

  private final Config written;
  private final List<String> problems;
  private final SearchSpace space;
  private final SearchSettings settings;
  private final Constraints constraints;
  private final List<RunConfiguration> runs = new ArrayList<>();

  /**
   * What all trials have in common, and the largest of them.
   *
   * @param examples those that were tried out, at least one
   * @param warning of what contradicts itself without being wrong
   */
  record Findings(
      List<RunConfiguration> examples, int maxEpochs, int maxWorkers, Optional<String> warning) {}

  /**
   * Looks.
   *
   * @throws ConfigurationException with every problem
   */
  SearchProbe(Config written, List<String> known) {
    this.written = written;
    this.problems = new ArrayList<>(known);
    this.settings = trying(() -> ConfigurationReader.search(written));
    this.space = trying(() -> SearchSpace.of(written));
    problems.addAll(ConfigurationReader.unknownDistributions(written));
    throwIfAny();
    checkSpace();
    List<Sample> samples = samples();
    List<Config> effective = trying(() -> effective(samples));
    throwIfAny();
    this.constraints = trying(() -> Constraints.of(settings.where(), keys(effective)));
    throwIfAny();
    tryOut(samples, effective);
    throwIfAny();
    checkSearch();
    throwIfAny();
  }

  private <T> T trying(Supplier<T> question) {
    try {
      return question.get();
    } catch (ConfigurationException e) {
      problems.addAll(e.problems());
      return null;
    }
  }

  private void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  SearchSpace space() {
    return space;
  }

  SearchSettings settings() {
    return settings;
  }

  Constraints constraints() {
    return constraints;
  }

  Findings findings() {
    return new Findings(
        List.copyOf(runs),
        maxEpochs(),
        runs.stream().mapToInt(run -> run.training().workers()).max().orElseThrow(),
        EarlyComparison.warning(settings, runs));
  }

  private int maxEpochs() {
    return runs.stream().mapToInt(run -> run.training().epochs()).max().orElseThrow();
  }

  private void checkSpace() {
    if (space.isEmpty()) {
      problems.add(
          "Cannot search: expected a distribution in place of at least one value, such as"
              + " optimizer.learning-rate = {log-uniform = [1e-4, 1]}, found none.");
    }
    for (Parameter parameter : space.parameters()) {
      for (String key : NOT_SEARCHABLE) {
        if (parameter.isWithin(key)) {
          problems.add(
              parameter.key() + ": expected one value for all trials, found a distribution");
        }
      }
      if (parameter.key().equals("seed") && !written.hasPath("search.seed")) {
        problems.add("search.seed: expected a number, since seed itself is searched");
      }
    }
  }

  /** Corners, where every coordinate is at one of its ends, and points within. */
  private List<Sample> samples() {
    int dimensions = space.parameters().size();
    List<Sample> samples = new ArrayList<>();
    for (int probe = 0; probe < PROBES; probe++) {
      KeyedRandom random = KeyedRandom.of(settings.seed(), Purpose.TRIAL, -1, probe);
      double[] point = new double[dimensions];
      for (int i = 0; i < dimensions; i++) {
        int end = random.nextInt(3);
        point[i] = end == 0 ? 0 : end == 1 ? LAST_COORDINATE : random.nextDouble();
      }
      samples.add(space.at(point));
    }
    return samples;
  }

  private static List<Config> effective(List<Sample> samples) {
    return samples.stream()
        .map(sample -> ConfigurationReader.effective(sample.configuration()))
        .toList();
  }

  private static Set<String> keys(List<Config> configurations) {
    Set<String> keys = new TreeSet<>();
    for (Config configuration : configurations) {
      ConfigTree.walk(
          "",
          configuration.root(),
          (key, value) -> {
            if (!(value instanceof ConfigObject)) {
              keys.add(key);
            }
          });
    }
    return keys;
  }

  private void tryOut(List<Sample> samples, List<Config> effective) {
    Map<String, String> byKey = new LinkedHashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      try {
        if (constraints.hold(effective.get(i))) {
          Config sample = SearchDefinition.withWorkers(samples.get(i).configuration(), settings);
          runs.add(ConfigurationReader.of(new WrittenConfiguration(sample, List.of())));
        }
      } catch (ConfigurationException e) {
        // Many values of one key are wrong in the same way.
        e.problems().forEach(problem -> byKey.putIfAbsent(problem.split("[ :]", 2)[0], problem));
      }
    }
    problems.addAll(byKey.values());
    if (problems.isEmpty() && runs.isEmpty()) {
      problems.add(
          "search.where: expected constraints that the space can satisfy, found none of "
              + PROBES
              + " samples that does");
    }
  }

  private void checkSearch() {
    if (runs.get(0).data().test().orElse(null) instanceof RunConfiguration.Test.Fraction
        && runs.stream().mapToLong(run -> run.data().seed()).distinct().count() > 1) {
      problems.add(
          "data.seed: expected one value for all trials, since it decides which fraction of the"
              + " images data.test holds out, found a distribution");
    }
    boolean validates =
        settings.folds().isPresent()
            || runs.stream().allMatch(run -> run.data().validation().isPresent());
    if (!validates) {
      problems.add(
          "data.validation = null: expected validation images to compare trials by, or search.folds");
    }
    if (settings.metric() != EarlyStopping.Metric.VALIDATION_LOSS
        && runs.stream().anyMatch(run -> run.data().isOfNumbers())) {
      problems.add(
          Text.of(
              "search.metric = %s: expected %s where data.columns.numbers are learned",
              settings.metric().key(), EarlyStopping.Metric.VALIDATION_LOSS.key()));
    }
    if (SearchDefinition.refitsOnAllImages(settings, runs.get(0))
        && runs.stream().anyMatch(run -> run.training().reduceOnPlateau().isPresent())) {
      problems.add(
          "search.refit = on: expected as-is or off with training.reduce-on-plateau, whose rate"
              + " follows the validation images");
    }
    if (settings.slots().workersPerTrial().isPresent() && searches("training.workers")) {
      problems.add("search.workers-per-trial: expected null, since training.workers is searched");
    }
    if (settings.folds().isPresent() && searches("data.validation")) {
      problems.add("search.folds: expected null, since data.validation is searched");
    }
    checkTermination();
  }

  private boolean searches(String key) {
    return space.parameters().stream()
        .anyMatch(
            parameter -> parameter.key().equals(key) || key.startsWith(parameter.key() + "."));
  }

  private void checkTermination() {
    TerminationRule rule = TerminationRules.FAMILY.create(settings.termination());
    String named = "search.early-termination.rule = " + settings.termination().name();
    if (rule.comparesCurves() && settings.folds().isPresent()) {
      problems.add(
          named + ": expected another rule with search.folds, whose runs follow each other");
    }
    if (rule.pausesTrials() && settings.sampling().method().equals("coarse-to-fine")) {
      problems.add(named + ": expected none or median with search.sampling = coarse-to-fine");
    }
    if (rule.pausesTrials()) {
      checkRungs(rule.rungs(maxEpochs()));
    }
    int smallest = rule.firstBracket(maxEpochs());
    int trials = settings.budget().trials().orElse(Integer.MAX_VALUE);
    if (trials < smallest) {
      problems.add(
          "search.trials = "
              + trials
              + ": expected a whole bracket, "
              + smallest
              + " with this rule");
    }
  }

  private void checkRungs(Rungs rungs) {
    for (RunConfiguration run : runs) {
      Interval every = run.training().validationEvery();
      boolean isEvaluatedThere =
          every.unit() == Interval.Unit.EPOCHS
              && rungs.epochs().stream()
                  .limit(rungs.count() - 1L)
                  .allMatch(e -> e % every.count() == 0);
      if (!isEvaluatedThere) {
        problems.add(
            "training.early-stopping.every: expected epochs that divide those after which trials are"
                + " compared, "
                + rungs.epochs()
                + ", found "
                + every.count()
                + " "
                + every.unit().name().toLowerCase(Locale.ROOT));
        break;
      }
    }
  }
}
