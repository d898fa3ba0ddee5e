package dev.convoy.driver.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.normalization.PixelNormalization;
import dev.convoy.data.normalization.PixelNormalizations;
import dev.convoy.data.resample.Resample;
import dev.convoy.data.shard.StoredForm;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.SyntheticSettings;
import dev.convoy.data.source.TableColumns;
import dev.convoy.driver.averaging.AveragingRoute;
import dev.convoy.driver.averaging.OptimizerStates;
import dev.convoy.driver.averaging.RateScaling;
import dev.convoy.driver.averaging.StatisticsAveraging;
import dev.convoy.driver.configuration.RunConfiguration.FrequencySettings;
import dev.convoy.driver.configuration.RunConfiguration.MovingAverageSettings;
import dev.convoy.driver.search.SearchDefinition;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.state.ReduceOnPlateau;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.cuda.device.GpuChoice;
import dev.convoy.worker.cuda.device.GpuUse;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.natives.InstructionSetLimit;
import dev.convoy.worker.optimizer.GradientClips;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.LayerRates;
import dev.convoy.worker.optimizer.MaxNorm;
import dev.convoy.worker.optimizer.Noise;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.Penalties;
import dev.convoy.worker.optimizer.PlainOptimizer;
import dev.convoy.worker.tangent.PictureMovement;
import dev.convoy.worker.tangent.TangentPropagation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationReaderTest {
  private static final String MODELS = String.join(", ", Models.FAMILY.names());
  private static final Path EXPERIMENTS = Path.of("..", "conf");

  /** For every key a value that differs from the default; together they are valid. */
  private static final Map<String, String> EVERY_KEY =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("name", "other"),
              Map.entry("output", "\"hdfs://host/runs/other\""),
              Map.entry("overwrite", "true"),
              Map.entry("seed", "-9223372036854775808"),
              Map.entry("data.format", "image-folder"),
              Map.entry("data.train", "train-images"),
              Map.entry("data.validation", "validation-images"),
              Map.entry("data.test", "test-images"),
              Map.entry("data.image.height", "20"),
              Map.entry("data.image.width", "24"),
              Map.entry("data.image.channels", "1"),
              Map.entry("data.store", "96"),
              Map.entry("data.weights", "balanced"),
              Map.entry("data.on-bad-image", "fail"),
              Map.entry("data.limit", "1234"),
              Map.entry("data.seed", "9223372036854775807"),
              Map.entry("data.normalize", "{name = fixed, mean = [0.25]}"),
              Map.entry("data.max-image-megapixels", "10"),
              Map.entry("data.max-file-megabytes", "3"),
              Map.entry("data.memory-fraction", "0.25"),
              Map.entry("data.columns.image", "photo.bytes"),
              Map.entry("data.columns.label", "breed"),
              Map.entry("data.synthetic.train-examples", "100"),
              Map.entry("data.synthetic.test-examples", "50"),
              Map.entry("data.synthetic.classes", "4"),
              Map.entry("data.synthetic.noise", "0.5"),
              Map.entry("augment", "[{name = random-crop, padding = 2}, {name = horizontal-flip}]"),
              Map.entry("model.name", "mlp"),
              Map.entry("loss.name", "focal"),
              Map.entry("loss.class-weights", "balanced"),
              Map.entry("loss.alpha", "[1, 2]"),
              Map.entry("loss.gamma", "1.5"),
              Map.entry("loss.form", "crammer-singer"),
              Map.entry("loss.delta", "0.5"),
              Map.entry("optimizer.name", "adam"),
              Map.entry("optimizer.learning-rate", "0.001"),
              Map.entry("optimizer.momentum", "0.5"),
              Map.entry("optimizer.beta1", "0.8"),
              Map.entry("optimizer.beta2", "0.99"),
              Map.entry("optimizer.epsilon", "1e-4"),
              Map.entry("optimizer.l1", "0.01"),
              Map.entry("optimizer.l2", "0.02"),
              Map.entry("optimizer.weight-decay", "0.03"),
              Map.entry("optimizer.orthogonality", "0.04"),
              Map.entry("optimizer.penalized-parameters", "all"),
              Map.entry("optimizer.penalized-layers", "[\"hidden*\", output]"),
              Map.entry("optimizer.clip-value", "6"),
              Map.entry("optimizer.clip-layer-norm", "7"),
              Map.entry("optimizer.clip-adaptive", "0.5"),
              Map.entry("optimizer.clip-norm", "4"),
              Map.entry("optimizer.max-norm-layers", "output"),
              Map.entry("optimizer.max-norm", "5"),
              Map.entry("averaging.moving-average.decay", "0.9"),
              Map.entry("averaging.moving-average.keep", "average"),
              Map.entry("training.reduce-on-plateau.factor", "0.5"),
              Map.entry("training.reduce-on-plateau.metric", "validation-loss"),
              Map.entry("training.reduce-on-plateau.patience", "4"),
              Map.entry("training.reduce-on-plateau.min-delta", "0.01"),
              Map.entry("training.reduce-on-plateau.cooldown", "2"),
              Map.entry("training.reduce-on-plateau.smallest", "0.125"),
              Map.entry("optimizer.l1-proximal", "0.015"),
              Map.entry("optimizer.tangent-prop.weight", "0.25"),
              Map.entry("optimizer.tangent-prop.tangents", "[rotation, diagonal-stretching]"),
              Map.entry("optimizer.tangent-prop.step", "0.2"),
              Map.entry("optimizer.gradient-noise.variance", "0.3"),
              Map.entry("optimizer.gradient-noise.decay", "0.6"),
              Map.entry("optimizer.weight-noise.deviation", "0.075"),
              Map.entry("optimizer.sharpness.radius", "0.05"),
              Map.entry("transfer.model", "runs/big"),
              Map.entry("transfer.layers", "[\"stage*\", stem]"),
              Map.entry("transfer.freeze", "[stem]"),
              Map.entry("transfer.freeze-up-to", "pool"),
              Map.entry("transfer.rate-decay", "0.75"),
              Map.entry("transfer.unfreeze-every", "2 epochs"),
              Map.entry("transfer.unfreeze-layers", "3"),
              Map.entry("optimizer.momentum-schedule.name", "one-cycle"),
              Map.entry("optimizer.schedule.name", "step"),
              Map.entry("optimizer.schedule.warm-up", "0.5 epochs"),
              Map.entry("optimizer.schedule.milestones", "[2, 4.5]"),
              Map.entry("optimizer.schedule.factor", "0.5"),
              Map.entry("optimizer.schedule.final-fraction", "0.01"),
              Map.entry("optimizer.schedule.cycles", "3"),
              Map.entry("optimizer.schedule.peak-at", "0.4"),
              Map.entry("optimizer.schedule.initial-division", "10"),
              Map.entry("optimizer.schedule.final-division", "100"),
              Map.entry("training.batch-size", "7"),
              Map.entry("training.epochs", "8"),
              Map.entry("training.workers", "3"),
              Map.entry("training.data-initialization.name", "lsuv"),
              Map.entry("training.repeats", "2"),
              Map.entry("training.averaging-frequency", "5"),
              Map.entry("training.threads-per-worker", "6"),
              Map.entry("training.max-minutes", "1.5"),
              Map.entry("training.early-stopping.metric", "validation-accuracy"),
              Map.entry("training.early-stopping.patience", "9"),
              Map.entry("training.early-stopping.min-delta", "0.125"),
              Map.entry("training.early-stopping.every", "20rounds"),
              Map.entry("training.resample.method", "pasting"),
              Map.entry("training.resample.fraction", "0.5"),
              Map.entry("training.resample.stratified", "on"),
              Map.entry("training.resample.weights", "balanced"),
              Map.entry("training.resample.folds", "7"),
              Map.entry("training.resample.member", "11"),
              Map.entry("training.resample.seed", "-3"),
              Map.entry("averaging.strategy", "block-momentum"),
              Map.entry("averaging.route", "executors"),
              Map.entry("averaging.learning-rate-scaling", "square-root"),
              Map.entry("averaging.optimizer-state", "keep"),
              Map.entry("averaging.statistics", "measured"),
              Map.entry("averaging.every-batch-for", "2 epochs"),
              Map.entry("averaging.adaptive-frequency.share", "0.125"),
              Map.entry("averaging.adaptive-frequency.smallest", "2"),
              Map.entry("averaging.adaptive-frequency.largest", "50"),
              Map.entry("averaging.deadline", "30s"),
              Map.entry("averaging.compression.name", "top-k"),
              Map.entry("checkpoint.every", "90s"),
              Map.entry("checkpoint.keep", "4"),
              Map.entry("checkpoint.snapshots", "[2, 5]"),
              Map.entry("accelerator.compiled", "off"),
              Map.entry("accelerator.gpu", "off"),
              Map.entry("accelerator.precision", "bfloat16"),
              Map.entry("accelerator.instruction-set", "avx2"),
              Map.entry("accelerator.recompute", "on"),
              Map.entry("search.trials", "7"),
              Map.entry("search.seed", "3"),
              Map.entry("search.sampling", "sobol"),
              Map.entry("search.grid-points", "4"),
              Map.entry("search.stages.trials", "6"),
              Map.entry("search.stages.best", "2"),
              Map.entry("search.stages.shrink", "0.5"),
              Map.entry("search.where", "[\"training.epochs > 1\"]"),
              Map.entry("search.metric", "validation-loss"),
              Map.entry("search.early-termination.rule", "asha"),
              Map.entry("search.early-termination.min-epochs", "2"),
              Map.entry("search.early-termination.reduction-factor", "4"),
              Map.entry("search.early-termination.bracket-trials", "8"),
              Map.entry("search.early-termination.min-trials", "9"),
              Map.entry("search.max-minutes", "2.5"),
              Map.entry("search.max-epochs", "100"),
              Map.entry("search.target", "0.25"),
              Map.entry("search.workers-per-trial", "2"),
              Map.entry("search.parallel-trials", "5"),
              Map.entry("search.folds", "3"),
              Map.entry("search.retries", "0"),
              Map.entry("search.keep-models", "1"),
              Map.entry("search.refit", "as-is"),
              Map.entry("ensemble.members", "7"),
              Map.entry("ensemble.from", "search"),
              Map.entry("ensemble.search", "runs/sweep"),
              Map.entry("ensemble.seeds", "same"),
              Map.entry("ensemble.variants", "[{ seed = 3 }]"),
              Map.entry("ensemble.dropout-samples", "20"),
              Map.entry("ensemble.combine", "stacked"),
              Map.entry("ensemble.select", "greedy"),
              Map.entry("ensemble.selection-rounds", "9"),
              Map.entry("ensemble.stacking-examples", "77"),
              Map.entry("ensemble.temperature", "off"),
              Map.entry("ensemble.average-weights", "greedy"),
              Map.entry("ensemble.distill.train", "on"),
              Map.entry("ensemble.distill.weight", "0.25"),
              Map.entry("ensemble.distill.run", "{ training.epochs = 3 }"),
              Map.entry("ensemble.metric", "validation-accuracy"),
              Map.entry("ensemble.parallel-members", "3"),
              Map.entry("ensemble.export-predictions", "on"),
              Map.entry("ensemble.retries", "0"),
              Map.entry("spark.master", "yarn"),
              Map.entry("spark.conf", "{ spark.executor.memory = 8g, \"spark.ui.port\" = 4050 }")));

  /** The same for keys whose other values do not go with those above. */
  private static final Map<String, String> NOT_WITH_OTHERS =
      Map.of(
          "data.columns.numbers", "[age, height]", "averaging.moving-average.start", "2.5 epochs");

  /** What a run may be continued with another value of. */
  private static final Set<String> NOT_IDENTITY =
      Set.of(
          "name",
          "output",
          "overwrite",
          "data.memory-fraction",
          "accelerator.gpu",
          "accelerator.instruction-set",
          "accelerator.recompute",
          "training.max-minutes",
          "averaging.route",
          "checkpoint.every",
          "checkpoint.keep",
          "checkpoint.snapshots",
          "search.trials",
          "search.seed",
          "search.sampling",
          "search.grid-points",
          "search.stages.trials",
          "search.stages.best",
          "search.stages.shrink",
          "search.where",
          "search.metric",
          "search.early-termination.rule",
          "search.early-termination.min-epochs",
          "search.early-termination.reduction-factor",
          "search.early-termination.bracket-trials",
          "search.early-termination.min-trials",
          "search.max-minutes",
          "search.max-epochs",
          "search.target",
          "search.workers-per-trial",
          "search.parallel-trials",
          "search.folds",
          "search.retries",
          "search.keep-models",
          "search.refit",
          "ensemble.members",
          "ensemble.from",
          "ensemble.search",
          "ensemble.seeds",
          "ensemble.variants",
          "ensemble.dropout-samples",
          "ensemble.combine",
          "ensemble.select",
          "ensemble.selection-rounds",
          "ensemble.stacking-examples",
          "ensemble.temperature",
          "ensemble.average-weights",
          "ensemble.distill.train",
          "ensemble.distill.weight",
          "ensemble.distill.run",
          "ensemble.metric",
          "ensemble.parallel-members",
          "ensemble.retries",
          "ensemble.export-predictions",
          "spark.master",
          "spark.conf");

  @TempDir Path directory;

  @Test
  void imagesAreGeneratedOnlyWhereNoTrainingImagesAreNamed() throws IOException {
    assertThat(read("").data().format()).isEqualTo("synthetic");
    assertThat(read("", "data.train=/photos").data().format()).isEqualTo("auto");
    assertThat(read("", "data.train=/photos").data().test()).isEmpty();
    assertThat(read("data.format = idx", "data.train=/photos").data().format()).isEqualTo("idx");
  }

  @Test
  void placesOfImagesBesideGeneratedOnesAreRefused() throws IOException {
    assertThat(
            problems("data { format = synthetic, train = a, test = b, validation = c }", "seed=1"))
        .hasSize(3)
        .anyMatch(line -> line.startsWith("data.train = a: expected null, since data.format = s"))
        .anyMatch(line -> line.startsWith("data.test = b: expected null or off beside generated"))
        .anyMatch(line -> line.startsWith("data.validation = c: expected a fraction beside"));
  }

  @Test
  void theHomeOfSomebodyElseIsNotGuessed() throws IOException {
    assertThat(problems("output = \"~somebody/a\"", "data.train=\"~somebody/a\""))
        .hasSize(2)
        .allMatch(line -> line.contains("expected a path, in which only your own home is ~"));
  }

  @Test
  void theHomeDirectoryStandsForATilde() throws IOException {
    String home = System.getProperty("user.home");
    RunConfiguration configuration =
        read(
            "data { train = \"~/photos\", test = \"~/more\", validation = \"~\" }",
            "output=\"~/runs/a\"",
            "training.resample={method=bootstrap, weights=\"~/weights.csv\"}");
    assertThat(configuration.data().train()).isEqualTo(home + "/photos");
    assertThat(configuration.data().test())
        .contains(new RunConfiguration.Test.Location(home + "/more"));
    assertThat(configuration.data().validation())
        .contains(new RunConfiguration.Validation.Location(home));
    assertThat(configuration.output()).isEqualTo(home + "/runs/a");
    assertThat(configuration.training().resample().orElseThrow().weights())
        .contains(home + "/weights.csv");
    assertThat(read("data.train = \"./~\"").data().train()).isEqualTo("./~");
  }

  @Test
  void anEmptyFileGivesTheDefaults() throws IOException {
    RunConfiguration configuration = read("");
    assertThat(configuration.name()).isEqualTo("convoy");
    assertThat(configuration.output()).isEqualTo("runs/convoy");
    assertThat(configuration.overwrite()).isFalse();
    assertThat(configuration.seed()).isEqualTo(1);
    assertThat(configuration.data())
        .isEqualTo(
            new RunConfiguration.Data(
                "synthetic",
                "",
                Optional.of(new RunConfiguration.Validation.Fraction(0.1)),
                Optional.of(new RunConfiguration.Test.Location("")),
                StoredShape.resized(new ImageShape(32, 32, 3)),
                Optional.empty(),
                OptionalInt.empty(),
                1,
                new RunConfiguration.ImageQuality(
                    false, new DecodeLimits(64_000_000L, 64L * 1024 * 1024)),
                normalization(ComponentSettings.defaults("auto")),
                new RunConfiguration.Storage(StoredForm.DECODED, 0.4),
                TableColumns.USUAL,
                new SyntheticSettings(6000, 1000, 10, 0.1, 1)));
    assertThat(configuration.augmentations()).isEmpty();
    assertThat(configuration.model()).isEqualTo(ComponentSettings.defaults("lenet-5"));
    assertThat(configuration.loss()).isEqualTo(Losses.DEFAULT);
    assertThat(configuration.optimizer())
        .isEqualTo(
            PlainOptimizer.settings(
                new ComponentSettings("nesterov", Map.of("momentum", 0.9)),
                0.05,
                OptimizerSettings.Regularization.none(),
                new ComponentSettings("constant", Map.of("warm-up", "0 epochs"))));
    assertThat(configuration.training())
        .isEqualTo(
            new RunConfiguration.Training(
                64,
                10,
                2,
                10,
                OptionalInt.empty(),
                Double.POSITIVE_INFINITY,
                new RunConfiguration.Averaging(
                    ComponentSettings.defaults("mean"),
                    OptimizerStates.AVERAGE,
                    StatisticsAveraging.MOMENTS,
                    ComponentSettings.defaults("none"),
                    Optional.empty(),
                    AveragingRoute.AUTO,
                    RateScaling.NONE,
                    FrequencySettings.fixed(),
                    OptionalDouble.empty()),
                new Interval(1, Interval.Unit.EPOCHS),
                Optional.of(new EarlyStopping(EarlyStopping.Metric.VALIDATION_LOSS, 5, 0)),
                Optional.empty(),
                Optional.empty(),
                1,
                ComponentSettings.defaults("off")));
    assertThat(configuration.checkpoint())
        .isEqualTo(
            new RunConfiguration.Checkpoint(new Interval(1, Interval.Unit.ROUNDS), 2, List.of()));
    assertThat(configuration.accelerator()).isEqualTo(Accelerator.Settings.all());
    assertThat(configuration.spark())
        .isEqualTo(new RunConfiguration.Spark(Optional.empty(), Map.of()));
  }

  @Test
  void everyKeyReachesItsRecord() throws IOException {
    RunConfiguration configuration =
        read(everyKey() + "\nmodel.hidden = [12, 3]\nmodel.dropout = 0.25");
    assertThat(configuration.name()).isEqualTo("other");
    assertThat(configuration.output()).isEqualTo("hdfs://host/runs/other");
    assertThat(configuration.overwrite()).isTrue();
    assertThat(configuration.seed()).isEqualTo(Long.MIN_VALUE);
    assertThat(configuration.data())
        .isEqualTo(
            new RunConfiguration.Data(
                "image-folder",
                "train-images",
                Optional.of(new RunConfiguration.Validation.Location("validation-images")),
                Optional.of(new RunConfiguration.Test.Location("test-images")),
                new StoredShape(new ImageShape(20, 24, 1), 96),
                Optional.of("balanced"),
                OptionalInt.of(1234),
                Long.MAX_VALUE,
                new RunConfiguration.ImageQuality(
                    true, new DecodeLimits(10_000_000L, 3L * 1024 * 1024)),
                normalization(new ComponentSettings("fixed", Map.of("mean", List.of(0.25)))),
                new RunConfiguration.Storage(StoredForm.DECODED, 0.25),
                new TableColumns("photo.bytes", "breed"),
                new SyntheticSettings(100, 50, 4, 0.5, Long.MAX_VALUE)));
    assertThat(configuration.augmentations())
        .containsExactly(
            new ComponentSettings("random-crop", Map.of("padding", 2)),
            new ComponentSettings("horizontal-flip", Map.of()));
    assertThat(configuration.model())
        .isEqualTo(new ComponentSettings("mlp", Map.of("hidden", List.of(12, 3), "dropout", 0.25)));
    assertThat(configuration.optimizer())
        .isEqualTo(
            new OptimizerSettings(
                new ComponentSettings("adam", Map.of("beta1", 0.8, "beta2", 0.99, "epsilon", 1e-4)),
                0.001,
                new OptimizerSettings.Regularization(
                    new Penalties(
                        0.01,
                        0.015,
                        0.02,
                        0.03,
                        0.04,
                        Penalties.Touched.ALL,
                        new LayerNames(List.of("hidden*", "output"))),
                    new GradientClips(6, 7, 0.5, 4),
                    new MaxNorm(5, new LayerNames(List.of("output"))),
                    new Noise(0.3, 0.6, 0.075),
                    new TangentPropagation(
                        0.25,
                        List.of(PictureMovement.ROTATION, PictureMovement.DIAGONAL_STRETCHING),
                        0.2)),
                new ComponentSettings(
                    "step",
                    Map.of("warm-up", "0.5 epochs", "milestones", List.of(2, 4.5), "factor", 0.5)),
                new ComponentSettings(
                    "one-cycle", Map.of("highest", 0.95, "lowest", 0.85, "peak-at", 0.3)),
                0.05,
                new LayerRates(
                    new LayerNames(List.of("stem")),
                    new LayerNames(List.of("pool")),
                    0.75,
                    new LayerRates.Unfreezing(2, 3))));
    assertThat(configuration.transfer())
        .contains(
            new RunConfiguration.Transfer("runs/big", new LayerNames(List.of("stage*", "stem"))));
    assertThat(configuration.training())
        .isEqualTo(
            new RunConfiguration.Training(
                7,
                8,
                3,
                5,
                OptionalInt.of(6),
                90,
                new RunConfiguration.Averaging(
                    new ComponentSettings(
                        "block-momentum",
                        Map.of("momentum", 0.5, "block-learning-rate", 1, "nesterov", "off")),
                    OptimizerStates.KEEP,
                    StatisticsAveraging.MEASURED,
                    new ComponentSettings("top-k", Map.of("share", 0.01)),
                    Optional.of(
                        new RunConfiguration.MovingAverageSettings(
                            0.9, RunConfiguration.MovingAverageSettings.Keep.AVERAGE, 0)),
                    AveragingRoute.EXECUTORS,
                    RateScaling.SQUARE_ROOT,
                    new FrequencySettings(
                        2, Optional.of(new FrequencySettings.Adaptive(0.125, 2, 50))),
                    OptionalDouble.of(30)),
                new Interval(20, Interval.Unit.ROUNDS),
                Optional.of(new EarlyStopping(EarlyStopping.Metric.VALIDATION_ACCURACY, 9, 0.125)),
                Optional.of(
                    new ReduceOnPlateau(
                        EarlyStopping.Metric.VALIDATION_LOSS, 4, 0.01, 0.5, 2, 0.125)),
                Optional.of(
                    new RunConfiguration.Resampling(
                        new Resample(Resample.Method.PASTING, 0.5, true, 7, -3, 11),
                        Optional.of("balanced"))),
                2,
                new ComponentSettings("lsuv", Map.of("iterations", 10, "tolerance", 0.1))));
    assertThat(configuration.checkpoint())
        .isEqualTo(
            new RunConfiguration.Checkpoint(
                new Interval(90, Interval.Unit.SECONDS), 4, List.of(2, 5)));
    assertThat(configuration.accelerator())
        .isEqualTo(
            new Accelerator.Settings(false, Precision.BFLOAT16, true, InstructionSetLimit.AVX2));
    assertThat(configuration.spark())
        .isEqualTo(
            new RunConfiguration.Spark(
                Optional.of("yarn"),
                Map.of("spark.executor.memory", "8g", "spark.ui.port", "4050")));
  }

  @Test
  void columnsOfNumbersReachTheirRecordAndAreOfTheRunsIdentity() throws IOException {
    String manifest = "data { format = manifest, train = a.csv, test = null }\nloss = mse\n";
    String numbers = "data.columns.numbers = " + NOT_WITH_OTHERS.get("data.columns.numbers");
    RunConfiguration configuration = read(manifest + numbers);
    assertThat(configuration.data().columns())
        .isEqualTo(new TableColumns(null, null, List.of("age", "height")));
    assertThat(configuration.text().identity()).isNotEqualTo(read(manifest).text().identity());
  }

  @Test
  void theStartOfTheMovingAverageReachesItsRecordAndIsOfTheRunsIdentity() throws IOException {
    String average = "averaging.moving-average.decay = 1\n";
    String start =
        "averaging.moving-average.start = " + NOT_WITH_OTHERS.get("averaging.moving-average.start");
    RunConfiguration configuration = read(average + start);
    assertThat(configuration.training().averaging().movingAverage())
        .contains(new MovingAverageSettings(1, MovingAverageSettings.Keep.BETTER, 2.5));
    assertThat(configuration.text().identity()).isNotEqualTo(read(average).text().identity());
    assertThat(problems(average + start, "averaging.adaptive-frequency.share=0.1"))
        .singleElement()
        .asString()
        .contains("averaging.moving-average.start", "expected 0 epochs with");
  }

  @Test
  void whatWorkersKeepIsNotAveragedOnTheDriver() throws IOException {
    for (String keeps :
        List.of(
            "averaging.optimizer-state=keep",
            "averaging.strategy=elastic",
            "averaging.compression=8-bit")) {
      assertThat(problems("averaging.route = driver", keeps))
          .singleElement()
          .asString()
          .contains("averaging.route", "expected auto or executors");
    }
    assertThat(problems("averaging.strategy = elastic", "averaging.compression=bfloat16"))
        .singleElement()
        .asString()
        .contains("averaging.compression.name", "expected none with averaging.strategy = elastic");
  }

  /** Whoever adds a key to defaults.conf is led here, and from here to the two tests above. */
  @Test
  void theseTestsKnowEveryKeyOfTheDefaults() {
    List<String> keys = new ArrayList<>();
    leaves(defaults().root(), "", keys);
    assertThat(Stream.concat(EVERY_KEY.keySet().stream(), NOT_WITH_OTHERS.keySet().stream()))
        .containsExactlyInAnyOrderElementsOf(keys);
    Config changed =
        ConfigFactory.parseMap(NOT_WITH_OTHERS).withFallback(ConfigFactory.parseString(everyKey()));
    for (String key : keys) {
      assertThat(render(changed, key)).as(key).isNotEqualTo(render(defaults(), key));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1 round, 1, ROUNDS",
    "20rounds, 20, ROUNDS",
    "1 epoch, 1, EPOCHS",
    "3epochs, 3, EPOCHS",
    "90s, 90, SECONDS",
    "2 minutes, 120, SECONDS",
    "5m, 300, SECONDS",
    "1 h, 3600, SECONDS"
  })
  void anIntervalIsANumberAndAUnit(String text, long count, Interval.Unit unit) throws IOException {
    assertThat(read("checkpoint.every = " + text).checkpoint().every())
        .isEqualTo(new Interval(count, unit));
    assertThat(read("", "checkpoint.every=" + text).checkpoint().every())
        .isEqualTo(new Interval(count, unit));
    assertThat(read("", "checkpoint.every=\"" + text + "\"").checkpoint().every())
        .isEqualTo(new Interval(count, unit));
  }

  @Test
  void theCommandLineOverridesTheFileAndItselfFromLeftToRight() throws IOException {
    RunConfiguration configuration =
        read(
            "training { epochs = 3, workers = 4 }\nname = file",
            "training.epochs=5",
            "training.epochs=6",
            "model={name=mlp}");
    assertThat(configuration.training().epochs()).isEqualTo(6);
    assertThat(configuration.training().workers()).isEqualTo(4);
    assertThat(configuration.name()).isEqualTo("file");
    assertThat(configuration.model()).isEqualTo(ComponentSettings.defaults("mlp"));
  }

  @Test
  void aScheduleIsABlockOrItsName() throws IOException {
    RunConfiguration configuration =
        read("optimizer.schedule { name = step, factor = 0.5 }", "optimizer.schedule=cosine");
    assertThat(configuration.optimizer().schedule().name()).isEqualTo("cosine");
  }

  @Test
  void aLossIsABlockOrItsName() throws IOException {
    assertThat(read("loss = mse").loss()).isEqualTo(ComponentSettings.defaults("mse"));
    assertThat(read("loss { name = focal, alpha = balanced }").loss())
        .isEqualTo(new ComponentSettings("focal", Map.of("gamma", 2, "alpha", "balanced")));
    assertThat(problems("loss = logistic"))
        .anyMatch(line -> line.startsWith("loss.name = logistic: expected one of"));
  }

  @ParameterizedTest
  @CsvSource({"auto, AUTO", "off, OFF", "required, REQUIRED"})
  void gpusAreUsedAsWritten(String text, GpuUse expected) throws IOException {
    assertThat(read("accelerator.gpu = " + text).accelerator().gpu())
        .isEqualTo(GpuChoice.of(expected));
    assertThat(problems("accelerator { gpu = required, compiled = off }"))
        .singleElement()
        .asString()
        .startsWith(
            "accelerator.gpu = required: expected auto or off for accelerator.compiled = off");
    assertThat(
            problems("accelerator.gpu = required\naveraging.strategy = dl4j-parameter-averaging"))
        .anySatisfy(
            problem -> assertThat(problem).startsWith("accelerator.gpu = required: expected auto"));
    assertThat(read("accelerator { gpu = auto, compiled = off }").accelerator().gpu())
        .isEqualTo(GpuChoice.OFF);
  }

  @ParameterizedTest
  @CsvSource({"float32, FLOAT32", "tf32, TF32", "bfloat16, BFLOAT16", "auto, AUTO"})
  void aPrecisionIsUsedAsWritten(String text, Precision expected) throws IOException {
    assertThat(read("accelerator.precision = " + text).accelerator().precision())
        .isEqualTo(expected);
  }

  @Test
  void thePerceptronKeepsItsRule() throws IOException {
    assertThat(read("model.name = perceptron").loss()).isEqualTo(Losses.DEFAULT);
    assertThat(problems("model.name = perceptron\nloss = hinge"))
        .singleElement()
        .asString()
        .startsWith(
            "loss.name = hinge: expected cross-entropy for the perceptron, which has a rule of its"
                + " own");
  }

  @Test
  void overridesAreHocon() throws IOException {
    RunConfiguration configuration =
        read(
            "",
            "augment=[{name = random-crop, padding = 3}]",
            "optimizer.schedule={ name = step, milestones = [1, 2] }",
            "data.image.height = 64",
            "name=\"quoted\"",
            "optimizer.learning-rate=5e-3",
            "accelerator.compiled=off");
    assertThat(configuration.augmentations())
        .containsExactly(new ComponentSettings("random-crop", Map.of("padding", 3)));
    assertThat(configuration.optimizer().schedule().options())
        .containsEntry("milestones", List.of(1, 2));
    assertThat(configuration.data().shape().height()).isEqualTo(64);
    assertThat(configuration.name()).isEqualTo("quoted");
    assertThat(configuration.optimizer().learningRate()).isEqualTo(0.005);
    assertThat(configuration.accelerator()).isEqualTo(Accelerator.Settings.none());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local",
        "local[2]",
        "local[*]",
        "local-cluster[2,1,1024]",
        "yarn",
        "spark://host:7077",
        "k8s://https://host:6443"
      })
  void aMasterNeedsNoQuotes(String master) throws IOException {
    assertThat(read("", "spark.master=" + master).spark().master()).contains(master);
    assertThat(read("", "spark.master=\"" + master + "\"").spark().master()).contains(master);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hdfs://host:8020/a/b",
        "s3a://bucket/a b/c",
        "/data/train",
        "../data",
        "C:/data",
        "a-b.csv"
      })
  void aLocationNeedsNoQuotes(String location) throws IOException {
    RunConfiguration configuration =
        read("data.format = image-folder", "data.train=" + location, "output=" + location);
    assertThat(configuration.data().train()).isEqualTo(location);
    assertThat(configuration.output()).isEqualTo(location);
  }

  @Test
  void anySparkSettingCanBeGiven() throws IOException {
    assertThat(
            read("", "spark.conf.spark.executor.memory=8g", "spark.conf.spark.task.cpus=2")
                .spark()
                .settings())
        .isEqualTo(Map.of("spark.executor.memory", "8g", "spark.task.cpus", "2"));
  }

  @Test
  void nullUnsetsAKey() throws IOException {
    String file =
        """
        data { format = idx, train = a, test = b, validation = 0.2, limit = 5 }
        optimizer.clip-norm = 1
        training.max-minutes = 1
        spark.master = yarn
        output = there
        """;
    RunConfiguration configuration =
        read(
            file,
            "data.test=null",
            "data.validation=null",
            "training.early-stopping=off",
            "data.limit=null",
            "optimizer.clip-norm=null",
            "training.max-minutes=null",
            "spark.master=null",
            "output=null");
    assertThat(configuration.data().test()).isEmpty();
    assertThat(configuration.data().validation()).isEmpty();
    assertThat(configuration.data().limit()).isEmpty();
    assertThat(configuration.optimizer().regularization().clips().norm()).isZero();
    assertThat(configuration.training().maxSeconds()).isInfinite();
    assertThat(configuration.spark().master()).isEmpty();
    assertThat(configuration.output()).isEqualTo("runs/convoy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", "false", "no", "\"off\""})
  void theTestCanBeSwitchedOff(String off) throws IOException {
    for (RunConfiguration configuration :
        List.of(
            read("", "data.test=" + off),
            read("data.test = " + off),
            read("data { format = idx, train = a, test = b }", "data.test=" + off))) {
      assertThat(configuration.data().test()).isEmpty();
      assertThat(ConfigurationReader.readEffective(configuration.text().full()))
          .isEqualTo(configuration);
    }
    assertThat(read("", "data.test=null").data().test())
        .as("draws its own")
        .contains(new RunConfiguration.Test.Location(""));
    assertThat(read("data { format = idx, train = a }", "data.test=./off").data().test())
        .contains(new RunConfiguration.Test.Location("./off"));
  }

  @Test
  void theTestIsAFractionOfTheTrainingImagesOrAPath() throws IOException {
    String idx = "data { format = idx, train = a }\n";
    var fraction = Optional.of(new RunConfiguration.Test.Fraction(0.2));
    assertThat(read(idx, "data.test=0.2").data().test()).isEqualTo(fraction);
    assertThat(read(idx + "data.test = 0.2").data().test()).isEqualTo(fraction);
    assertThat(read(idx + "data.test = \"0.2\"").data().test()).isEqualTo(fraction);
    assertThat(read(idx + "data.test = b", "data.test=0.2").data().test()).isEqualTo(fraction);
    assertThat(read(idx + "data.test = 0.2", "data.test=./0.2").data().test())
        .contains(new RunConfiguration.Test.Location("./0.2"));
    RunConfiguration heldOut = read(idx, "data.test=held out 0.2");
    assertThat(heldOut.data().test()).contains(new RunConfiguration.Test.HeldOut(0.2));
    assertThat(heldOut.data().isTested()).isFalse();
    assertThat(heldOut.data())
        .isEqualTo(read(idx, "data.test=0.2").data().withoutTest())
        .isEqualTo(heldOut.data().withoutTest());
    assertThat(ConfigurationReader.readEffective(heldOut.text().full())).isEqualTo(heldOut);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "1.5", "-0.2", "20", "held out 2", "held out 0"})
  void aFractionForTheTestIsBetweenNoneAndAll(String fraction) throws IOException {
    assertThat(problems("data { format = idx, train = a }", "data.test=" + fraction))
        .singleElement()
        .asString()
        .startsWith("data.test = ")
        .contains(fraction)
        .endsWith(": expected a fraction in (0, 1), a path, null or off (command line)");
  }

  @Test
  void validationIsAFractionOrAPathOrAFoldWhicheverIsWrittenLast() throws IOException {
    String fold = "data.validation={fold = 2, folds = 5}";
    String idx = "data { format = idx, train = a }\n";
    var second = Optional.of(new RunConfiguration.Validation.Fold(2, 5));
    assertThat(read("", fold).data().validation()).isEqualTo(second);
    assertThat(read(fold).data().validation()).isEqualTo(second);
    assertThat(read(idx + "data.validation = b", fold).data().validation()).isEqualTo(second);
    assertThat(read(fold, "data.validation.fold=5").data().validation())
        .contains(new RunConfiguration.Validation.Fold(5, 5));
    assertThat(read(fold, "data.validation=0.25").data().validation())
        .contains(new RunConfiguration.Validation.Fraction(0.25));
    assertThat(read(idx + fold, "data.validation=b").data().validation())
        .contains(new RunConfiguration.Validation.Location("b"));
    assertThat(
            read(fold, "data.validation=null", "training.early-stopping=off").data().validation())
        .isEmpty();
    assertThat(read(fold, "data.validation=off", "training.early-stopping=off").data().validation())
        .isEmpty();
    RunConfiguration configuration = read(fold);
    assertThat(ConfigurationReader.readEffective(configuration.text().full()))
        .isEqualTo(configuration);
    assertThat(read(fold, "data.validation.fold=3").text().identity())
        .isNotEqualTo(configuration.text().identity());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{fold = 6, folds = 5} | data.validation.fold = 6: expected a whole number from 1 to 5",
        "{fold = 0, folds = 5} | data.validation.fold = 0: expected a whole number from 1 to 5",
        "{fold = 3, folds = 1} | data.validation.folds = 1: expected a whole number from 2 to 100",
        "{fold = 3} | data.validation.folds = null: expected a whole number from 2 to 100",
        "{folds = 3} | data.validation.fold = null: expected a whole number from 1 to 3",
        "{fold = 1, folds = 3, fraction = 0.1} | data.validation.fraction: unknown key",
        "{fold = one, folds = 3} | data.validation.fold = one: expected a whole number from 1 to 3"
      })
  void aFoldThatDoesNotFitIsOneProblem(String fold, String problem) throws IOException {
    assertThat(problems("", "data.validation=" + fold))
        .singleElement()
        .asString()
        .startsWith(problem);
  }

  @Test
  void everyProblemOfAFoldIsFound() throws IOException {
    assertThat(problems("", "data.validation={fold = 0, flods = 3}"))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).startsWith("data.validation.folds = null: expected"),
            line ->
                assertThat(line)
                    .startsWith("data.validation.fold = 0: expected a whole number from 1 to 100"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "data.validation.flods: unknown key; did you mean data.validation.folds?"
                            + " (command line)"));
  }

  @Test
  void nullUnsetsTheOptionsOfAnotherModel() throws IOException {
    String file = "model { name = lenet-5, filters = [3, 4], dropout = 0.5 }";
    assertThat(read(file, "model.filters=null").model())
        .isEqualTo(new ComponentSettings("lenet-5", Map.of("dropout", 0.5)));
    assertThat(read(file, "model.name=mlp", "model.filters=null").model())
        .isEqualTo(new ComponentSettings("mlp", Map.of("dropout", 0.5)));
    assertThat(problems(file, "model.name=mlp")).singleElement().asString().contains("filters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", "false", "no"})
  void earlyStoppingCanBeSwitchedOff(String off) throws IOException {
    for (RunConfiguration configuration :
        List.of(
            read("training.early-stopping = " + off),
            read("training.early-stopping.patience = 2", "training.early-stopping=" + off))) {
      assertThat(configuration.training().earlyStopping()).isEmpty();
      assertThat(configuration.training().validationEvery())
          .isEqualTo(new Interval(1, Interval.Unit.EPOCHS));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "optimizer.learning-rat=1 | optimizer.learning-rat | optimizer.learning-rate",
        "trainng.epochs=1 | trainng | training",
        "training.early-stopping.patient=1 |"
            + " training.early-stopping.patient | training.early-stopping.patience",
        "batch-size=3 | batch-size |",
        "model.hiden=[3] | model.hiden | model.hidden",
        "model.dropuot=0.5 | model.dropuot | model.dropout",
        "sed=3 | sed | seed",
        "a.very.different.key=1 | a |"
      })
  void anUnknownKeyIsNamedWithTheNearestKnownOne(String override, String key, String nearest)
      throws IOException {
    List<String> problems = problems("model.name = mlp", override);
    assertThat(problems).singleElement().asString().startsWith(key + ": unknown key; ");
    if (nearest != null) {
      assertThat(problems.get(0))
          .isEqualTo("%s: unknown key; did you mean %s? (command line)".formatted(key, nearest));
    } else {
      assertThat(problems.get(0)).endsWith("(command line)");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "lr, optimizer.learning-rate",
    "optimizer.lr, optimizer.learning-rate",
    "optimizer.learning_rate, optimizer.learning-rate",
    "learningRate, optimizer.learning-rate",
    "wd, optimizer.weight-decay",
    "optimizer.weight_decay, optimizer.weight-decay",
    "bs, training.batch-size",
    "batch_size, training.batch-size",
    "training.batch_size, training.batch-size",
    "epochs, training.epochs",
    "training.max-epochs, training.epochs",
    "dataset, data.train",
    "data.path, data.train",
    "num-workers, training.workers",
    "momentum, optimizer.momentum",
    "model.drop, model.dropout",
    "arch, model.name",
    "gpus, spark.conf.spark.executor.resource.gpu.amount",
    "cuda, accelerator.gpu",
    "random_state, seed",
    "training.seed, seed",
    "out, output",
    "outdir, output",
    "output-dir, output",
    "patience, training.early-stopping.patience",
    "training.patience, training.early-stopping.patience",
    "val, data.validation",
    "data.val, data.validation",
    "test, data.test",
    "image-size, data.image",
    "data.resolution, data.image",
    "width, data.image.width",
    "data.width, data.image.width",
    "ckpt, checkpoint.every",
    "scheduler, optimizer.schedule",
    "master, spark.master"
  })
  void otherToolsNamesOfAKeyAreKnown(String word, String key) throws IOException {
    assertThat(problems("model.name = mlp", word + "=1"))
        .contains("%s: unknown key; did you mean %s? (command line)".formatted(word, key));
  }

  @ParameterizedTest
  @CsvSource({
    "train.epochs, train, training",
    "dataset.path, dataset, data",
    "scheduler.name, scheduler, optimizer.schedule",
    "hyperparameters.lr, hyperparameters, search"
  })
  void otherToolsNamesOfABlockAreKnown(String key, String block, String meant) throws IOException {
    assertThat(problems("", key + "=1"))
        .containsExactly(
            "%s: unknown key; did you mean %s? (command line)".formatted(block, meant));
  }

  @ParameterizedTest
  @CsvSource({
    "model=resnet-20, model.name=resnet-20",
    "optimizer=adam, optimizer.name=adam",
    "data=/my/photos, data.train=/my/photos",
    "checkpoint=5 epochs, checkpoint.every=5 epochs"
  })
  void aValueForABlockIsToldTheKeyThatIsMeant(String override, String meant) throws IOException {
    assertThat(problems("", override))
        .anySatisfy(
            line ->
                assertThat(line).contains("expected an object { … }; did you mean " + meant + "?"));
  }

  @Test
  void aKeyLikeNoneIsSentToTheListOfAll() throws IOException {
    assertThat(problems("", "completely-unrelated=1"))
        .containsExactly(
            "completely-unrelated: unknown key; every key stands in conf/defaults.conf (command"
                + " line)");
  }

  @Test
  void anOptionOfAnotherModelIsUnknown() throws IOException {
    assertThat(problems("model { name = linear, hidden = [3] }"))
        .singleElement()
        .asString()
        .startsWith("model.hidden: unknown key")
        .endsWith("experiment.conf: 1)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.batch-size=0 | a whole number from 1 to 1048576",
        "training.batch-size=1.5 | a whole number from 1 to 1048576",
        "training.epochs=many | a whole number from 1 to 1000000",
        "training.epochs=null | a whole number from 1 to 1000000",
        "training.workers=[2] | a whole number from 1 to 100000",
        "training.averaging-frequency=0 | a whole number of at least 1",
        "training.threads-per-worker=some | a whole number from 1 to 1024, or auto",
        "training.max-minutes=0 | a number above 0 or null",
        "training.early-stopping.metric=loss | one of validation-loss, validation-accuracy",
        "training.early-stopping.patience=0 | a whole number of at least 1",
        "training.early-stopping.min-delta=-1 | a number of at least 0",
        "training.early-stopping.every=0 epochs |"
            + " a whole number and a unit (rounds, epochs), such as \"1 epoch\"",
        "training.early-stopping.every=5 minutes |"
            + " a whole number and a unit (rounds, epochs), such as \"1 epoch\"",
        "training.early-stopping=3 | off or an object",
        "training=3 | an object { … }",
        "checkpoint.every=5 |"
            + " a whole number and a unit (rounds, epochs, seconds, minutes, hours), such as \"1 epoch\"",
        "checkpoint.every=99999999999999999h |"
            + " a whole number and a unit (rounds, epochs, seconds, minutes, hours), such as \"1 epoch\"",
        "averaging.deadline=1 epoch |"
            + " a whole number and a unit (seconds, minutes, hours), such as \"90 seconds\" or null",
        "checkpoint.keep=0 | a whole number of at least 1",
        "seed=1.5 | a whole number of 64 bits",
        "seed=9223372036854775808 | a whole number of 64 bits",
        "data.seed=1.5 | a whole number of 64 bits or null",
        "overwrite=maybe | on or off",
        "accelerator.compiled=2 | on or off",
        "name=a/b | letters, digits, '.', '_' and '-' alone",
        "data.format=jpg | one of auto, cifar10-binary, idx, image-folder, manifest, parquet, shards, synthetic, webdataset",
        "training.resample.method=half | one of full, bootstrap, pasting, folds or null",
        "training.resample.fraction=0 | a number in (0, 1]",
        "training.resample.folds=1 | a whole number from 2 to 100",
        "training.resample.member=-1 | a whole number from 0 to 100000",
        "data.validation=0 | a fraction in (0, 1), a path, {fold = …, folds = …} or out-of-bag",
        "data.validation=1.5 | a fraction in (0, 1), a path, {fold = …, folds = …} or out-of-bag",
        "data.validation.folds=1 | a whole number from 2 to 100",
        "data.validation.folds=101 | a whole number from 2 to 100",
        "data.validation.folds=2.5 | a whole number from 2 to 100",
        "data.limit=0 | a whole number of at least 1 or null",
        "data.on-bad-image=ignore | one of quarantine, fail",
        "data.image.height=0 | a whole number from 1 to 4096",
        "data.image.channels=2 | 1 (grey) or 3 (RGB)",
        "data.normalize={name=fixed,mean=[0.5,0.5]} | a mean and a deviation for each of the images' channels, 3",
        "data.store=files | resized, decoded, encoded, or a longest side in pixels from 1 to 4096",
        "data.store=31 | a longest side of at least that of data.image, 32",
        "data.memory-fraction=1 | a number in (0, 0.9]",
        "data.synthetic.classes=11 | a whole number from 2 to 10",
        "data.synthetic.noise=2 | a number in [0, 1]",
        "optimizer.learning-rate=0 | a number above 0",
        "optimizer.learning-rate=\"NaN\" | a number above 0",
        "optimizer.learning-rate=\"Infinity\" | a number above 0",
        "optimizer.momentum=1 | a number in [0, 1)",
        "optimizer.l2=-1 | a number of at least 0",
        "optimizer.sharpness.radius=0 | a number above 0 or null",
        "optimizer.tangent-prop.step=0 | a number above 0",
        "optimizer.gradient-noise.variance=0 | a number above 0 or null",
        "optimizer.gradient-noise.decay=-1 | a number of at least 0",
        "optimizer.weight-noise.deviation=0 | a number above 0 or null",
        "transfer.layers=[] | at least one layer, or transfer.model=null for none",
        "transfer.rate-decay=1.5 | a number in (0, 1]",
        "transfer.unfreeze-every=2 rounds | a whole number and a unit (epochs), such as \"1 epoch\" or null",
        "transfer.unfreeze-layers=0 | a whole number of at least 1",
        "optimizer.clip-norm=0 | a number above 0 or null",
        "optimizer.schedule.name=sawtooth | one of constant, cosine, exponential, inverse-time, linear,"
            + " one-cycle, periodic-step, piecewise, polynomial, step, warm-restarts",
        "optimizer.schedule.warm-up=3 rounds | a number of epochs, such as \"0.5 epochs\"",
        "optimizer.schedule.milestones=3 | a list of a number",
        "optimizer.schedule.factor=0 | a number in (0, 1]",
        "optimizer.schedule.period=0 epochs | a number of epochs above 0, such as \"0.5 epochs\"",
        "optimizer.momentum-schedule.name=falling | one of constant, increasing, linear, one-cycle",
        "averaging.optimizer-state=own | one of average, reset, keep",
        "augment=flip | a list of { name = …, options } with one of AUGMENTATIONS",
        "spark.conf=3 | an object of Spark settings"
      })
  void aValueThatDoesNotFitIsNamedWithWhatWasExpected(String override, String expected)
      throws IOException {
    String key = override.substring(0, override.indexOf('='));
    List<String> problems = problems("", override);
    assertThat(problems.get(0))
        .startsWith(key + " = ")
        .contains(": expected " + withNames(expected) + " (")
        .endsWith("(command line)");
    assertThat(problems).as("one line per problem").doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "augment=[{name = blurr}] | augment[0].name = blurr: expected one of AUGMENTATIONS",
        "optimizer.tangent-prop={weight=1, tangents=[shear]} | tangents[0] = shear: expected one of"
            + " horizontal-translation, vertical-translation, rotation, scaling, stretching,"
            + " diagonal-stretching (command line)",
        "optimizer.tangent-prop={weight=1, tangents=[]} | optimizer.tangent-prop.tangents = []: expected at"
            + " least one movement (command line)",
        "augment=[{name = random-crop, padding = many}] | augment[0].padding = many: expected a whole"
            + " number from 0 to 64 (command line)",
        "augment=[{name = random-crop, size = 3}] | expected an option of random-crop (padding, padding-mode)",
        "augment=[random-crop, {name = horizontal-flip, probability = 2}] | augment[1].probability = 2:"
            + " expected a number in [0, 1]",
        "augment=[{padding = 3}] | expected one of AUGMENTATIONS",
        "model.filters=[0, 3] | model.filters[0] = 0: expected a whole number from 1 to 65536",
        "model.filters=[3] | model.filters = [3]: expected a list of exactly 2 elements",
        "data.image.height=8 | expected images of at least 12 × 12 pixels for lenet-5"
      })
  void problemsOfAugmentationsAndModelsAreProblemsOfTheirKeys(String override, String expected)
      throws IOException {
    assertThat(problems("", override))
        .anySatisfy(line -> assertThat(line).contains(withNames(expected)));
  }

  @Test
  void aMomentumScheduleIsForAnOptimizerThatHasAMomentum() throws IOException {
    String schedule = "optimizer.momentum-schedule = increasing";
    assertThat(read(schedule, "optimizer.name=adam").optimizer().momentumSchedule().name())
        .isEqualTo("increasing");
    assertThat(read(schedule, "optimizer.name=sgd", "optimizer.momentum=0.5")).isNotNull();
    assertThat(problems(schedule, "optimizer.name=sgd").get(0))
        .startsWith(
            "optimizer.momentum-schedule.name = increasing: expected constant for sgd, which has no"
                + " momentum to change (");
  }

  @Test
  void theRateCannotFallWithValidationThatIsNotThere() throws IOException {
    assertThat(
            problems(
                "training.early-stopping = off, data.validation = null",
                "training.reduce-on-plateau.factor=0.1"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith(
                        "training.reduce-on-plateau.factor = 0.1: expected null without validation"
                            + " images"));
  }

  private static String withNames(String expected) {
    return expected.replace("AUGMENTATIONS", String.join(", ", Augmentations.FAMILY.names()));
  }

  @Test
  void allProblemsAreFoundAtOnceOneLineEach() throws IOException {
    List<String> problems =
        problems(
            "training { batch-size = 0, epoch = 3 }\nmodel.name = vgg",
            "seed=x",
            "optimizer.momentum=2",
            "no-equals-sign",
            "=3");
    assertThat(problems)
        .containsExactlyInAnyOrder(
            "no-equals-sign: expected key.path=value (command line)",
            "=3: expected key.path=value (command line)",
            "seed = x: expected a whole number of 64 bits (command line)",
            "model.name = vgg: expected one of " + MODELS + " (" + file() + ": 2)",
            "optimizer.momentum = 2: expected a number in [0, 1) (command line)",
            "training.batch-size = 0: expected a whole number from 1 to 1048576 ("
                + file()
                + ": 1)",
            "training.epoch: unknown key; did you mean training.epochs? (" + file() + ": 1)");
  }

  @Test
  void theMessageIsAllProblems() throws IOException {
    write("seed = x\nname = \"\"");
    ConfigurationException failure = failure();
    assertThat(failure.getMessage()).isEqualTo(String.join("\n", failure.problems()));
    assertThat(failure.problems()).hasSizeGreaterThan(1);
  }

  @Test
  void imagesOfAFormatNeedALocation() throws IOException {
    assertThat(problems("data.format = idx"))
        .singleElement()
        .asString()
        .startsWith("data.train = null: expected where the training images are (");
  }

  @Test
  void earlyStoppingNeedsValidationImages() throws IOException {
    assertThat(problems("data.validation = null"))
        .singleElement()
        .asString()
        .startsWith(
            "data.validation = null: expected validation images, or training.early-stopping=off"
                + " without them (");
    assertThat(read("data.validation = null\ntraining.early-stopping = off").data().validation())
        .isEmpty();
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = directory.resolve("missing.conf");
    assertThat(failure(missing).problems())
        .containsExactly(
            "Cannot read the configuration "
                + missing
                + ": expected a readable HOCON file, found none.");
    assertThat(failure(directory).problems())
        .containsExactly(
            "Cannot read the configuration "
                + directory
                + ": expected a readable HOCON file, found a directory.");
  }

  @Test
  void aFileThatIsNoHoconIsNamedWithItsLine() throws IOException {
    write("name = a\ntraining { epochs = 3\n");
    assertThat(failure().problems())
        .singleElement()
        .asString()
        .startsWith("Cannot read the configuration " + file() + ": ")
        .contains("experiment.conf: ");
  }

  @Test
  void anIncludedFileIsNamedWithItsLine() throws IOException {
    Path included = directory.resolve("common.conf");
    Files.writeString(included, "name = common\n\ntraining.epochs = none\n");
    assertThat(problems("include \"common.conf\"\n"))
        .singleElement()
        .asString()
        .isEqualTo(
            "training.epochs = none: expected a whole number from 1 to 1000000 ("
                + included
                + ": 3)");
  }

  @Test
  void anIncludedFileIsOverridden() throws IOException {
    Files.writeString(directory.resolve("common.conf"), "name = common\ntraining.epochs = 2\n");
    RunConfiguration configuration =
        read("include \"common.conf\"\nname = mine\ntraining.workers = ${training.epochs}");
    assertThat(configuration.name()).isEqualTo("mine");
    assertThat(configuration.training().epochs()).isEqualTo(2);
    assertThat(configuration.training().workers()).isEqualTo(2);
  }

  @Test
  void anUnresolvedSubstitutionIsOneLine() throws IOException {
    assertThat(problems("name = ${nowhere}"))
        .singleElement()
        .asString()
        .contains("nowhere")
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theEffectiveTextReadsAsTheSameConfiguration(boolean everyKey) throws IOException {
    RunConfiguration configuration = read(everyKey ? everyKey() : "training.early-stopping = off");
    assertThat(ConfigurationReader.readEffective(configuration.text().full()))
        .isEqualTo(configuration);
  }

  @Test
  void anEffectiveTextThatIsBrokenIsRefused() {
    ConfigurationException failure =
        catchThrowableOfType(
            ConfigurationException.class, () -> ConfigurationReader.readEffective("name = {"));
    assertThat(failure).hasMessageContaining("config.conf");
  }

  @Test
  void identityChangesWithWhateverDecidesTheResultAndWithNothingElse() throws IOException {
    String base = "data { format = idx, train = here }\ntransfer.model = there";
    String identity = read(base).text().identity();
    assertThat(read(base + "\n# a comment", "seed=1").text().identity()).isEqualTo(identity);
    for (Map.Entry<String, String> changed : EVERY_KEY.entrySet()) {
      String other = read(base, changed.getKey() + "=" + changed.getValue()).text().identity();
      assertThat(other.equals(identity))
          .as(changed.getKey())
          .isEqualTo(NOT_IDENTITY.contains(changed.getKey()));
    }
    for (String override :
        List.of("training.early-stopping=off", "model.hidden=[3]", "data.validation=0.2")) {
      assertThat(read(base, override).text().identity()).as(override).isNotEqualTo(identity);
    }
  }

  @Test
  void layersThatBeginToLearnAfterMoreEpochsThanThereCanBeNeverDo() throws IOException {
    RunConfiguration configuration =
        read("transfer.model = lenet.zip", "transfer.unfreeze-every=999999999999999 epochs");
    assertThat(configuration.optimizer().layers().unfreezing().epochs())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void theSeedOfTheDataIsTheSeedUnlessItIsGiven() throws IOException {
    RunConfiguration together = read("seed = 5");
    assertThat(together.data().seed()).isEqualTo(5);
    assertThat(together.data().synthetic().seed()).isEqualTo(5);
    RunConfiguration apart = read("seed = 5", "data.seed=7");
    assertThat(apart.seed()).isEqualTo(5);
    assertThat(apart.data().seed()).isEqualTo(7);
    assertThat(apart.data().synthetic().seed()).isEqualTo(7);
  }

  @Test
  void aConfigurationFromBeforeTheDataHadASeedIsStillTheSameRun() throws IOException {
    RunConfiguration now = read("seed = 5");
    String then = now.text().full().replaceAll("(?m)^\\s*seed=null\n", "");
    assertThat(then).isNotEqualTo(now.text().full());
    assertThat(ConfigurationReader.readEffective(then).text().identity())
        .isEqualTo(now.text().identity());
  }

  static Stream<Path> experiments() throws IOException {
    try (Stream<Path> files = Files.list(EXPERIMENTS)) {
      return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void everyExperimentOfTheRepositoryIsValid(Path experiment) {
    WrittenConfiguration written =
        WrittenConfiguration.read(
            experiment.toString(),
            experiment.getFileName().toString().startsWith("quickstart")
                ? List.of()
                : List.of("data.train=here", "data.test=there"));
    boolean hasSpace = experiment.toString().endsWith("-search.conf");
    assertThatCode(
            () -> {
              if (hasSpace) {
                SearchDefinition.of(written);
              } else {
                ConfigurationReader.of(written);
              }
            })
        .doesNotThrowAnyException();
  }

  @Test
  void everyKeyOfASearchReachesItsRecord() throws IOException {
    write(everyKey());
    Config written = WrittenConfiguration.read(file().toString(), List.of()).config();
    assertThat(ConfigurationReader.search(written))
        .isEqualTo(
            new SearchSettings(
                3,
                EarlyStopping.Metric.VALIDATION_LOSS,
                new SearchSettings.Sampling("sobol", 4, 6, 0.5, 2),
                List.of("training.epochs > 1"),
                new ComponentSettings("asha", Map.of("min-epochs", 2, "reduction-factor", 4)),
                new SearchSettings.Budget(
                    OptionalInt.of(7), 150, OptionalInt.of(100), OptionalDouble.of(0.25)),
                new SearchSettings.Slots(OptionalInt.of(2), OptionalInt.of(5)),
                OptionalInt.of(3),
                0,
                new SearchSettings.Ending(1, SearchSettings.Refit.AS_IS)));
  }

  @Test
  void aSearchOfDefaultsIsTwentyRandomTrialsByTheMetricOfEarlyStopping() throws IOException {
    write("");
    SearchSettings search =
        ConfigurationReader.search(
            WrittenConfiguration.read(file().toString(), List.of()).config());
    assertThat(search.budget())
        .isEqualTo(
            new SearchSettings.Budget(
                OptionalInt.of(20),
                Double.POSITIVE_INFINITY,
                OptionalInt.empty(),
                OptionalDouble.empty()));
    assertThat(search.sampling().method()).isEqualTo("random");
    assertThat(search.metric()).isEqualTo(EarlyStopping.Metric.VALIDATION_LOSS);
    assertThat(search.termination().name()).isEqualTo("none");
    assertThat(search.ending().refit()).isEqualTo(SearchSettings.Refit.ALL_IMAGES);
  }

  @Test
  void aDistributionTakesThePlaceOfWhatStoodThere() throws IOException {
    write("optimizer.learning-rate = {log-uniform = [1e-4, 1]}");
    assertThat(
            WrittenConfiguration.read(
                    file().toString(), List.of("optimizer.learning-rate={uniform=[0.1, 0.2]}"))
                .config()
                .getConfig("optimizer.learning-rate")
                .root()
                .keySet())
        .containsExactly("uniform");
    assertThat(
            WrittenConfiguration.read(file().toString(), List.of("optimizer.learning-rate=0.1"))
                .config()
                .getDouble("optimizer.learning-rate"))
        .isEqualTo(0.1);
  }

  @Test
  void theTextOfASearchReadAgainIsTheSameSearch() throws IOException {
    write(
        "optimizer = {choice = [{name = sgd}, {name = adam, beta1 = {uniform = [0.8, 0.9]}}]}\n"
            + "optimizer.schedule = {choice = [cosine, constant]}\n"
            + "training.epochs = {int = [2, 5]}");
    RunConfiguration.EffectiveText text =
        EffectiveTexts.ofSearch(WrittenConfiguration.read(file().toString(), List.of()).config());
    assertThat(text.full()).contains("beta2", "early-stopping");
    RunConfiguration.EffectiveText again =
        EffectiveTexts.ofSearch(ConfigFactory.parseString(text.full()));
    assertThat(again).isEqualTo(text);
    assertThat(text.identity()).doesNotContain("keep-models").contains("early-termination");
  }

  private Path file() {
    return directory.resolve("experiment.conf");
  }

  private void write(String content) throws IOException {
    Files.writeString(file(), content);
  }

  private RunConfiguration read(String content, String... overrides) throws IOException {
    write(content);
    return ConfigurationReader.read(file().toString(), Arrays.asList(overrides));
  }

  private List<String> problems(String content, String... overrides) throws IOException {
    write(content);
    return failure(overrides).problems();
  }

  private ConfigurationException failure(String... overrides) {
    return failure(file(), overrides);
  }

  private static ConfigurationException failure(Path file, String... overrides) {
    ConfigurationException failure =
        catchThrowableOfType(
            ConfigurationException.class,
            () -> ConfigurationReader.read(file.toString(), Arrays.asList(overrides)));
    assertThat(failure).as("refused: %s", Arrays.toString(overrides)).isNotNull();
    return failure;
  }

  private static String everyKey() {
    StringBuilder text = new StringBuilder();
    EVERY_KEY.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    return text.toString();
  }

  private static Config defaults() {
    return ConfigFactory.parseFile(EXPERIMENTS.resolve("defaults.conf").toFile());
  }

  private static String render(Config config, String key) {
    return config.hasPath(key) ? config.getValue(key).render() : "null";
  }

  private static void leaves(ConfigObject object, String prefix, List<String> keys) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String key = prefix + entry.getKey();
      if (entry.getValue() instanceof ConfigObject child && !child.isEmpty()) {
        leaves(child, key + ".", keys);
      } else {
        keys.add(key);
      }
    }
  }

  private static PixelNormalization normalization(ComponentSettings settings) {
    return PixelNormalizations.FAMILY.create(settings);
  }
}
