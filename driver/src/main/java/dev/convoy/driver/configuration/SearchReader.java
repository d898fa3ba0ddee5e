package dev.convoy.driver.configuration;

import static dev.convoy.data.component.ValueType.number;
import static dev.convoy.data.component.ValueType.oneOf;
import static dev.convoy.data.component.ValueType.wholeNumber;

import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType;
import dev.convoy.driver.configuration.SearchSettings.Budget;
import dev.convoy.driver.configuration.SearchSettings.Ending;
import dev.convoy.driver.configuration.SearchSettings.Refit;
import dev.convoy.driver.configuration.SearchSettings.Sampling;
import dev.convoy.driver.configuration.SearchSettings.Slots;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads the search block. */
final class SearchReader {
  private static final int DEFAULT_TRIALS = 20;

  private static final ValueType<Refit> REFIT =
      new ValueType.Notation<>(
          text ->
              switch (text) {
                case "on", "yes", "true" -> Optional.of(Refit.ALL_IMAGES);
                case "off", "no", "false" -> Optional.of(Refit.OFF);
                case "as-is" -> Optional.of(Refit.AS_IS);
                default -> Optional.empty();
              },
          "on, off or as-is");

  private SearchReader() {}

  static SearchSettings read(Settings settings) {
    Sampling sampling = sampling(settings);
    return new SearchSettings(
        settings.seed("search.seed"),
        TrainingReader.metric(settings, "search.metric"),
        sampling,
        settings.get("search.where", new ValueType.Text().list()),
        ComponentBlock.TERMINATION.read(settings),
        budget(settings, sampling),
        new Slots(
            settings.optionalWholeNumber("search.workers-per-trial", 1),
            settings.optionalWholeNumber("search.parallel-trials", 1)),
        settings.optionalWholeNumber("search.folds", 2, DataReader.MAX_FOLDS),
        settings.get("search.retries", wholeNumber(0, 1000)),
        new Ending(
            settings.get("search.keep-models", wholeNumber(0)),
            settings.get("search.refit", REFIT)));
  }

  private static Sampling sampling(Settings settings) {
    return new Sampling(
        settings.get(
            "search.sampling", oneOf(List.of("random", "sobol", "grid", "coarse-to-fine"))),
        settings.get("search.grid-points", wholeNumber(1, 100_000)),
        settings.get("search.stages.trials", wholeNumber(1, 1_000_000)),
        settings.get("search.stages.shrink", number(Range.openClosed(0, 1))),
        settings.get("search.stages.best", wholeNumber(1, 100_000)));
  }

  private static Budget budget(Settings settings, Sampling sampling) {
    OptionalInt trials = settings.optionalWholeNumber("search.trials", 1);
    OptionalInt epochs = settings.optionalWholeNumber("search.max-epochs", 1);
    double seconds = settings.seconds("search.max-minutes");
    boolean endsOtherwise =
        epochs.isPresent() || Double.isFinite(seconds) || sampling.method().equals("grid");
    return new Budget(
        trials.isPresent() || endsOtherwise ? trials : OptionalInt.of(DEFAULT_TRIALS),
        seconds,
        epochs,
        settings
            .get("search.target", number(Range.ALL).orNull())
            .map(OptionalDouble::of)
            .orElse(OptionalDouble.empty()));
  }
}
