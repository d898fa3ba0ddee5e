package dev.convoy.driver.configuration;

import dev.convoy.driver.configuration.SearchSettings.Budget;
import dev.convoy.driver.configuration.SearchSettings.Ending;
import dev.convoy.driver.configuration.SearchSettings.Refit;
import dev.convoy.driver.configuration.SearchSettings.Rule;
import dev.convoy.driver.configuration.SearchSettings.Sampling;
import dev.convoy.driver.configuration.SearchSettings.Slots;
import dev.convoy.driver.configuration.SearchSettings.Termination;
import dev.convoy.driver.state.EarlyStopping;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeSet;

/** Reads the search block. */
final class SearchReader {
  private static final int DEFAULT_TRIALS = 20;

  private SearchReader() {}

  static SearchSettings read(Settings settings) {
    Sampling sampling = sampling(settings);
    return new SearchSettings(
        settings.longNumber(settings.isNull("search.seed") ? "seed" : "search.seed"),
        metric(settings),
        sampling,
        settings.texts("search.where"),
        termination(settings),
        budget(settings, sampling),
        new Slots(
            settings.optionalWholeNumber("search.workers-per-trial", 1),
            settings.optionalWholeNumber("search.parallel-trials", 1)),
        folds(settings),
        settings.wholeNumber("search.retries", 0, 1000),
        new Ending(
            settings.wholeNumber("search.keep-models", 0, Integer.MAX_VALUE), refit(settings)));
  }

  private static EarlyStopping.Metric metric(Settings settings) {
    boolean own = !settings.isNull("search.metric");
    boolean stopping = !settings.isOff("training.early-stopping");
    if (!own && !stopping) {
      return EarlyStopping.Metric.VALIDATION_LOSS;
    }
    return settings.named(
        own ? "search.metric" : "training.early-stopping.metric",
        EarlyStopping.Metric.values(),
        EarlyStopping.Metric::key);
  }

  private static Sampling sampling(Settings settings) {
    return new Sampling(
        settings.oneOf(
            "search.sampling", new TreeSet<>(List.of("random", "sobol", "grid", "coarse-to-fine"))),
        settings.wholeNumber("search.grid-points", 1, 100_000),
        settings.wholeNumber("search.stages.trials", 1, 1_000_000),
        settings.number(
            "search.stages.shrink", "a number in (0, 1]", value -> value > 0 && value <= 1),
        settings.wholeNumber("search.stages.best", 1, 100_000));
  }

  private static Termination termination(Settings settings) {
    String block = "search.early-termination.";
    return new Termination(
        settings.named(block + "rule", Rule.values(), Rule::key),
        settings.wholeNumber(block + "min-epochs", 1, 1_000_000),
        settings.wholeNumber(block + "reduction-factor", 2, 1000),
        settings.optionalWholeNumber(block + "bracket-trials", 1),
        settings.wholeNumber(block + "min-trials", 1, 1_000_000));
  }

  private static Budget budget(Settings settings, Sampling sampling) {
    OptionalInt trials = settings.optionalWholeNumber("search.trials", 1);
    OptionalInt epochs = settings.optionalWholeNumber("search.max-epochs", 1);
    double seconds =
        settings.isNull("search.max-minutes")
            ? Double.POSITIVE_INFINITY
            : 60
                * settings.number(
                    "search.max-minutes", "a number above 0 or null", value -> value > 0);
    boolean endsOtherwise =
        epochs.isPresent() || Double.isFinite(seconds) || sampling.method().equals("grid");
    return new Budget(
        trials.isPresent() || endsOtherwise ? trials : OptionalInt.of(DEFAULT_TRIALS),
        seconds,
        epochs,
        settings.isNull("search.target")
            ? OptionalDouble.empty()
            : OptionalDouble.of(
                settings.number("search.target", "a value of the metric or null", value -> true)));
  }

  private static Refit refit(Settings settings) {
    return settings.isBoolean("search.refit")
        ? settings.flag("search.refit") ? Refit.ALL_IMAGES : Refit.OFF
        : settings.named("search.refit", Refit.values(), Refit::key);
  }

  private static OptionalInt folds(Settings settings) {
    return settings.isNull("search.folds")
        ? OptionalInt.empty()
        : OptionalInt.of(settings.wholeNumber("search.folds", 2, ConfigurationReader.MOST_FOLDS));
  }
}
