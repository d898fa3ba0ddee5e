package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnsembleTest {
  private static final String EXPERIMENT = Runs.experiment("ensemble.conf");
  private static final String BACKEND = "CoarseGrainedExecutorBackend";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int KILLS = 4;

  private static String[] arguments(RunFiles files, String... overrides) {
    return Stream.concat(Stream.of("ensemble", EXPERIMENT, files.argument()), Stream.of(overrides))
        .toArray(String[]::new);
  }

  private static Ended ensemble(RunFiles files, String... overrides) {
    Ended ended = Command.run(arguments(files, overrides));
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    return ended;
  }

  private static byte[] artefact(RunFiles files) throws IOException {
    return Files.readAllBytes(files.directory().resolve("ensemble.zip"));
  }

  private static long recorded(RunFiles files) {
    Path file = files.directory().resolve("members.jsonl");
    return Files.exists(file) ? files.lines("members.jsonl").size() : 0;
  }

  @Test
  void membersAnswerTogetherAndAreTestedOnce() throws IOException {
    RunFiles files = Runs.newRun("ensemble-whole");
    Ended ended = ensemble(files);
    assertThat(ended.complaints()).isEmpty();
    assertThat(
            ended
                .messages()
                .lines()
                .filter(line -> line.startsWith("decoding and packing 540 images")))
        .as("training images: read once for all members")
        .hasSize(1);
    JsonNode summary = files.summary();
    assertThat(summary.path("status").asText()).isEqualTo("completed");
    assertThat(summary.path("members")).hasSize(4);
    assertThat(summary.path("left-out")).isEmpty();
    assertThat(summary.path("combination").path("rule").asText()).isEqualTo("soft");
    assertThat(summary.path("test").path("examples").asInt()).isEqualTo(100);
    assertThat(summary.path("test").path("accuracy").asDouble()).isGreaterThan(0.5);
    // A vote of four is out of bag for all but (1 - 1/e)^4 = 16 % of the examples.
    int answered = summary.path("out-of-bag").path("examples").asInt();
    assertThat(answered + summary.path("out-of-bag").path("unanswered").asInt()).isEqualTo(540);
    assertThat(answered / 540.0).isCloseTo(1 - Math.pow(1 - Math.exp(-1), 4), within(0.06));

    for (JsonNode member : summary.path("members")) {
      String name = String.format(Locale.ROOT, "members/%04d", member.path("member").asInt());
      JsonNode run = new RunFiles(files.directory().resolve(name)).summary();
      assertThat(run.path("parameter-sha256")).isEqualTo(member.path("parameter-sha256"));
      assertThat(run.has("test")).as("members see no test images").isFalse();
      assertThat(run.path("examples").path("seen").asInt())
          .as("the weights' sum, every epoch")
          .isEqualTo(540 * run.path("epochs").asInt());
    }

    Ended evaluated =
        Command.run("evaluate", files.directory().resolve("ensemble.zip").toString(), EXPERIMENT);
    assertThat(evaluated.exitCode()).as(evaluated.messages()).isZero();
    JsonNode again = JSON.readTree(evaluated.output());
    assertThat(again.path("test").path("accuracy"))
        .isEqualTo(summary.path("test").path("accuracy"));
    assertThat(again.path("test").path("loss").asDouble())
        .isCloseTo(summary.path("test").path("loss").asDouble(), within(1e-6));
  }

  @Test
  void aMemberCanBeTrainedByItself() {
    RunFiles files = Runs.newRun("ensemble-members");
    ensemble(files, "ensemble.members=2");
    RunFiles alone = Runs.newRun("ensemble-member-alone");
    Path held = files.directory().resolve("members/0001/config.conf");
    Ended trained = Command.run("train", held.toString(), alone.argument());
    assertThat(trained.exitCode()).as(trained.messages()).isZero();
    assertThat(alone.parameters())
        .isEqualTo(new RunFiles(files.directory().resolve("members/0001")).parameters());
  }

  @Test
  void aDriverKilledAgainAndAgainLeavesTheSameEnsembleBitForBit()
      throws IOException, InterruptedException {
    RunFiles whole = Runs.newRun("ensemble-undisturbed");
    ensemble(whole);
    RunFiles killed = Runs.newRun("ensemble-killed");
    long seed = System.nanoTime();
    Random moments = new Random(seed);
    for (int kill = 0; kill < KILLS; kill++) {
      long lines = recorded(killed);
      try (Application application = Application.start(arguments(killed))) {
        application.await("a new line", () -> recorded(killed) > lines);
        Thread.sleep(moments.nextInt(500));
        application.kill();
      }
    }
    ensemble(killed);
    assertThat(artefact(killed)).as("seed %d", seed).isEqualTo(artefact(whole));
    assertThat(killed.summary()).as("seed %d", seed).isEqualTo(whole.summary());
  }

  @Test
  void snapshotsTheirMeanAndWhoLearnsFromThemAreTheSameAfterKills()
      throws IOException, InterruptedException {
    String[] snapshots = {
      "ensemble={from=snapshots, members=4, average-weights=greedy}",
      "ensemble.distill={train=on, run={training.epochs=3, augment=[]}}"
    };
    RunFiles whole = Runs.newRun("ensemble-snapshots");
    ensemble(whole, snapshots);
    RunFiles killed = Runs.newRun("ensemble-snapshots-killed");
    for (String sign : List.of("members/0000/snapshots/0004.zip", "distilled/checkpoints")) {
      try (Application application = Application.start(arguments(killed, snapshots))) {
        application.await(sign, () -> Files.exists(killed.directory().resolve(sign)));
        application.kill();
      }
    }
    ensemble(killed, snapshots);
    assertThat(killed.summary()).isEqualTo(whole.summary());
    for (String file : List.of("ensemble.zip", "distilled.zip", "distilled/model.zip")) {
      assertThat(killed.directory().resolve(file))
          .hasSameBinaryContentAs(whole.directory().resolve(file));
    }

    JsonNode summary = whole.summary();
    assertThat(summary.path("members")).hasSize(4);
    assertThat(summary.path("members").get(1).path("run").asText())
        .isEqualTo("members/0000 after epoch 4");
    JsonNode average = summary.path("average");
    assertThat(average.path("validation-loss").asDouble())
        .as("greedy begins with the best member and never gets worse")
        .isLessThanOrEqualTo(average.path("best-member").asDouble());
    assertThat(average.path("kept").asBoolean()).isTrue();
    assertThat(summary.path("distilled").path("test").path("accuracy").asDouble())
        .isGreaterThan(0.4);
    JsonNode student = new RunFiles(whole.directory().resolve("distilled")).summary();
    assertThat(student.path("examples").path("seen").asInt()).isEqualTo(3 * 540);
    for (String network : List.of("distilled", "average")) {
      Ended evaluated =
          Command.run(
              "evaluate", whole.directory().resolve(network + ".zip").toString(), EXPERIMENT);
      assertThat(evaluated.exitCode()).as(evaluated.messages()).isZero();
      assertThat(JSON.readTree(evaluated.output()).path("test").path("loss").asDouble())
          .isCloseTo(summary.path(network).path("test").path("loss").asDouble(), within(1e-6));
    }
    assertThat(Command.run(arguments(whole, "ensemble={from=snapshots, members=2}")).messages())
        .contains("ensemble.members = 2");
  }

  @Test
  void trialsWhoseImagesHaveChangedAreNoMembers(@TempDir Path images) throws IOException {
    ImageFolders.good(images);
    RunFiles search = Runs.newRun("search-of-images");
    Ended searched =
        Command.run(
            "search",
            EXPERIMENT,
            search.argument(),
            "data.format=image-folder",
            "data.train=\"" + images + "\"",
            "data.test=off",
            "data.validation=0.25",
            "training.epochs=1",
            "optimizer.learning-rate={log-uniform=[0.01, 0.1]}",
            "search={trials=2, refit=off, keep-models=2}");
    assertThat(searched.exitCode()).as(searched.messages()).isZero();
    Files.copy(images.resolve("dark/image-0.png"), images.resolve("dark/image-8.png"));
    Ended ended = Command.run("ensemble", "--search", search.directory().toString());
    assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(3);
    assertThat(ended.complaints())
        .singleElement()
        .asString()
        .contains("expected the images that its trials were trained on", "for trial 0");
  }

  @Test
  void aSearchThatHasEndedGivesAnEnsembleForNothing() throws IOException {
    RunFiles search = Runs.newRun("ensemble-search");
    Ended searched =
        Command.run(
            "search",
            EXPERIMENT,
            search.argument(),
            "training.epochs=3",
            "optimizer.learning-rate={log-uniform=[0.01, 0.1]}",
            "search={trials=4, refit=off, keep-models=3}");
    assertThat(searched.exitCode()).as(searched.messages()).isZero();
    Ended ended = Command.run("ensemble", "--search", search.directory().toString());
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    assertThat(ended.messages()).doesNotContain("epoch");
    RunFiles ensemble = new RunFiles(Path.of(search.directory() + "-ensemble"));
    JsonNode summary = ensemble.summary();
    assertThat(summary.path("members")).hasSizeBetween(1, 3);
    assertThat(summary.path("validation").path("before-temperature").path("loss").asDouble())
        .as("no worse than the best trial")
        .isLessThanOrEqualTo(
            search.summary().path("search").path("best").path("validation-loss").asDouble(100));
    assertThat(ensemble.directory().resolve("members")).doesNotExist();

    Ended distilled =
        Command.run(
            "ensemble",
            "--search",
            search.directory().toString(),
            "ensemble.distill={train=on, run={training.epochs=2}}");
    assertThat(distilled.exitCode()).as(distilled.messages()).isZero();
    assertThat(ensemble.summary().path("members")).isEqualTo(summary.path("members"));
    assertThat(
            new RunFiles(ensemble.directory().resolve("distilled"))
                .summary()
                .path("epochs")
                .asInt())
        .isEqualTo(2);

    Ended other =
        Command.run(
            "ensemble",
            EXPERIMENT,
            Runs.newRun("ensemble-of-other-images").argument(),
            "ensemble={from=search, search=\"" + search.directory() + "\"}",
            "data.seed=7");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.messages()).contains("expected trials on the images of this configuration");
  }

  @Test
  void aNetworkWithDropoutIsAskedSeveralTimes() throws IOException {
    RunFiles files = Runs.newRun("ensemble-dropout");
    ensemble(
        files,
        "ensemble={members=2, dropout-samples=10, combine=geometric}",
        "model={hidden=[32, 16], dropout=0.3}",
        "training.epochs=4");
    JsonNode summary = files.summary();
    assertThat(summary.path("members")).hasSize(2);
    assertThat(summary.path("combination").path("members").asInt()).isEqualTo(20);
    JsonNode uncertainty =
        JSON.readTree(files.directory().resolve("statistics.json").toFile())
            .path("test")
            .path("doubt")
            .path("uncertainty");
    assertThat(uncertainty.path("overall").path("mutual-information").asDouble()).isPositive();
    Ended evaluated =
        Command.run("evaluate", files.directory().resolve("ensemble.zip").toString(), EXPERIMENT);
    assertThat(evaluated.exitCode()).as(evaluated.messages()).isZero();
    assertThat(JSON.readTree(evaluated.output()).path("test").path("loss").asDouble())
        .isCloseTo(summary.path("test").path("loss").asDouble(), within(1e-6));
  }

  @Test
  void membersCanDifferInTheirNetworks() {
    RunFiles files = Runs.newRun("ensemble-variants");
    ensemble(
        files,
        "ensemble={members=3, variants=[{model.hidden=[8]}, {model={name=linear, filters=null, hidden=null}}]}",
        "training.epochs=1");
    for (int member = 0; member < 3; member++) {
      JsonNode run = new RunFiles(files.directory().resolve("members/000" + member)).summary();
      assertThat(run.path("model").asText()).isEqualTo(member == 1 ? "linear" : "lenet-5");
    }
  }

  @Test
  void executorsLostInTrainingAndInDistillationChangeNothing() throws IOException {
    String distilled = "ensemble.distill={train=on, run={training.epochs=12}}";
    RunFiles whole = Runs.newRun("ensemble-local");
    ensemble(whole, distilled);
    RunFiles files = Runs.newRun("ensemble-lost-executor");
    try (Application application =
        Application.start(
            Map.of("CONVOY_LOG_LEVEL", "WARN"),
            arguments(files, distilled, Application.TWO_EXECUTORS))) {
      application.await("a member", () -> recorded(files) >= 3);
      loseAnExecutor(application);
      RunFiles student = new RunFiles(files.directory().resolve("distilled"));
      application.await("distillation", () -> student.checkpointedRounds() > 0);
      loseAnExecutor(application);
      Ended ended = application.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(ended.messages().split("Lost executor", -1)).hasSizeGreaterThan(2);
    }
    for (String file : List.of("ensemble.zip", "distilled.zip")) {
      assertThat(files.directory().resolve(file))
          .hasSameBinaryContentAs(whole.directory().resolve(file));
    }
  }

  /** The one that has lived longest: those that Spark has started anew may have nothing yet. */
  private static void loseAnExecutor(Application application) {
    List<ProcessHandle> executors =
        application
            .handle()
            .descendants()
            .filter(process -> process.info().commandLine().orElse("").contains(BACKEND))
            .sorted(Comparator.comparing(process -> process.info().startInstant().orElseThrow()))
            .toList();
    assertThat(executors).as("executors").isNotEmpty();
    executors.get(0).destroyForcibly();
  }

  @Test
  void anExtendedEnsembleIsWhatItWouldHaveBeen() throws IOException {
    RunFiles four = Runs.newRun("ensemble-of-four");
    ensemble(four);
    RunFiles extended = Runs.newRun("ensemble-extended");
    ensemble(extended, "ensemble.members=2");
    assertThat(extended.summary().path("members")).hasSize(2);
    Ended ended = Command.run(arguments(extended, "ensemble.members=2", "--extend", "2"));
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    assertThat(artefact(extended)).isEqualTo(artefact(four));

    ensemble(extended, "ensemble.combine=hard");
    assertThat(extended.summary().path("combination").path("rule").asText()).isEqualTo("hard");
    assertThat(recorded(extended)).as("nothing is trained again").isEqualTo(8);
  }

  @Test
  void aMemberThatDivergesIsLeftOutAndSaidSo() {
    RunFiles files = Runs.newRun("ensemble-diverged");
    ensemble(
        files,
        "ensemble.members=6",
        "training.epochs=2",
        "optimizer.learning-rate={choice=[0.01, 1e9]}");
    JsonNode summary = files.summary();
    assertThat(summary.path("left-out")).isNotEmpty();
    assertThat(summary.path("members")).isNotEmpty();
    assertThat(summary.path("members").size() + summary.path("left-out").size()).isEqualTo(6);
    assertThat(summary.path("left-out").get(0).path("state").asText()).isEqualTo("diverged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"weighted", "stacked", "geometric"})
  void everyRuleComesToAnAnswer(String rule) {
    RunFiles files = Runs.newRun("ensemble-" + rule);
    ensemble(files, "ensemble.combine=" + rule, "ensemble.members=2", "data.validation=out-of-bag");
    assertThat(files.summary().path("combination").path("rule").asText()).isEqualTo(rule);
    assertThat(files.summary().path("test").path("accuracy").asDouble()).isBetween(0.4, 1.0);
  }

  @Test
  void imagesOfAnySizeThatMembersTakeArePredicted() throws IOException {
    RunFiles files = Runs.newRun("ensemble-tiny");
    ensemble(
        files,
        "model={name=linear, filters=null, hidden=null}",
        "data.image={height=8, width=8}", // LeNet takes none below 12 x 12
        "ensemble.members=2",
        "training.epochs=1");
    Path images = Runs.newDirectory("tiny-images");
    ImageIO.write(
        new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY),
        "png",
        images.resolve("one.png").toFile());
    Path csv = images.resolve("predictions.csv");
    predict(files.directory().resolve("ensemble.zip"), images, csv);
    assertThat(Files.readAllLines(csv)).hasSize(2);
  }

  @Test
  void imagesArePredictedInOrderAndBadOnesNamed() throws IOException {
    RunFiles files = Runs.newRun("ensemble-predict");
    ensemble(files, "ensemble.members=2", "training.epochs=1");
    Path images = Runs.newDirectory("images");
    Random random = new Random(1);
    for (int i = 0; i < 600; i++) {
      BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
      for (int pixel = 0; pixel < 256; pixel++) {
        image.setRGB(pixel % 16, pixel / 16, random.nextInt());
      }
      Path folder = Files.createDirectories(images.resolve("part-" + i % 3));
      ImageIO.write(
          image, "png", folder.resolve(String.format(Locale.ROOT, "%04d.png", i)).toFile());
    }
    Files.writeString(images.resolve("part-0/0000-broken.png"), "no image");
    Path lines = images.resolve("predictions.jsonl");
    Ended ended = predict(files.directory(), images, lines);
    assertThat(ended.messages()).contains("predicted 600 images").contains("1 could not be read");
    List<String> text = Files.readAllLines(lines);
    assertThat(text).hasSize(601);
    List<String> paths = text.stream().map(EnsembleTest::path).toList();
    assertThat(paths).isSorted();
    JsonNode first = JSON.readTree(text.get(1));
    DocumentedKeys.ofPrediction(first);
    double sum = 0;
    for (JsonNode probability : first.path("probabilities")) {
      sum += probability.asDouble();
    }
    assertThat(sum).isCloseTo(1, within(1e-6));
    assertThat(first.path("entropy").asDouble()).isBetween(0.0, Math.log(4));
    assertThat(JSON.readTree(text.get(0)).path("error").asText()).isNotEmpty();

    Path csv = images.resolve("predictions.csv");
    predict(files.directory().resolve("members/0000/model.zip"), images, csv);
    assertThat(Files.readAllLines(csv)).hasSize(602);
    DocumentedKeys.ofPredictionHeader(Files.readAllLines(csv).get(0));
  }

  private static Ended predict(Path model, Path images, Path output) {
    Ended ended =
        Command.run(
            "predict",
            model.toString(),
            "--images",
            images.toString(),
            "--output",
            output.toString(),
            "spark.master=local[2]");
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    return ended;
  }

  private static String path(String line) {
    try {
      return JSON.readTree(line).path("path").asText();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
