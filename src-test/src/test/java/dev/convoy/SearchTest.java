package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {
  private static final String EXPERIMENT = Runs.experiment("search.conf");
  private static final String BACKEND = "CoarseGrainedExecutorBackend";

  /** A start takes seconds: a few in each build, more where they are asked for. */
  private static final int KILLS = Integer.getInteger("convoy.search.kills", 3);

  private static final int LONGEST_WAIT_MILLIS = 400;

  private static Ended search(SearchFiles files, String... overrides) {
    return Command.run(arguments(files, overrides));
  }

  private static String[] arguments(SearchFiles files, String... overrides) {
    return Stream.concat(Stream.of("search", EXPERIMENT, files.argument()), Stream.of(overrides))
        .toArray(String[]::new);
  }

  @Test
  void theWinnerCanBeTrainedByItselfAndIsTestedOnceInTheEnd() {
    SearchFiles search = SearchFiles.create("search-winner");
    Ended ended = search(search, "search.trials=3", "search.refit=as-is");
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    assertThat(ended.complaints()).isEmpty();
    assertThat(
            ended
                .messages()
                .lines()
                .filter(line -> line.startsWith("decoding and packing 720 images")))
        .as("training images: read once for all trials, once for the refit")
        .hasSize(2);
    JsonNode summary = search.summary();
    assertThat(summary.path("search").path("status").asText()).isEqualTo("completed");
    assertThat(summary.path("test").path("accuracy").isNumber()).isTrue();
    assertThat(search.trials("completed")).hasSize(3);
    String winner =
        String.format(
            Locale.ROOT, "trials/%06d", summary.path("search").path("best").path("trial").asInt());
    RunFiles trial = new RunFiles(search.directory().resolve(winner));
    assertThat(trial.summary().has("test")).as("trials see no test images").isFalse();
    assertThat(summary.path("parameter-sha256"))
        .isEqualTo(trial.summary().path("parameter-sha256"));

    RunFiles alone = Runs.newRun("search-winner-alone");
    Ended trained =
        Command.run("train", search.directory().resolve("best.conf").toString(), alone.argument());
    assertThat(trained.exitCode()).as(trained.messages()).isZero();
    assertThat(alone.parameters()).isEqualTo(trial.parameters());
    assertThat(search.directory().resolve("report.html")).isNotEmptyFile();
    assertThat(search.directory().resolve("model.zip")).isNotEmptyFile();
  }

  @Test
  void theRefitTrainsOnTheValidationImagesTooAndIsTheSameModelIfItsDriverIsKilled()
      throws IOException {
    String[] overrides = {"search.trials=2", "search.refit=on"};
    SearchFiles whole = SearchFiles.create("search-refit-whole");
    Ended undisturbed = search(whole, overrides);
    assertThat(undisturbed.exitCode()).as(undisturbed.messages()).isZero();
    JsonNode summary = whole.summary();
    assertThat(summary.path("examples").path("train").asInt()).isEqualTo(800);
    assertThat(summary.path("examples").path("validation").asInt()).isZero();
    assertThat(summary.path("epochs")).isEqualTo(summary.path("search").path("best").path("epoch"));
    assertThat(summary.path("test").path("accuracy").isNumber()).isTrue();
    assertThat(whole.directory().resolve("best.conf")).isNotEmptyFile();
    String metric = "validation-accuracy";
    DocumentedKeys.ofSummary(summary);
    DocumentedKeys.ofSearch(summary, metric);
    DocumentedKeys.ofTrials(whole.files().lines("trials.jsonl"), metric);
    DocumentedKeys.ofLeaderboard(
        Files.readAllLines(whole.directory().resolve("leaderboard.csv")).get(0), metric);

    SearchFiles killed = SearchFiles.create("search-refit-killed");
    RunFiles refit = new RunFiles(killed.directory().resolve("refit"));
    try (Application application = Application.start(arguments(killed, overrides))) {
      application.await("a checkpoint of the refit", () -> refit.checkpointedRounds() > 1);
      application.kill();
    }
    assertThat(killed.hasEnded()).isFalse();
    Ended last = search(killed, overrides);
    assertThat(last.exitCode()).as(last.messages()).isZero();
    assertThat(last.messages()).contains("going on after round");
    assertThat(killed.files().parameters()).isEqualTo(whole.files().parameters());
    assertThat(killed.leaderboard()).isEqualTo(whole.leaderboard());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "{rule=halving, reduction-factor=2}"})
  void aDriverKilledAgainAndAgainLeavesTheSameLeaderboard(String rule) throws InterruptedException {
    String termination = "search.early-termination=" + rule;
    SearchFiles whole = SearchFiles.create("search-whole");
    Ended undisturbed = search(whole, termination);
    assertThat(undisturbed.exitCode()).as(undisturbed.messages()).isZero();

    SearchFiles killed = SearchFiles.create("search-killed");
    long seed = System.nanoTime();
    Random moments = new Random(seed);
    List<Integer> ended = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      long lines = killed.recorded();
      try (Application application = Application.start(arguments(killed, termination))) {
        application.await("a new line", () -> killed.recorded() > lines);
        Thread.sleep(moments.nextInt(LONGEST_WAIT_MILLIS));
        application.kill();
      }
      assertThat(killed.hasEnded()).as("seed %d, kill %d", seed, kill).isFalse();
      killed.trials("completed").forEach(line -> ended.add(line.path("trial").asInt()));
    }
    Ended last = Application.run(arguments(killed, termination));
    assertThat(last.exitCode()).as(last.messages()).isZero();
    assertThat(killed.leaderboard()).as("seed %d", seed).isEqualTo(whole.leaderboard());
    assertThat(last.messages()).contains("going on after");
    assertThat(killed.trials("completed").stream().map(line -> line.path("trial").asInt()))
        .as("no trial ends twice")
        .doesNotHaveDuplicates()
        .containsAll(ended);
  }

  @Test
  void anExecutorLostChangesNothing() throws InterruptedException {
    SearchFiles undisturbed = SearchFiles.create("search-undisturbed");
    Ended local = search(undisturbed, "search.trials=6");
    assertThat(local.exitCode()).as(local.messages()).isZero();

    SearchFiles search = SearchFiles.create("search-lost-executor");
    try (Application application =
        Application.start(
            Map.of("CONVOY_LOG_LEVEL", "WARN"),
            arguments(search, "search.trials=6", Application.TWO_EXECUTORS))) {
      application.await("a trial", () -> search.recorded() >= 4);
      List<ProcessHandle> executors =
          application
              .handle()
              .descendants()
              .filter(process -> process.info().commandLine().orElse("").contains(BACKEND))
              .toList();
      assertThat(executors).as("executors").hasSize(2);
      executors.get(0).destroyForcibly();
      Ended ended = application.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(ended.messages()).contains("Lost executor");
    }
    assertThat(search.leaderboard()).isEqualTo(undisturbed.leaderboard());
  }

  @Test
  void aTrialThatRunsOutOfMemoryIsRecordedAndTheOthersAreUntouched() {
    String[] space = {
      "search.trials=6",
      "search.sampling=grid",
      "search.retries=0",
      "optimizer={choice=[{name=sgd, learning-rate=0.01}, {name=adam, learning-rate=0.001}]}",
      "training.batch-size=16",
      "training.epochs=1",
      "model=null"
    };
    SearchFiles search = SearchFiles.create("search-memory");
    List<String> all = new ArrayList<>(List.of(space));
    all.add("model={name=mlp, hidden=[{choice=[8, 16, 32768]}, 2048]}");
    Ended ended = Application.run(arguments(search, all.toArray(String[]::new)));
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    assertThat(search.trials("completed")).hasSize(4);
    assertThat(search.trials("failed"))
        .hasSize(2)
        .allSatisfy(
            line -> assertThat(line.path("reason").asText()).containsIgnoringCase("memory"));

    SearchFiles without = SearchFiles.create("search-memory-without");
    all.set(all.size() - 1, "model={name=mlp, hidden=[{choice=[8, 16]}, 2048]}");
    Ended smaller = Application.run(arguments(without, all.toArray(String[]::new)));
    assertThat(smaller.exitCode()).as(smaller.messages()).isZero();
    assertThat(metrics(search)).isEqualTo(metrics(without));
  }

  private static List<String> metrics(SearchFiles search) {
    return search.trials("completed").stream()
        .map(line -> line.path("values") + " " + line.path("validation-accuracy"))
        .sorted()
        .toList();
  }

  @Test
  void crossValidationTrainsEveryFoldAndSaysHowSureTheMeanIs() {
    SearchFiles search = SearchFiles.create("search-folds");
    Ended ended =
        search(search, "search.trials=2", "search.folds=3", "training.epochs=1", "search.refit=on");
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    assertThat(search.leaderboard().get(0)).contains("validation-accuracy,standard-error");
    for (JsonNode trial : search.trials("completed")) {
      double sum = 0;
      long held = 0;
      for (int fold = 1; fold <= 3; fold++) {
        RunFiles run =
            new RunFiles(
                search
                    .directory()
                    .resolve(
                        String.format(
                            Locale.ROOT,
                            "trials/%06d/fold-%d",
                            trial.path("trial").asInt(),
                            fold)));
        sum += run.summary().path("best").path("validation-accuracy").asDouble();
        held += run.summary().path("examples").path("validation").asLong();
      }
      assertThat(trial.path("validation-accuracy").asDouble()).isEqualTo(sum / 3);
      assertThat(trial.path("standard-error").asDouble()).isPositive();
      assertThat(held).as("every image is held out once").isEqualTo(800);
    }
  }

  @Test
  void aSearchThatHasEndedCanBeExtendedAndIsThenWhatItWouldHaveBeen() {
    SearchFiles whole = SearchFiles.create("search-five");
    assertThat(search(whole, "search.trials=5", "training.epochs=1").exitCode()).isZero();
    SearchFiles search = SearchFiles.create("search-extended");
    assertThat(search(search, "search.trials=3", "training.epochs=1").exitCode()).isZero();
    Ended again = search(search, "search.trials=3", "training.epochs=1");
    assertThat(again.exitCode()).isZero();
    assertThat(again.messages()).contains("has ended before", "--extend");
    Ended extended =
        Command.run("search", "--extend", "2", "--resume", search.directory().toString());
    assertThat(extended.exitCode()).as(extended.messages()).isZero();
    assertThat(search.leaderboard()).isEqualTo(whole.leaderboard());
    Ended shorter = search(search, "search.trials=3", "training.epochs=1");
    assertThat(shorter.exitCode()).as(shorter.messages()).isZero();
    assertThat(search.leaderboard()).as("what was added stays").isEqualTo(whole.leaderboard());

    Ended status = Command.run("search", "--status", search.directory().toString());
    assertThat(status.exitCode()).isZero();
    assertThat(status.output()).contains("ended, completed", "5 completed", "rank", "optimizer");
  }

  @Test
  void anInterruptedSearchSaysHowToGoOn() {
    SearchFiles search = SearchFiles.create("search-interrupted");
    try (Application application = Application.start(arguments(search))) {
      application.await("a trial", () -> search.recorded() > 3);
      assumeTrue(application.interrupt(), "needs a shell that does not ignore SIGINT");
      Ended ended = application.end();
      assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(130);
      assertThat(ended.complaints())
          .singleElement()
          .asString()
          .contains("interrupted", "the same command", search.directory().toString());
    }
    assertThat(search.hasEnded()).isFalse();
  }

  @Test
  void theSecondOnTheSameDirectoryRefuses() {
    SearchFiles search = SearchFiles.create("search-twice");
    try (Application first = Application.start(arguments(search))) {
      first.await("a trial", () -> search.recorded() > 0);
      Ended second = search(search);
      assertThat(second.exitCode()).as(second.messages()).isEqualTo(75);
      assertThat(second.complaints())
          .singleElement()
          .asString()
          .contains("another convoy is at work", search.directory().toString());
      first.kill();
    }
    assertThat(search.hasEnded()).isFalse();
    Ended third = search(search, "search.max-minutes=0.001");
    assertThat(third.exitCode()).as(third.messages()).isNotEqualTo(75);
  }

  @Test
  void aDifferentSearchInTheDirectoryIsRefused() {
    SearchFiles search = SearchFiles.create("search-different");
    assertThat(search(search, "search.trials=1", "training.epochs=1").exitCode()).isZero();
    Ended other = search(search, "search.trials=1", "training.epochs=1", "search.sampling=sobol");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.messages()).contains("search.sampling", "random", "sobol", "--overwrite");
    assertThat(Files.exists(search.directory().resolve("summary.json"))).isTrue();
  }
}
