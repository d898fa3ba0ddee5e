package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.data.DataException;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.resample.Resample;
import dev.convoy.data.resample.Resample.Method;
import dev.convoy.data.shard.Selection;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.cluster.Workers;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.ChangedInputException;
import dev.convoy.driver.directory.Checkpoint;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.directory.RunIdentity;
import dev.convoy.driver.directory.RunIdentity.Field;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.driver.state.TrainingState.Weights;
import dev.convoy.worker.archive.ParameterDigest;
import dev.convoy.worker.training.LocalTrainer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingRunTest {
  private static final String[] WITHOUT_VALIDATION = {
    "data.validation=null", "training.early-stopping=off"
  };
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static SparkCluster cluster;

  @BeforeAll
  static void start() {
    cluster = SparkCluster.start(Experiments.small(shared), Progress.none());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void roundsTellWhatStepsDoToGroupsOfLayersAndValidationsTheGap() throws IOException {
    train(small("run", "training.epochs=2"));
    for (JsonNode round : lines("run", "round")) {
      JsonNode groups = round.path("layer-groups");
      assertThat(groups.fieldNames())
          .toIterable()
          .containsExactly("first", "lower", "upper", "output");
      for (JsonNode group : groups) {
        assertThat(group.path("gradient-norm").asDouble()).isPositive();
        assertThat(group.path("update-ratio").asDouble()).isBetween(1e-6, 1.0);
      }
    }
    for (JsonNode validation : lines("run", "validation")) {
      long epoch = validation.path("epoch").asLong();
      double lossSum = 0;
      long examples = 0;
      for (JsonNode round : lines("run", "round")) {
        if (round.path("epoch").asLong() == epoch) {
          lossSum += round.path("loss").asDouble() * round.path("examples").asLong();
          examples += round.path("examples").asLong();
        }
      }
      double training = validation.path("training-loss").asDouble();
      assertThat(training).isCloseTo(lossSum / examples, within(1e-12));
      assertThat(validation.path("gap").asDouble())
          .isEqualTo(validation.path("loss").asDouble() - training);
    }
  }

  @ParameterizedTest
  @CsvSource({"driver, 4", "executors, 0"})
  void roundsTellWhereTheirTimeWentAndWhatCameToTheDriver(String route, int bytes)
      throws IOException {
    RunConfiguration configuration =
        small("run", "averaging.route=" + route, "optimizer.name=nesterov");
    train(configuration);
    int values = 2 * lastState(configuration).parameters().length; // and their velocities
    for (JsonNode round : lines("run", "round")) {
      double known = 0;
      for (String phase : List.of("start", "wait", "compute", "send", "reduce", "driver")) {
        double millis = round.path("milliseconds").path(phase).asDouble(-1);
        assertThat(millis).as(phase).isNotNegative();
        known += millis;
      }
      assertThat(known)
          .isGreaterThan(0)
          .isCloseTo(
              Math.max(1000 * round.path("seconds").asDouble(), known), within(1e-6 * known));
      assertThat(round.path("spread").asDouble()).isNotNegative();
      long workers = round.path("examples").asLong() > 16 ? 2 : 1;
      assertThat(round.path("bytes").path("driver-in").asLong())
          .isBetween(workers == 2 ? (long) bytes * values * 2 : 0, (long) bytes * values * 2);
      assertThat(round.path("bytes").path("busiest-executor-in").asLong()).isZero();
    }
  }

  @Test
  void aRunThatIsShownLeavesAReportOfItsCurves() throws IOException {
    RunConfiguration configuration = small("run", "training.epochs=2");
    Progress shown = new Progress(new PrintStream(OutputStream.nullOutputStream()), false);
    try (RunDirectory directory =
        RunDirectory.open(configuration, new Configuration(false), () -> {})) {
      TrainingRun.run(cluster, configuration, directory, shown);
    }
    String page = Files.readString(temporary.resolve("run/report.html"));
    String from = "<script type=\"application/json\" id=\"data\">";
    int start = page.indexOf(from) + from.length();
    JsonNode data = JSON.readTree(page.substring(start, page.indexOf("</script>", start)));
    assertThat(data.path("plots")).hasSize(5);
    JsonNode ratios = data.path("plots").get(4).path("series");
    assertThat(ratios.findValuesAsText("name"))
        .containsExactly("first", "lower", "upper", "output");
    assertThat(ratios.get(0).path("points"))
        .hasSize(lines("run", "round").size())
        .last()
        .extracting(point -> point.get(1).asDouble())
        .isEqualTo(
            lines("run", "round")
                .get(lines("run", "round").size() - 1)
                .at("/layer-groups/first/update-ratio")
                .asDouble());
    train(small("silent", "training.epochs=2"));
    assertThat(temporary.resolve("silent/report.html")).doesNotExist();
  }

  @Test
  void aSnapshotIsWhatTheRunWasAfterThatEpoch() {
    train(small("short", with(WITHOUT_VALIDATION, "training.epochs=2")));
    train(
        small(
            "long", with(WITHOUT_VALIDATION, "training.epochs=4", "checkpoint.snapshots=[2, 4]")));
    Path snapshots = temporary.resolve("long/snapshots");
    assertThat(snapshots.resolve("0002.zip"))
        .hasSameBinaryContentAs(temporary.resolve("short/model.zip"));
    assertThat(snapshots.resolve("0004.zip"))
        .hasSameBinaryContentAs(temporary.resolve("long/model.zip"));
    assertThat(snapshots).isDirectoryNotContaining("glob:**/000[13].zip");
  }

  @Test
  void theSameConfigurationGivesTheSameParametersAndAnotherSeedOthers() throws IOException {
    TrainingOutcome one = train(small("one"));
    TrainingOutcome same = train(small("same"));
    TrainingOutcome other = train(small("other", "seed=2"));
    assertThat(sha(same)).isEqualTo(sha(one));
    assertThat(same.summary().path("test")).isEqualTo(one.summary().path("test"));
    assertThat(same.summary().path("best")).isEqualTo(one.summary().path("best"));
    assertThat(sha(other)).isNotEqualTo(sha(one));
    assertThat(temporary.resolve("same/model.zip"))
        .hasSameBinaryContentAs(temporary.resolve("one/model.zip"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "binary-cross-entropy",
        "hinge",
        "mse",
        "{name = focal, alpha = balanced}",
        "{name = cross-entropy, class-weights = balanced}"
      })
  void theConfiguredLossIsLearnedAndReportedAndItsModelSaved(String loss) {
    TrainingOutcome run = train(small("run", "loss=" + loss, "optimizer.learning-rate=0.01"));
    double first = run.summary().path("best").path("validation-loss").doubleValue();
    assertThat(first).isPositive().isFinite();
    assertThat(temporary.resolve("run/model.zip")).exists();
    assertThat(sha(run)).isNotEqualTo(sha(train(small("plain", "optimizer.learning-rate=0.01"))));
  }

  @Test
  void weightsThatAreNotAsManyAsTheClassesAreRefused() {
    assertThatThrownBy(
            () -> train(small("run", "loss={name=cross-entropy, class-weights=[1, 2, 3, 4]}")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("loss.class-weights: expected 3 numbers, one for each class, found 4");
  }

  @Test
  void runsOfSeveralSeedsShareTheirImagesIfTheDataHasASeedOfItsOwn() {
    TrainingOutcome one = train(small("one", "data.seed=7"));
    TrainingOutcome two = train(small("two", "data.seed=7", "seed=2"));
    TrainingOutcome other = train(small("other", "data.seed=8"));
    assertThat(images("two", "data.seed=7", "seed=2")).isEqualTo(images("one", "data.seed=7"));
    assertThat(images("other", "data.seed=8")).isNotEqualTo(images("one", "data.seed=7"));
    assertThat(List.of(sha(one), sha(two), sha(other))).doesNotHaveDuplicates();
    assertThat(sha(train(small("given", "seed=2", "data.seed=2"))))
        .as("as without a seed of its own")
        .isEqualTo(sha(train(small("not-given", "seed=2"))));
  }

  @Test
  void aFoldIsHeldOutForValidation() {
    int[] validation = new int[3];
    for (int fold = 1; fold <= 3; fold++) {
      String part = "data.validation={fold=" + fold + ", folds=3}";
      JsonNode examples = train(small("fold-" + fold, part)).summary().path("examples");
      validation[fold - 1] = examples.path("validation").asInt();
      assertThat(examples.path("train").asInt()).isEqualTo(97 - validation[fold - 1]);
    }
    assertThat(validation).containsExactlyInAnyOrder(33, 32, 32);
  }

  @Test
  void imagesThatAreRepeatedCountEachTime() {
    JsonNode examples = train(small("repeated", "training.repeats=3")).summary().path("examples");
    int train = examples.path("train").asInt();
    assertThat(train + 3 * examples.path("validation").asInt()).isEqualTo(3 * 97);
    assertThat(examples.path("seen").asInt()).isEqualTo(2 * train);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void aRunOnABootstrapSampleSeesEachImageAsOftenAsItIsDrawnAndIsValidatedOnTheRest(int workers) {
    Selection drawn =
        new Resample(Method.BOOTSTRAP, 1, false, 5, 9, 4)
            .draw(Listing.ofRecords("generated", new int[97]), null);
    long out = IntStream.range(0, 97).filter(id -> drawn.times(id) == 0).count();
    assertThat(out).isBetween(20L, 50L);

    TrainingOutcome outcome =
        train(
            small(
                "bootstrap-" + workers,
                "training.workers=" + workers,
                "data.validation=out-of-bag",
                "training.resample={method=bootstrap, seed=9, member=4}"));

    JsonNode examples = outcome.summary().path("examples");
    assertThat(examples.path("train").asInt()).isEqualTo(97);
    assertThat(examples.path("seen").asInt()).isEqualTo(2 * 97);
    assertThat(examples.path("validation").asLong()).isEqualTo(out);
    String[] draw = {
      "training.workers=" + workers,
      "data.validation=out-of-bag",
      "training.resample={method=bootstrap, seed=9, member=4}"
    };
    long expected = 0;
    for (int id = 0; id < 97; id++) {
      expected += drawn.times(id) * KeyedRandom.mix(id + 1L);
    }
    try (TrainingData data = new TrainingData(cluster, small("again", draw), Progress.none());
        RunImages images = RunImages.of(data, small("again", draw))) {
      assertThat(images.train().fingerprint()).as("by identity").isEqualTo(expected);
      assertThat(images.train().fingerprint() + images.validation().orElseThrow().fingerprint())
          .isEqualTo(
              expected
                  + IntStream.range(0, 97)
                      .filter(id -> drawn.times(id) == 0)
                      .mapToLong(id -> KeyedRandom.mix(id + 1L))
                      .sum());
    }
  }

  @Test
  void aDrawThatLeavesNothingOutCannotBeValidatedOnTheRest() {
    assertThatThrownBy(
            () -> small("full", "data.validation=out-of-bag", "training.resample.method=full"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("data.validation = out-of-bag")
        .hasMessageContaining("leaves no image out");
  }

  /** Identifies the training and validation images of a run that has ended. */
  private String images(String name, String... overrides) {
    try (RunDirectory directory =
        RunDirectory.open(small(name, overrides), new Configuration(false), () -> {})) {
      return directory
          .latestCheckpoint()
          .orElseThrow()
          .identity()
          .value(Field.IMAGES_LISTED)
          .orElseThrow();
    }
  }

  @Test
  void theSummaryCountsEverything() {
    JsonNode summary = train(small("run", "data.validation=0.2")).summary();
    assertThat(summary.path("status").asText()).isEqualTo("completed");
    assertThat(summary.path("model").asText()).isEqualTo("lenet-5");
    assertThat(summary.path("epochs").asInt()).isEqualTo(2);
    assertThat(summary.path("workers").asInt()).isEqualTo(2);
    JsonNode examples = summary.path("examples");
    // A fifth of 33, 32 and 32 examples of a class, rounded.
    assertThat(examples.path("validation").asInt()).isEqualTo(7 + 6 + 6);
    assertThat(examples.path("train").asInt()).isEqualTo(97 - 19);
    assertThat(examples.path("seen").asInt()).isEqualTo(2 * 78);
    assertThat(examples.path("test").asInt()).isEqualTo(20);
    assertThat(examples.path("quarantined").asInt()).isZero();
    // Shards of 39 in rounds of 16.
    assertThat(summary.path("rounds").asInt()).isEqualTo(2 * 3);
    assertThat(summary.path("best").path("epoch").asInt()).isBetween(1, 2);
    assertThat(summary.path("test").path("accuracy").asDouble()).isBetween(0.0, 1.0);
    assertThat(summary.path("throughput").path("images-per-second").asDouble()).isPositive();
  }

  @Test
  void theSummarySaysWhatItDependsOnInTheDocumentedKeys() {
    JsonNode summary = train(small("run", "data.validation=0.2")).summary();
    assertThat(summary.fieldNames())
        .toIterable()
        .containsExactly(
            "status",
            "model",
            "parameters",
            "epochs",
            "rounds",
            "workers",
            "examples",
            "best",
            "test",
            "throughput",
            "parameter-sha256",
            "identity");
    assertThat(summary.path("identity").fieldNames())
        .toIterable()
        .contains(
            "format",
            "convoy",
            "configuration",
            "images-listed",
            "instruction-set",
            "onednn",
            "device",
            "threads-per-worker");
  }

  @Test
  void theMetricsHoldOneLinePerRoundAndPerValidation() throws IOException {
    train(small("run", "data.validation=0.2"));
    List<String> types = new ArrayList<>();
    for (String line : Files.readAllLines(temporary.resolve("run/metrics.jsonl"))) {
      types.add(JSON.readTree(line).path("type").asText());
    }
    assertThat(types)
        .containsExactly(
            "round", "round", "round", "validation", "round", "round", "round", "validation");
  }

  @Test
  void anExecutorSaysWhoComputesTheNetwork() {
    RunConfiguration configuration = small("unused");
    try (Workers workers = new Workers(cluster, configuration, Normalization.identity(1), 3, 1);
        LocalTrainer here = LocalTrainer.undrawn(Workers.settings(configuration, 3, 1))) {
      assertThat(workers.description()).isEqualTo(here.description()).isNotBlank();
    }
  }

  @Test
  void moreWorkersThanExamplesLeaveSomeWithoutWork() {
    JsonNode summary =
        train(
                small(
                    "run",
                    with(
                        WITHOUT_VALIDATION,
                        "training.workers=8",
                        "data.synthetic.train-examples=5")))
            .summary();
    assertThat(summary.path("status").asText()).isEqualTo("completed");
    assertThat(summary.path("examples").path("seen").asInt()).isEqualTo(2 * 5);
  }

  private static Stream<List<String>> settings() {
    String everyAugmentation =
        Augmentations.FAMILY.names().stream()
            .map(name -> "{name = " + name + "}")
            .collect(Collectors.joining(", ", "augment = [", "]"));
    return Stream.of(
        List.of("averaging.strategy=mean"),
        List.of("averaging={strategy=block-momentum, nesterov=on}"),
        List.of(
            "training.early-stopping.every=1 round",
            "training.reduce-on-plateau={factor=0.5, patience=1, min-delta=1, cooldown=1}"),
        List.of(
            "averaging={strategy=block-momentum, moving-average={decay=0.6, keep=better}}",
            "training.early-stopping.every=1 round"),
        List.of("averaging={strategy=elastic, optimizer-state=keep}"),
        List.of("averaging={strategy=slowmo, optimizer-state=keep, compression=8-bit}"),
        List.of(
            "optimizer.gradient-noise.variance=0.01",
            "optimizer.weight-noise.deviation=0.01",
            "optimizer.tangent-prop={weight=0.01, tangents=[rotation, vertical-translation]}"),
        List.of(
            everyAugmentation,
            "training.repeats=2",
            "data.image={height=12, width=12, channels=3}",
            "training.averaging-frequency=4"));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void aRunGoesOnFromAnyCheckpointAndEndsWithTheSameBits(List<String> settings) throws IOException {
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of("data.validation=0.2", "checkpoint.keep=100"));
    String[] keepAll = all.toArray(String[]::new);
    TrainingOutcome whole = train(small("whole", keepAll));
    List<Path> checkpoints;
    try (Stream<Path> files = Files.list(temporary.resolve("whole/checkpoints"))) {
      checkpoints = files.sorted().toList();
    }
    assertThat(checkpoints).hasSize(6);
    for (int kept = 1; kept <= 5; kept += 2) {
      // A driver that was killed leaves its latest checkpoint and perhaps older metrics.
      String name = "killed-" + kept;
      RunConfiguration configuration = small(name, keepAll);
      RunDirectory.open(configuration, new Configuration(false), () -> {}).close();
      Files.createDirectories(temporary.resolve(name).resolve("checkpoints"));
      for (Path checkpoint : checkpoints.subList(0, kept)) {
        Files.copy(
            checkpoint,
            temporary.resolve(name).resolve("checkpoints").resolve(checkpoint.getFileName()));
      }

      TrainingOutcome resumed = train(configuration);

      assertThat(sha(resumed)).as("after %d rounds", kept).isEqualTo(sha(whole));
      for (String field : List.of("best", "test", "examples", "rounds", "epochs", "status")) {
        assertThat(resumed.summary().path(field)).isEqualTo(whole.summary().path(field));
      }
      assertThat(losses(name)).isEqualTo(losses("whole"));
    }
  }

  @Test
  void overwritingARunWhoseImagesHaveChangedBeginsAnew() throws IOException {
    Path images = temporary.resolve("images");
    for (int i = 0; i < 12; i++) {
      writeImage(images, i);
    }
    String[] folder = {
      "data.format=image-folder",
      "data.train=" + images,
      "data.test=null",
      "data.validation=null",
      "training.early-stopping=off"
    };
    RunConfiguration run = small("run", folder);
    train(run);
    Files.delete(temporary.resolve("run/summary.json"));
    String before = Files.readString(temporary.resolve("run/config.conf"));
    writeImage(images, 12);
    assertThatThrownBy(() -> train(run))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot go on with file:" + temporary.resolve("run"))
        .hasMessageContaining("(images-packed = ")
        .hasMessageContaining("Restore them, or begin anew with --overwrite.");

    RunConfiguration anew = small("run", with(folder, "overwrite=true"));
    TrainingOutcome trained = train(anew);
    assertThat(trained.summary().at("/examples/train").asInt()).isEqualTo(13);
    assertThat(trained.status()).isEqualTo(Status.COMPLETED);

    String summary = trained.summary().toString();
    assertThat(train(anew).summary()).as("the same images").hasToString(summary);
    writeImage(images, 13);
    assertThatThrownBy(() -> train(run))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("begin anew with --overwrite");
    assertThat(train(anew).summary().at("/examples/train").asInt()).isEqualTo(14);
    assertThat(temporary.resolve("run/config.conf")).hasContent(before);
  }

  /** As of a run that a version began whose network of that name had other layers. */
  @Test
  void aCheckpointOfANetworkWithOtherParametersIsRefusedUnlessOverwritten() throws IOException {
    RunConfiguration run = small("run", WITHOUT_VALIDATION);
    TrainingOutcome whole = train(run);
    Files.delete(temporary.resolve("run/summary.json"));
    int values = lastState(run).parameters().length;
    leaveCheckpointWithFewerParameters(run);

    assertThatThrownBy(() -> train(run))
        .isInstanceOfSatisfying(
            ChangedInputException.class, e -> assertThat(e.field()).isEqualTo(Field.PARAMETERS))
        .hasMessage(
            "Cannot go on with file:%s: expected the number of parameters it began with (parameters"
                + " = %d), found another (%d). Go on with the version of Convoy that it began with,"
                + " or begin anew with --overwrite.",
            temporary.resolve("run"), values - 1, values);

    TrainingOutcome anew = train(small("run", with(WITHOUT_VALIDATION, "overwrite=true")));
    assertThat(sha(anew)).isEqualTo(sha(whole));
  }

  /** Leaves a checkpoint of one parameter less, as it was written before it said how many. */
  private static void leaveCheckpointWithFewerParameters(RunConfiguration configuration) {
    try (RunDirectory directory =
        RunDirectory.open(configuration, new Configuration(false), () -> {})) {
      Checkpoint latest = directory.latestCheckpoint().orElseThrow();
      float[] parameters = latest.state().parameters();
      TrainingState first =
          TrainingState.first(Arrays.copyOf(parameters, parameters.length - 1), 2);
      directory.deleteCheckpoints();
      Map<Field, String> values = new EnumMap<>(latest.identity().values());
      values.remove(Field.PARAMETERS);
      directory.write(
          new Checkpoint(first, new RunIdentity(values), new Checkpoint.Metrics(0, List.of())));
    }
  }

  private static void writeImage(Path images, int number) throws IOException {
    Path file = images.resolve("class-" + number % 2).resolve(number + ".png");
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(number % 8, 3, 0, 200);
    ImageIO.write(image, "png", file.toFile());
  }

  private List<Double> losses(String name) throws IOException {
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(temporary.resolve(name).resolve("metrics.jsonl"))) {
      losses.add(JSON.readTree(line).path("loss").asDouble());
    }
    return losses;
  }

  private TrainingOutcome supervised(RunConfiguration configuration, Supervisor supervisor) {
    return supervised(configuration, Progress.none(), supervisor);
  }

  private static TrainingOutcome supervised(
      RunConfiguration configuration, Progress progress, Supervisor supervisor) {
    try (RunDirectory directory =
            RunDirectory.open(configuration, new Configuration(false), () -> {});
        TrainingData data = new TrainingData(cluster, configuration, progress)) {
      return TrainingRun.run(
          cluster, configuration, directory, progress, data, supervisor, Optional.empty());
    }
  }

  @Test
  void aRunThatIsSuspendedAtEveryRoundEndsWithTheSameParameters() throws IOException {
    TrainingOutcome whole = train(small("whole", "training.epochs=3"));
    RunConfiguration configuration = small("suspended", "training.epochs=3");
    TrainingOutcome outcome;
    int attempts = 0;
    do {
      attempts++;
      long begun = attempts - 1L;
      outcome =
          supervised(
              configuration,
              moment ->
                  moment.rounds() > begun ? Supervisor.Verdict.SUSPEND : Supervisor.Verdict.GO_ON);
    } while (outcome.status() == Status.RUNNING);
    assertThat(attempts).isEqualTo(whole.summary().path("rounds").asInt());
    assertThat(sha(outcome)).isEqualTo(sha(whole));
    assertThat(outcome.evaluations()).isEqualTo(whole.evaluations()).hasSize(3);
    assertThat(losses("suspended")).isEqualTo(losses("whole"));
  }

  @Test
  void aSuspendedRunSaysHowFarItIsAndLeavesNoSummary() {
    TrainingOutcome outcome =
        supervised(
            small("run", "training.epochs=3"),
            moment -> moment.epochs() == 2 ? Supervisor.Verdict.SUSPEND : Supervisor.Verdict.GO_ON);
    assertThat(outcome.status()).isEqualTo(Status.RUNNING);
    assertThat(outcome.summary().path("epochs").asInt()).isEqualTo(2);
    assertThat(outcome.summary().path("best").path("validation-accuracy").isNumber()).isTrue();
    assertThat(temporary.resolve("run/summary.json")).doesNotExist();
    assertThat(temporary.resolve("run/checkpoints")).isNotEmptyDirectory();
  }

  @Test
  void aRunThatIsStoppedKeepsItsBestParametersAndDoesNotGoOn() {
    Supervisor afterOne =
        moment -> moment.epochs() == 1 ? Supervisor.Verdict.STOP : Supervisor.Verdict.GO_ON;
    RunConfiguration configuration = small("run", "training.epochs=3");
    TrainingOutcome outcome = supervised(configuration, afterOne);
    assertThat(outcome.status()).isEqualTo(Status.STOPPED);
    assertThat(outcome.summary().path("epochs").asInt()).isEqualTo(1);
    assertThat(temporary.resolve("run/model.zip")).exists();
    TrainingOutcome again = supervised(configuration, Supervisor.none());
    assertThat(again.status()).isEqualTo(Status.STOPPED);
    assertThat(sha(again)).isEqualTo(sha(outcome));
    assertThat(again.evaluations()).isEqualTo(outcome.evaluations());
  }

  /** As when others have overtaken it while the search was not there. */
  @Test
  void aRunThatIsStoppedBeforeItGoesOnHasEnded() {
    RunConfiguration configuration = small("run", "training.epochs=3");
    supervised(
        configuration,
        moment -> moment.epochs() == 1 ? Supervisor.Verdict.SUSPEND : Supervisor.Verdict.GO_ON);
    TrainingOutcome outcome = supervised(configuration, moment -> Supervisor.Verdict.STOP);
    assertThat(outcome.status()).isEqualTo(Status.STOPPED);
    assertThat(outcome.summary().path("epochs").asInt()).isEqualTo(1);
    assertThat(temporary.resolve("run/model.zip")).exists();
  }

  @Test
  void anAbsurdRateEndsAsDiverged() {
    RunConfiguration configuration = small("run", "optimizer.learning-rate=1e30");
    TrainingOutcome outcome = train(configuration);
    assertThat(outcome.status()).isEqualTo(Status.DIVERGED);
    assertThat(outcome.summary().path("status").asText()).isEqualTo("diverged");
    assertThat(outcome.summary().has("best")).isFalse();
    assertThat(temporary.resolve("run/model.zip")).doesNotExist();
    assertThat(temporary.resolve("run/summary.json")).exists();
  }

  /**
   * A round is one epoch of S steps, within a warm-up of two; the rate of its first step is 0, its
   * mean r (S - 1) / (4 S). Its momentum is (w - mean) / that, and its result the mean.
   */
  @Test
  void slowMomentumIsInUnitsOfTheMeanRateOfARound() {
    RunConfiguration configuration =
        small(
            "run",
            "averaging.strategy=slowmo",
            "optimizer={name=sgd, learning-rate=0.2, schedule.warm-up=2 epochs}",
            "training.averaging-frequency=1000",
            "training.epochs=1",
            "training.workers=1");
    int steps = -Math.floorDiv(-train(configuration).summary().at("/examples/train").asInt(), 8);
    TrainingState state = lastState(configuration);
    assertThat(state.totals().rounds()).isEqualTo(1);
    float[] first = LocalTrainer.initialParameters(Workers.settings(configuration, 3, 1));
    float[] slow = state.model().vectors().get("averaging.slow-momentum").whole();
    double rate = 0.2 * (steps - 1) / (4.0 * steps);
    double largest = 0;
    for (int i = 0; i < first.length; i++) {
      double expected = ((double) first[i] - state.parameters()[i]) / rate;
      assertThat((double) slow[i]).isCloseTo(expected, within(1e-4));
      largest = Math.max(largest, Math.abs(expected));
    }
    assertThat(largest).isGreaterThan(0.1);
  }

  /** Its parameters are of no use, so that a pass over the images for them is of none. */
  @Test
  void statisticsAreNotMeasuredForParametersThatAreNotKept() {
    String[] diverging = {
      "optimizer.learning-rate=1e30",
      "model={name=resnet-20, width=2, filters=null, hidden=null, dropout=null}"
    };
    train(small("first", diverging)); // looks at the executors once
    int jobs = jobs(small("moments", with(diverging, "averaging.statistics=moments")));
    assertThat(jobs(small("measured", with(diverging, "averaging.statistics=measured"))))
        .isEqualTo(jobs);
  }

  private static int jobs(RunConfiguration configuration) {
    int before = SparkContext.getOrCreate().dagScheduler().numTotalJobs();
    assertThat(train(configuration).status()).isEqualTo(Status.DIVERGED);
    return SparkContext.getOrCreate().dagScheduler().numTotalJobs() - before;
  }

  @Test
  void aRunThatDivergesLaterKeepsItsBestParameters() {
    // The first step's rate is zero, the second's absurd.
    String[] overrides = {
      "optimizer.learning-rate=1e30",
      "optimizer.schedule.warm-up=1 epoch",
      "training.averaging-frequency=1",
      "training.early-stopping.every=1 round"
    };
    TrainingOutcome outcome = train(small("run", overrides));
    assertThat(outcome.status()).isEqualTo(Status.DIVERGED);
    assertThat(outcome.summary().path("best").path("round").asInt()).isEqualTo(1);
    assertThat(outcome.summary().path("rounds").asInt()).isGreaterThan(1);
    assertThat(temporary.resolve("run/model.zip")).exists();
    assertThat(outcome.summary().path("test").path("loss").asDouble()).isFinite();
  }

  /** Its last step leaves finite parameters, too large to compute with; only validation tells. */
  @Test
  void aRunWhoseLastValidationIsNoNumberHasDiverged() {
    String[] oneStep = {
      "optimizer.learning-rate=1e30",
      "training={workers=1, batch-size=1000, epochs=1}",
      "training.averaging-frequency=1"
    };
    TrainingOutcome outcome = train(small("run", oneStep));
    assertThat(outcome.evaluations()).last().extracting(Evaluation::loss).isEqualTo(Double.NaN);
    assertThat(outcome.status()).isEqualTo(Status.DIVERGED);
    assertThat(outcome.summary().path("status").asText()).isEqualTo("diverged");
    assertThat(temporary.resolve("run/model.zip")).doesNotExist();
  }

  @Test
  void aRunEndsAfterTheRoundInWhichItsTimeIsUp() {
    TrainingOutcome outcome = train(small("run", "training.max-minutes=1e-9"));
    assertThat(outcome.status()).isEqualTo(Status.TIME_LIMIT);
    assertThat(outcome.summary().path("status").asText()).isEqualTo("time-limit");
    assertThat(outcome.summary().path("rounds").asInt()).isEqualTo(1);
    assertThat(outcome.summary().path("best").path("epoch").asInt()).isEqualTo(1);
    assertThat(temporary.resolve("run/model.zip")).exists();
  }

  @Test
  void earlyStoppingRestoresTheBestParameters() {
    // After the first evaluation nothing is good enough, so that its parameters stay the best.
    TrainingOutcome stopped =
        train(
            small(
                "stopped",
                "training.epochs=9",
                "training.early-stopping={patience=2, min-delta=1000}"));
    TrainingOutcome best = train(small("best", "training.epochs=1"));
    assertThat(stopped.status()).isEqualTo(Status.EARLY_STOPPED);
    assertThat(stopped.summary().path("status").asText()).isEqualTo("early-stopped");
    assertThat(stopped.summary().path("epochs").asInt()).isEqualTo(3);
    assertThat(stopped.summary().path("best")).isEqualTo(best.summary().path("best"));
    assertThat(sha(stopped)).isEqualTo(sha(best));
    assertThat(temporary.resolve("stopped/model.zip"))
        .hasSameBinaryContentAs(temporary.resolve("best/model.zip"));
  }

  /** No evaluation is ever good enough, so that the rate is halved after each but the first. */
  @Test
  void theRateFallsForAllWorkersOnceValidationNoLongerImproves() throws IOException {
    String[] common = {"training.epochs=3", "data.validation=0.2"};
    RunConfiguration constant = small("constant", common);
    RunConfiguration reduced =
        small(
            "reduced",
            with(common, "training.reduce-on-plateau={factor=0.5, patience=1, min-delta=1000}"));
    RunConfiguration written =
        small(
            "written",
            with(common, "optimizer.schedule={name=piecewise, points=[[0, 1], [2, 0.5]]}"));
    String expected = lastSha(written);
    assertThat(lastSha(reduced)).isEqualTo(expected);
    assertThat(lastSha(constant)).isNotEqualTo(expected);
    assertThat(lastState(reduced).plateau().share()).isEqualTo(0.25);
    assertThat(Files.readString(temporary.resolve("reduced/metrics.jsonl")))
        .contains("\"rate-share\":0.5", "\"rate-share\":0.25");
  }

  private static String lastSha(RunConfiguration configuration) {
    train(configuration);
    return ParameterDigest.sha256(lastState(configuration).parameters());
  }

  @ParameterizedTest
  @CsvSource({"linear, 4, 0.08", "square-root, 4, 0.04", "none, 4, 0.02", "linear, 1, 0.02"})
  void theLearningRateIsScaledByTheWorkers(String scaling, int workers, double rate) {
    String[] overrides =
        with(
            WITHOUT_VALIDATION,
            "training.workers=" + workers,
            "optimizer.schedule={name=cosine, warm-up=1 epoch}");
    RunConfiguration scaled =
        small("scaled", with(overrides, "averaging.learning-rate-scaling=" + scaling));
    RunConfiguration written = small("written", with(overrides, "optimizer.learning-rate=" + rate));
    assertThat(lastSha(scaled)).isEqualTo(lastSha(written));
  }

  /** Every array that is remembered, and what a run goes on from, come out of slices as well. */
  @Test
  void whatExecutorsAverageIsWhatTheDriverDoesBitForBit() {
    String[] overrides = {
      "data.validation=0.2",
      "training.workers=3",
      "optimizer.name=adam",
      "averaging.strategy=block-momentum",
      "averaging.nesterov=on",
      "averaging.moving-average={decay=0.5, keep=better}"
    };
    RunConfiguration onDriver = small("driver", with(overrides, "averaging.route=driver"));
    RunConfiguration onExecutors = small("executors", with(overrides, "averaging.route=executors"));
    TrainingOutcome expected = train(onDriver);
    TrainingOutcome found = train(onExecutors);
    assertSame(lastState(onExecutors), lastState(onDriver));
    assertThat(sha(found)).isEqualTo(sha(expected));
  }

  @Test
  void aRunGoesOnBitForBitWhereverItWasAndIsAveraged() {
    String[] overrides =
        with(
            WITHOUT_VALIDATION,
            "training.workers=3",
            "training.epochs=3",
            "averaging.strategy=block-momentum",
            "averaging.nesterov=on",
            "averaging.moving-average={decay=0.5, keep=average}");
    RunConfiguration whole = small("whole", with(overrides, "averaging.route=driver"));
    train(whole);
    for (List<String> routes :
        List.of(
            List.of("driver", "executors"),
            List.of("executors", "driver"),
            List.of("executors", "executors"))) {
      String name = String.join("-", routes);
      supervised(
          small(name, with(overrides, "averaging.route=" + routes.get(0))),
          moment -> moment.rounds() >= 4 ? Supervisor.Verdict.SUSPEND : Supervisor.Verdict.GO_ON);
      RunConfiguration rest = small(name, with(overrides, "averaging.route=" + routes.get(1)));
      assertThat(lastState(rest).totals().rounds()).isEqualTo(4);
      train(rest);
      assertSame(lastState(rest), lastState(whole));
    }
  }

  @Test
  void whatALateWorkerHasNotTrainedIsLeftOutAndSaid() throws IOException {
    RunConfiguration configuration =
        small("run", with(WITHOUT_VALIDATION, "training.workers=3", "averaging.deadline=1s"));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Progress progress = new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false);
    try (RunDirectory directory =
        RunDirectory.open(configuration, new Configuration(false), () -> {})) {
      TrainingRun.run(cluster, configuration, directory, progress);
    }
    assertThat(said.toString(StandardCharsets.UTF_8))
        .containsOnlyOnce("what a round trains depends on the clock");
    assertThat(lines("run", "round")).hasSize(2 * 3);
  }

  /** Measurements differ from run to run; once taken, a decision stays. */
  @Test
  void anAdaptedFrequencyIsThatOfTheCheckpoint() throws IOException {
    RunConfiguration configuration =
        small(
            "run",
            with(
                WITHOUT_VALIDATION,
                "training.workers=3",
                "training.epochs=4",
                "averaging.adaptive-frequency.share=0.1"));
    List<TrainingState> states = new ArrayList<>();
    for (int epochs = 1; epochs <= 4; epochs++) {
      int until = epochs;
      supervised(
          configuration,
          moment ->
              moment.epochs() >= until ? Supervisor.Verdict.SUSPEND : Supervisor.Verdict.GO_ON);
      states.add(lastState(configuration));
    }
    // The largest shard has 33 examples, which are 5 batches.
    long rounds = 3;
    for (int epoch = 1; epoch < 4; epoch++) {
      int batches = states.get(epoch - 1).position().batches();
      assertThat(batches).isBetween(1, 5);
      rounds += (5 + batches - 1) / batches;
      assertThat(states.get(epoch).totals().rounds()).isEqualTo(rounds);
    }
  }

  /** As if every executor that had a slice of the parameters were lost at once. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "averaging.moving-average.decay=0.5",
        "averaging={optimizer-state=keep, compression={name=top-k, share=0.1}}"
      })
  void aRunWhoseParametersAreLostGoesBackToItsCheckpointAndEndsWithTheSame(String averaging)
      throws IOException {
    String[] overrides = {"data.validation=0.2", "training.epochs=3", averaging};
    RunConfiguration undisturbed = small("undisturbed", overrides);
    TrainingOutcome expected = train(undisturbed);
    RunConfiguration disturbed =
        small(
            "disturbed", with(overrides, "averaging.route=executors", "checkpoint.every=2 rounds"));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    boolean[] lost = {false};
    TrainingOutcome found =
        supervised(
            disturbed,
            new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false),
            moment -> {
              if (moment.rounds() == 5 && !lost[0]) {
                lost[0] = true;
                loseEverything();
              }
              return Supervisor.Verdict.GO_ON;
            });
    assertThat(said.toString(StandardCharsets.UTF_8))
        .containsOnlyOnce("lost with their executors: parameters; going back to the latest");
    assertSame(lastState(disturbed), lastState(undisturbed));
    assertThat(sha(found)).isEqualTo(sha(expected));
    assertThat(found.summary().path("examples")).isEqualTo(expected.summary().path("examples"));
    assertThat(validations("disturbed"))
        .extracting(line -> line.path("loss"))
        .isEqualTo(validations("undisturbed").stream().map(line -> line.path("loss")).toList());
  }

  private static void loseEverything() {
    int sets = SparkContext.getOrCreate().newRddId();
    for (int set = 0; set < sets; set++) {
      SparkEnv.get().blockManager().master().removeRdd(set, true);
    }
  }

  private static void assertSame(TrainingState found, TrainingState expected) {
    assertThat(found.totals().rounds()).isEqualTo(expected.totals().rounds());
    assertThat(found.model().vectors()).hasSameSizeAs(expected.model().vectors());
    expected
        .model()
        .vectors()
        .forEach(
            (name, vector) ->
                assertThat(found.model().vectors().get(name).whole())
                    .as(name)
                    .isEqualTo(vector.whole()));
  }

  @Test
  void theMovingAverageOfAllRoundsIsTheMeanOfWhatEachCameTo() throws IOException {
    RunConfiguration configuration =
        small(
            "run",
            with(
                WITHOUT_VALIDATION,
                "checkpoint.keep=100",
                "averaging.moving-average={decay=1, keep=average}"));
    TrainingOutcome outcome = train(configuration);
    List<float[]> rounds = new ArrayList<>();
    try (Stream<Path> files = Files.list(temporary.resolve("run/checkpoints"))) {
      List<Path> checkpoints = files.sorted().toList();
      for (int kept = 1; kept <= checkpoints.size(); kept++) {
        RunConfiguration part =
            small("part-" + kept, with(WITHOUT_VALIDATION, "checkpoint.keep=100"));
        RunDirectory.open(part, new Configuration(false), () -> {}).close();
        Path into = temporary.resolve("part-" + kept).resolve("checkpoints");
        Files.createDirectories(into);
        Files.copy(
            checkpoints.get(kept - 1), into.resolve(checkpoints.get(kept - 1).getFileName()));
        rounds.add(lastState(part).parameters());
      }
    }
    float[] mean = new float[rounds.get(0).length];
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (float[] round : rounds) {
        sum += round[i];
      }
      mean[i] = (float) (sum / rounds.size());
    }
    float[] found = lastState(configuration).model().movingAverage().orElseThrow();
    for (int i = 0; i < mean.length; i++) {
      assertThat(found[i]).isCloseTo(mean[i], within(1e-6f));
    }
    assertThat(sha(outcome)).isEqualTo(ParameterDigest.sha256(found));
    assertThat(lastSha(small("plain", WITHOUT_VALIDATION)))
        .as("training goes on without it")
        .isEqualTo(ParameterDigest.sha256(lastState(configuration).parameters()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"better", "average", "current"})
  void theAverageIsValidatedBesideTheWeightsAndTheConfiguredOnesAreKept(String keep)
      throws IOException {
    RunConfiguration configuration =
        small(
            "run",
            "data.validation=0.2",
            "training.epochs=3",
            "averaging.moving-average={decay=0.5, keep=" + keep + "}");
    TrainingOutcome outcome = train(configuration);
    List<JsonNode> lines = validations("run");
    assertThat(lines).hasSize(3);
    for (JsonNode line : lines) {
      double current = line.path("current").path("loss").asDouble();
      double average = line.path("average").path("loss").asDouble();
      double kept =
          switch (keep) {
            case "average" -> average;
            case "current" -> current;
            default -> Math.min(current, average);
          };
      assertThat(average).isNotEqualTo(current);
      assertThat(line.path("loss").asDouble()).isEqualTo(kept);
      assertThat(line.path(line.path("weights").asText()).path("loss").asDouble()).isEqualTo(kept);
    }
    double best = lines.stream().mapToDouble(line -> line.path("loss").asDouble()).min().orElse(0);
    assertThat(outcome.best().orElseThrow().loss()).isEqualTo(best);
    assertThat(outcome.summary().path("best").path("validation-loss").asDouble()).isEqualTo(best);
    assertThat(outcome.summary().path("best").has("weights"))
        .isEqualTo(lastState(configuration).best().orElseThrow().weights() == Weights.AVERAGE);
  }

  private List<JsonNode> validations(String name) throws IOException {
    return lines(name, "validation");
  }

  private List<JsonNode> lines(String name, String type) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(temporary.resolve(name).resolve("metrics.jsonl"))) {
      JsonNode node = new ObjectMapper().readTree(line);
      if (node.path("type").asText().equals(type)) {
        lines.add(node);
      }
    }
    assertThat(lines).as("lines of type %s", type).isNotEmpty();
    return lines;
  }

  private RunConfiguration small(String name, String... overrides) {
    return Experiments.small(temporary.resolve(name), overrides);
  }

  private static TrainingOutcome train(RunConfiguration configuration) {
    try (RunDirectory directory =
        RunDirectory.open(configuration, new Configuration(false), () -> {})) {
      return TrainingRun.run(cluster, configuration, directory, Progress.none());
    }
  }

  private static TrainingState lastState(RunConfiguration configuration) {
    try (RunDirectory directory =
        RunDirectory.open(configuration, new Configuration(false), () -> {})) {
      return directory.latestCheckpoint().orElseThrow().state();
    }
  }

  private static String sha(TrainingOutcome outcome) {
    return outcome.summary().path("parameter-sha256").asText();
  }

  private static String[] with(String[] some, String... others) {
    return Stream.concat(Stream.of(some), Stream.of(others)).toArray(String[]::new);
  }
}
