package dev.convoy.driver.configuration;

import static dev.convoy.data.component.ValueType.choice;
import static dev.convoy.data.component.ValueType.number;
import static dev.convoy.data.component.ValueType.wholeNumber;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType;
import dev.convoy.data.resample.Resample;
import dev.convoy.driver.averaging.AveragingRoute;
import dev.convoy.driver.averaging.AveragingRules;
import dev.convoy.driver.averaging.OptimizerStates;
import dev.convoy.driver.averaging.RateScaling;
import dev.convoy.driver.averaging.StatisticsAveraging;
import dev.convoy.driver.averaging.StockMaster;
import dev.convoy.driver.compression.Compressions;
import dev.convoy.driver.configuration.RunConfiguration.Averaging;
import dev.convoy.driver.configuration.RunConfiguration.FrequencySettings;
import dev.convoy.driver.configuration.RunConfiguration.MovingAverageSettings;
import dev.convoy.driver.configuration.RunConfiguration.Resampling;
import dev.convoy.driver.configuration.RunConfiguration.Training;
import dev.convoy.driver.configuration.RunConfiguration.Validation;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.state.ReduceOnPlateau;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads the blocks of training and averaging. */
final class TrainingReader {
  private static final int MAX_MEMBERS = 100_000;
  private static final String STOPPING = "training.early-stopping";
  private static final String PLATEAU = "training.reduce-on-plateau.";
  private static final String MOVING_AVERAGE = "averaging.moving-average.";
  private static final String ADAPTIVE = "averaging.adaptive-frequency.";
  private static final String ROUTE = "averaging.route";
  private static final String RESAMPLE = "training.resample.";

  /** Empty for auto. */
  private static final ValueType<OptionalInt> THREADS =
      new ValueType.Notation<>(
          text ->
              text.equals("auto")
                  ? Optional.of(OptionalInt.empty())
                  : wholeNumber(1, 1024).read(text, new ArrayList<>()).map(OptionalInt::of),
          wholeNumber(1, 1024).expected() + ", or auto");

  private TrainingReader() {}

  static Training read(Settings settings, Optional<Validation> validation) {
    boolean stops = !settings.isOff(STOPPING);
    Averaging averaging = averaging(settings);
    int frequency = settings.get("training.averaging-frequency", wholeNumber(1));
    return new Training(
        settings.get("training.batch-size", wholeNumber(1, 1 << 20)),
        settings.get("training.epochs", wholeNumber(1, 1_000_000)),
        settings.get("training.workers", wholeNumber(1, 100_000)),
        sendsGradients(averaging.rule()) ? 1 : frequency,
        settings.get("training.threads-per-worker", THREADS),
        settings.seconds("training.max-minutes"),
        averaging,
        stops
            ? settings.get(
                STOPPING + ".every", Interval.in(Interval.Unit.ROUNDS, Interval.Unit.EPOCHS))
            : new Interval(1, Interval.Unit.EPOCHS),
        stops ? Optional.of(earlyStopping(settings, validation.isPresent())) : Optional.empty(),
        reduceOnPlateau(settings, validation.isPresent()),
        resample(settings, validation),
        settings.get("training.repeats", wholeNumber(1, 64)),
        ComponentBlock.DATA_INITIALIZATION.read(settings));
  }

  private static Averaging averaging(Settings settings) {
    ComponentSettings rule = ComponentBlock.AVERAGING.read(settings);
    ComponentSettings compression = ComponentBlock.COMPRESSION.read(settings);
    OptimizerStates optimizerStates =
        settings.get("averaging.optimizer-state", choice(OptimizerStates.class));
    AveragingRoute route = settings.get(ROUTE, choice(AveragingRoute.class));
    boolean workersKeep =
        !StockMaster.isNamed(rule) && AveragingRules.FAMILY.create(rule).keepsParameters();
    boolean compresses = !Compressions.FAMILY.create(compression).isExact();
    if (sendsGradients(rule)) {
      requireOneBatch(settings, rule, optimizerStates);
    }
    if (workersKeep && compresses) {
      settings.problem(
          "averaging.compression.name",
          "none with averaging.strategy = "
              + rule.name()
              + ", whose workers' distances from the centre are not changes that add up");
    }
    if (route == AveragingRoute.DRIVER
        && (workersKeep || compresses || optimizerStates == OptimizerStates.KEEP)) {
      settings.problem(
          ROUTE, "auto or executors where workers keep something of their own or send changes");
    }
    return new Averaging(
        rule,
        optimizerStates,
        settings.get("averaging.statistics", choice(StatisticsAveraging.class)),
        compression,
        movingAverage(settings),
        route,
        settings.get("averaging.learning-rate-scaling", choice(RateScaling.class)),
        frequency(settings),
        settings
            .get("averaging.deadline", Interval.in(Interval.Unit.SECONDS).orNull())
            .map(deadline -> OptionalDouble.of((double) deadline.count()))
            .orElseGet(OptionalDouble::empty));
  }

  static boolean sendsGradients(ComponentSettings rule) {
    return !StockMaster.isNamed(rule) && AveragingRules.FAMILY.create(rule).averagesGradients();
  }

  /** What goes with gradients, which are of one batch. */
  private static void requireOneBatch(
      Settings settings, ComponentSettings rule, OptimizerStates optimizerStates) {
    String with = " with averaging.strategy = " + rule.name();
    if (isAdaptive(settings)) {
      settings.problem(ADAPTIVE + "share", "null" + with);
    }
    if (optimizerStates != OptimizerStates.AVERAGE) {
      settings.problem(
          "averaging.optimizer-state", "average" + with + ", where all workers have the same one");
    }
    if (settings
        .get(MOVING_AVERAGE + "decay", number(Range.openClosed(0, 1)).orNull())
        .isPresent()) {
      settings.problem(MOVING_AVERAGE + "decay", "null" + with);
    }
  }

  private static boolean isAdaptive(Settings settings) {
    return settings.get(ADAPTIVE + "share", number(Range.open(0, 1)).orNull()).isPresent();
  }

  private static FrequencySettings frequency(Settings settings) {
    double everyBatch =
        settings.get("averaging.every-batch-for", new ValueType.Epochs(Range.atLeast(0)));
    Optional<Double> share = settings.get(ADAPTIVE + "share", number(Range.open(0, 1)).orNull());
    int smallest = settings.get(ADAPTIVE + "smallest", wholeNumber(1));
    int largest = settings.get(ADAPTIVE + "largest", wholeNumber(1));
    if (smallest > largest) {
      settings.problem(ADAPTIVE + "smallest", "at most largest = " + largest);
    }
    return new FrequencySettings(
        (int) Math.ceil(everyBatch),
        share.map(wanted -> new FrequencySettings.Adaptive(wanted, smallest, largest)));
  }

  private static EarlyStopping earlyStopping(Settings settings, boolean hasValidation) {
    if (!hasValidation) {
      settings.problem(
          "data.validation", "validation images, or training.early-stopping=off without them");
    }
    return new EarlyStopping(
        settings.get(STOPPING + ".metric", choice(EarlyStopping.Metric.class)),
        settings.get(STOPPING + ".patience", wholeNumber(1)),
        settings.get(STOPPING + ".min-delta", number(Range.atLeast(0))));
  }

  private static Optional<ReduceOnPlateau> reduceOnPlateau(
      Settings settings, boolean hasValidation) {
    Optional<Double> factor = settings.get(PLATEAU + "factor", number(Range.open(0, 1)).orNull());
    if (factor.isPresent() && !hasValidation) {
      settings.problem(PLATEAU + "factor", "null without validation images");
    }
    ReduceOnPlateau rule =
        new ReduceOnPlateau(
            metric(settings, PLATEAU + "metric"),
            settings.get(PLATEAU + "patience", wholeNumber(1)),
            settings.get(PLATEAU + "min-delta", number(Range.atLeast(0))),
            factor.orElse(1.0),
            settings.get(PLATEAU + "cooldown", wholeNumber(0)),
            settings.get(PLATEAU + "smallest", number(Range.closed(0, 1))));
    return factor.map(given -> rule);
  }

  private static Optional<MovingAverageSettings> movingAverage(Settings settings) {
    Optional<Double> decay =
        settings.get(MOVING_AVERAGE + "decay", number(Range.openClosed(0, 1)).orNull());
    MovingAverageSettings.Keep keep =
        settings.get(MOVING_AVERAGE + "keep", choice(MovingAverageSettings.Keep.class));
    double start = settings.get(MOVING_AVERAGE + "start", new ValueType.Epochs(Range.atLeast(0)));
    if (start > 0 && decay.isPresent() && isAdaptive(settings)) {
      settings.problem(
          MOVING_AVERAGE + "start",
          "0 epochs with averaging.adaptive-frequency, whose rounds cannot be counted beforehand");
    }
    return decay.map(share -> new MovingAverageSettings(share, keep, start));
  }

  /** The metric of a block that has early stopping's unless it has its own. */
  static EarlyStopping.Metric metric(Settings settings, String key) {
    return settings
        .get(key, choice(EarlyStopping.Metric.class).orNull())
        .orElseGet(
            () ->
                settings.isOff(STOPPING)
                    ? EarlyStopping.Metric.VALIDATION_LOSS
                    : settings.get(STOPPING + ".metric", choice(EarlyStopping.Metric.class)));
  }

  private static Optional<Resampling> resample(Settings settings, Optional<Validation> validation) {
    Resample.Method method =
        settings
            .get(RESAMPLE + "method", choice(Resample.Method.class).orNull())
            .orElse(Resample.Method.FULL);
    Resample resample =
        new Resample(
            method,
            settings.get(RESAMPLE + "fraction", number(Range.openClosed(0, 1))),
            settings.flag(RESAMPLE + "stratified"),
            settings.get(RESAMPLE + "folds", wholeNumber(2, DataReader.MAX_FOLDS)),
            settings.seed(RESAMPLE + "seed"),
            settings.get(RESAMPLE + "member", wholeNumber(0, MAX_MEMBERS)));
    Optional<String> weights = settings.path(RESAMPLE + "weights");
    if (weights.isPresent() && method == Resample.Method.FOLDS) {
      settings.problem(RESAMPLE + "weights", "null for folds, which are not drawn");
    }
    if (validation.orElse(null) instanceof Validation.OutOfBag && !resample.leavesOut()) {
      settings.problem(
          "data.validation",
          "something else where training.resample leaves no image out; bootstrap does");
    }
    return method == Resample.Method.FULL
        ? Optional.empty()
        : Optional.of(new Resampling(resample, weights));
  }
}
