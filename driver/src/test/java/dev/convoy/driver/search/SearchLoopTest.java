package dev.convoy.driver.search;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.DirectoryClaim;
import dev.convoy.driver.directory.OutputException;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.trial.AbortedException;
import dev.convoy.driver.trial.Objective;
import dev.convoy.driver.trial.Slots;
import dev.convoy.driver.trial.Trial;
import dev.convoy.driver.trial.TrialResult;
import dev.convoy.driver.trial.TrialResult.Score;
import dev.convoy.driver.trial.TrialState;
import dev.convoy.driver.trial.TrialsOutcome;
import dev.convoy.driver.trial.TrialsOutcome.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchLoopTest {
  private static final Configuration HADOOP = new Configuration(false);
  private static final String SPACE = "optimizer.learning-rate={log-uniform=[1e-4, 1]}";

  @TempDir Path temporary;

  private SearchDefinition definition(String... overrides) {
    List<String> all = new ArrayList<>(List.of(SPACE, "training.epochs=" + StubObjective.EPOCHS));
    all.add("training.early-stopping.metric=validation-accuracy");
    all.addAll(List.of(overrides));
    try {
      Path file = Files.createTempFile(temporary, "space", ".conf");
      return SearchDefinition.of(WrittenConfiguration.read(file.toString(), all));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private SearchDirectory directory(String name, SearchDefinition definition) {
    return SearchDirectory.open(
        new DirectoryClaim(
            temporary.resolve(name).toString(),
            definition.text(),
            false,
            SearchDefinition::identityOf),
        HADOOP,
        () -> {});
  }

  /** Searches in the directory of that name; goes on if there was a search before. */
  private TrialsOutcome search(
      String name, SearchDefinition definition, Objective objective, int parallel) {
    return search(name, definition, objective, parallel, System::nanoTime);
  }

  private TrialsOutcome search(
      String name,
      SearchDefinition definition,
      Objective objective,
      int parallel,
      LongSupplier nanoTime) {
    try (SearchDirectory directory = directory(name, definition)) {
      SearchLoop search =
          new SearchLoop(
              definition,
              directory,
              objective,
              new Slots(parallel, () -> parallel),
              Progress.none(),
              nanoTime);
      SearchResults results = new SearchResults(definition, directory, workers -> 1);
      TrialsOutcome outcome = search.run(results);
      results.conclude(outcome, search.record(), java.util.Optional.empty());
      return outcome;
    }
  }

  /** The leaderboard without the column that differs from run to run. */
  private List<String> leaderboard(String name) {
    return lines(name, "leaderboard.csv").stream()
        .map(line -> line.substring(0, line.lastIndexOf(',')))
        .toList();
  }

  private List<String> lines(String name, String file) {
    try {
      return Files.readAllLines(temporary.resolve(name).resolve(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void everyTrialIsTrainedToItsEndOnceAndTheBestComesFirst() {
    StubObjective objective = new StubObjective();
    TrialsOutcome outcome = search("plain", definition("search.trials=30"), objective, 2);
    assertThat(outcome.status()).isEqualTo(Status.COMPLETED);
    assertThat(objective.trained())
        .hasSize(30)
        .allSatisfy((trial, times) -> assertThat(times).hasSize(1));
    assertThat(objective.mostAtOnce()).isLessThanOrEqualTo(2);
    List<String> rows = leaderboard("plain");
    assertThat(rows.get(0))
        .isEqualTo("rank,trial,state,epochs,validation-accuracy,optimizer.learning-rate");
    List<Double> metrics =
        rows.stream().skip(1).map(row -> Double.valueOf(row.split(",", -1)[4])).toList();
    assertThat(metrics).hasSize(30).isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "halving", "hyperband"})
  void theLeaderboardIsTheSameHoweverManyRunAtOnce(String rule) {
    SearchDefinition definition =
        definition("search.trials=36", "search.early-termination=" + rule);
    search("one", definition, new StubObjective(), 1);
    search("five", definition, new StubObjective(), 5);
    assertThat(leaderboard("five")).hasSizeGreaterThan(20).isEqualTo(leaderboard("one"));
  }

  @Test
  void whatATrialThatIsLeftBehindWouldGoOnFromIsRemovedWhileTheSearchGoesOn() {
    List<Integer> mostAtOnce = new ArrayList<>();
    StubObjective objective =
        new StubObjective()
            .when(
                (trial, time) -> {
                  try {
                    Files.createDirectories(checkpoints(trial.number()));
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                  mostAtOnce.add((int) IntStream.range(0, 36).filter(this::isKept).count());
                });

    search(
        "left-behind",
        definition("search.trials=36", "search.early-termination={rule=halving, bracket-trials=9}"),
        objective,
        1);

    // Of each bracket one comes to its end, where training itself would remove them.
    assertThat(objective.trained().values().stream().filter(times -> times.size() < 3)).hasSize(32);
    assertThat(IntStream.range(0, 36).filter(this::isKept)).hasSize(4);
    assertThat(mostAtOnce).contains(9 + 3).allMatch(kept -> kept <= 9 + 3);
  }

  private Path checkpoints(int trial) {
    return temporary.resolve(
        String.format(java.util.Locale.ROOT, "left-behind/trials/%06d/checkpoints", trial));
  }

  private boolean isKept(int trial) {
    return Files.exists(checkpoints(trial));
  }

  /** As if the driver were killed: what runs is lost, what was recorded stays. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "halving", "hyperband"})
  void aSearchThatIsKilledAgainAndAgainEndsWithTheSameLeaderboard(String rule) {
    SearchDefinition definition =
        definition("search.trials=36", "search.early-termination=" + rule);
    search("whole", definition, new StubObjective(), 1);
    List<Integer> completed = new ArrayList<>();
    for (int kill = 0; kill < 10; kill++) {
      int lastLine = 3 + kill * 7;
      truncate("broken", definition, lastLine);
      completed.addAll(ended("broken"));
    }
    StubObjective last = new StubObjective();
    search("broken", definition, last, 3);
    assertThat(leaderboard("broken")).isEqualTo(leaderboard("whole"));
    assertThat(completed).isNotEmpty();
    assertThat(last.trained().keySet()).as("ended before").doesNotContainAnyElementsOf(completed);
  }

  /** Searches, and leaves what a driver would that was killed while it wrote a line. */
  private void truncate(String name, SearchDefinition definition, int lines) {
    search(name, definition, new StubObjective(), 3);
    try {
      Path file = temporary.resolve(name).resolve("trials.jsonl");
      List<String> all = Files.readAllLines(file);
      int kept = Math.min(lines, all.size() - 1);
      Files.writeString(
          file, String.join("\n", all.subList(0, kept)) + "\n" + all.get(kept).substring(0, 20));
      Files.delete(temporary.resolve(name).resolve("summary.json"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<Integer> ended(String name) {
    try (SearchDirectory directory =
        SearchDirectory.existing(temporary.resolve(name).toString(), HADOOP)) {
      return directory.journal().read().stream()
          .filter(line -> line.path("state").asText().equals("completed"))
          .map(line -> line.path("trial").asInt())
          .toList();
    }
  }

  @Test
  void recordedDecisionsOfAsynchronousHalvingStand() {
    SearchDefinition definition = definition("search.trials=40", "search.early-termination=asha");
    truncate("asha", definition, 60);
    List<JsonNode> before;
    try (SearchDirectory directory = directory("asha", definition)) {
      before = directory.journal().read();
    }
    assertThat(before).hasSize(60);
    StubObjective objective = new StubObjective();
    search("asha", definition, objective, 2);
    try (SearchDirectory directory = directory("asha", definition)) {
      assertThat(directory.journal().read().subList(0, 60)).isEqualTo(before);
      List<String> rungs =
          directory.journal().read().stream()
              .filter(line -> !line.path("state").asText().equals("running"))
              .map(line -> line.path("trial").asText() + "@" + line.path("rung").asText())
              .toList();
      assertThat(rungs).as("no rung of a trial is trained twice").doesNotHaveDuplicates();
    }
  }

  @Test
  void aTrialThatCrashesIsTriedAgainAndThenRecordedWithItsCause() {
    SearchDefinition definition = definition("search.trials=6", "search.retries=2");
    search("calm", definition, new StubObjective(), 2);
    StubObjective objective =
        new StubObjective()
            .when(
                (trial, time) -> {
                  if (trial.number() == 3) {
                    throw new OutOfMemoryError("Java heap space");
                  }
                  if (trial.number() == 4 && time == 1) {
                    throw new IllegalStateException("lost its way");
                  }
                });
    TrialsOutcome outcome = search("crashes", definition, objective, 2);
    assertThat(outcome.status()).isEqualTo(Status.COMPLETED);
    assertThat(objective.trained().get(3)).hasSize(3);
    assertThat(objective.trained().get(4)).hasSize(2);
    List<String> rows = leaderboard("crashes");
    assertThat(rows.get(6)).startsWith("6,3,failed,0,,");
    assertThat(withoutRank(rows))
        .containsAll(
            withoutRank(leaderboard("calm")).stream()
                .filter(row -> !row.startsWith("3,"))
                .toList());
    assertThat(lines("crashes", "trials.jsonl"))
        .anyMatch(line -> line.contains("\"failed\"") && line.contains("Java heap space"))
        .anyMatch(line -> line.contains("\"crashed\"") && line.contains("lost its way"));
  }

  private static List<String> withoutRank(List<String> rows) {
    return rows.stream().skip(1).map(row -> row.substring(row.indexOf(',') + 1)).toList();
  }

  @Test
  void aFailureThatIsNoTrialsOwnEndsTheSearchWhichThenGoesOn() {
    SearchDefinition definition = definition("search.trials=8");
    search("whole", definition, new StubObjective(), 2);
    StubObjective failing =
        new StubObjective()
            .when(
                (trial, time) -> {
                  if (trial.number() == 5) {
                    throw new AbortedException(
                        new OutputException("Cannot write", new IOException()));
                  }
                });
    assertThatThrownBy(() -> search("aborted", definition, failing, 2))
        .isInstanceOf(OutputException.class)
        .hasMessage("Cannot write");
    assertThat(lines("aborted", "trials.jsonl")).noneMatch(line -> line.contains("failed"));
    search("aborted", definition, new StubObjective(), 2);
    assertThat(leaderboard("aborted")).isEqualTo(leaderboard("whole"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "halving", "hyperband", "asha"})
  void neverMoreEpochsThanTheBudget(String rule) {
    SearchDefinition definition =
        definition("search.max-epochs=100", "search.early-termination=" + rule);
    TrialsOutcome outcome = search("epochs", definition, new StubObjective(), 3);
    assertThat(outcome.status()).isEqualTo(Status.EPOCH_LIMIT);
    JsonNode summary = summary("epochs");
    assertThat(summary.path("search").path("epochs").asInt()).isBetween(100 - 21, 100);
  }

  private JsonNode summary(String name) {
    try (SearchDirectory directory =
        SearchDirectory.existing(temporary.resolve(name).toString(), HADOOP)) {
      return directory.summary().orElseThrow();
    }
  }

  @Test
  void theTargetEndsTheSearchAndWhatRunsGoesOnAnotherTime() {
    SearchDefinition definition = definition("search.trials=50", "search.target=0.6");
    TrialsOutcome outcome = search("target", definition, new StubObjective(), 1);
    assertThat(outcome.status()).isEqualTo(Status.TARGET_REACHED);
    assertThat(outcome.best().orElseThrow().result().score().metric().orElseThrow())
        .isGreaterThanOrEqualTo(0.6);
    assertThat(leaderboard("target")).hasSizeLessThan(51);
    StubObjective rest = new StubObjective();
    search("target", definition("search.trials=50"), rest, 1);
    assertThat(leaderboard("target")).hasSize(51);
    assertThat(rest.trained()).hasSizeLessThan(50);
  }

  @Test
  void theTimeCountsOverAllAttempts() {
    SearchDefinition one = definition("search.trials=1", "search.max-minutes=10");
    SearchDefinition many = definition("search.trials=1000", "search.max-minutes=10");
    AtomicLong clock = new AtomicLong();
    Supplier<StubObjective> threeMinutesEach =
        () -> new StubObjective().when((trial, time) -> clock.addAndGet(MINUTES.toNanos(3)));
    StubObjective first = threeMinutesEach.get();
    assertThat(search("time", one, first, 1, clock::get).status()).isEqualTo(Status.COMPLETED);
    assertThat(first.trained()).hasSize(1);
    clock.addAndGet(HOURS.toNanos(1)); // between two attempts nothing counts
    StubObjective second = threeMinutesEach.get();
    assertThat(search("time", many, second, 1, clock::get).status()).isEqualTo(Status.TIME_LIMIT);
    assertThat(second.trained()).as("7 minutes are left").hasSize(3);
    StubObjective third = threeMinutesEach.get();
    assertThat(search("time", many, third, 1, clock::get).status()).isEqualTo(Status.TIME_LIMIT);
    assertThat(third.trained()).isEmpty();
  }

  @Test
  void theMedianRuleEndsWhatIsWorseThanTheOthers() {
    SearchDefinition definition =
        definition(
            "search.trials=20",
            "search.early-termination={rule=median, min-epochs=2, min-trials=4}");
    search("median", definition, new StubObjective(), 1);
    List<String> rows = leaderboard("median");
    assertThat(rows).anyMatch(row -> row.contains(",stopped,2,"));
    assertThat(rows.get(1)).contains(",completed,9,");
    assertThat(rows.get(rows.size() - 1)).contains(",stopped,2,");
  }

  @Test
  void aTrialWithTwoWorkersTakesTheRoomOfTwo() {
    StubObjective objective = new StubObjective().withWorkers(2);
    search("two", definition("search.trials=12"), objective, 3);
    assertThat(objective.trained()).hasSize(12);
    assertThat(objective.mostAtOnce()).isEqualTo(1);
  }

  @Test
  void aSlotIsFreeAtOnceWhenATrialEnds() {
    CountDownLatch othersHaveRun = new CountDownLatch(9);
    StubObjective objective =
        new StubObjective()
            .when(
                (trial, time) -> {
                  if (trial.number() > 0) {
                    othersHaveRun.countDown();
                    return;
                  }
                  try {
                    assertThat(othersHaveRun.await(20, TimeUnit.SECONDS)).isTrue();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    TrialsOutcome outcome = search("free", definition("search.trials=10"), objective, 2);
    assertThat(outcome.status()).isEqualTo(Status.COMPLETED);
    assertThat(leaderboard("free")).noneMatch(row -> row.contains("failed"));
  }

  @Test
  void laterStagesLieAroundTheBestOfTheEarlier() {
    SearchDefinition definition =
        definition(
            "search.trials=40",
            "search.sampling=coarse-to-fine",
            "search.stages={trials=10, best=2, shrink=0.1}");
    search("fine", definition, new StubObjective(), 3);
    double first = spread("fine", 0, 10);
    double last = spread("fine", 30, 40);
    assertThat(last).as("decades that the rates of the last stage span").isLessThan(first / 5);
    search("fine-alone", definition, new StubObjective(), 1);
    assertThat(leaderboard("fine")).isEqualTo(leaderboard("fine-alone"));
  }

  /** Decades between the smallest and the largest learning rate of some trials. */
  private double spread(String name, int from, int to) {
    double[] decades =
        leaderboard(name).stream()
            .skip(1)
            .map(row -> row.split(",", -1))
            .filter(row -> Integer.parseInt(row[1]) >= from && Integer.parseInt(row[1]) < to)
            .mapToDouble(row -> Math.log10(Double.parseDouble(row[5])))
            .sorted()
            .toArray();
    return decades[decades.length - 1] - decades[0];
  }

  @Test
  void aGridEndsWhenAllOfItWasTried() {
    SearchDefinition definition = definition("search.sampling=grid", "search.grid-points=7");
    TrialsOutcome outcome = search("grid", definition, new StubObjective(), 2);
    assertThat(outcome.status()).isEqualTo(Status.COMPLETED);
    assertThat(leaderboard("grid")).hasSize(8);
  }

  @Test
  void fiveThousandTrialsKeepNothingButWhatTheLeaderboardNeeds() throws IOException {
    SearchDefinition definition = definition("search.trials=5000");
    search("many", definition, new StubObjective(), 2);
    assertThat(leaderboard("many")).hasSize(5001);
    List<String> trials = IntStream.range(0, 5000).mapToObj(Integer::toString).toList();
    assertThat(leaderboard("many").stream().skip(1).map(row -> row.split(",", -1)[1]))
        .containsExactlyInAnyOrderElementsOf(trials);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "asha", "hyperband"})
  void aDamagedLineDoesNotKeepASearchFromGoingOn(String rule) throws IOException {
    SearchDefinition definition =
        definition("search.trials=12", "search.early-termination=" + rule);
    search("whole", definition, new StubObjective(), 1);
    List<String> whole = leaderboard("whole");
    Path file = temporary.resolve("whole").resolve("trials.jsonl");
    List<String> undamaged = Files.readAllLines(file);
    for (String damage :
        List.of(
            "garbage",
            "{\"trial\":-1,\"state\":\"completed\"}",
            "{\"trial\":2147483647,\"state\":\"running\",\"rung\":0}",
            "{\"trial\":0,\"state\":\"nonsense\"}")) {
      for (int line : new int[] {0, 3, 11}) {
        List<String> lines = new ArrayList<>(undamaged);
        lines.set(line, damage);
        Files.write(file, lines);
        Files.delete(temporary.resolve("whole").resolve("summary.json"));
        search("whole", definition, new StubObjective(), 1);
        if (rule.equals("asha")) {
          // What it decides depends on the order in time, of which a line has gone.
          assertThat(leaderboard("whole")).as("%s, line %d", damage, line).hasSameSizeAs(whole);
        } else {
          assertThat(leaderboard("whole")).as("%s, line %d", damage, line).isEqualTo(whole);
        }
      }
    }
  }

  @Test
  void theWinnersExperimentIsReady() throws IOException {
    SearchDefinition definition = definition("search.trials=10");
    TrialsOutcome outcome = search("best", definition, new StubObjective(), 2);
    var best =
        dev.convoy.driver.configuration.ConfigurationReader.read(
            temporary.resolve("best").resolve("best.conf").toString(), List.of());
    assertThat(best.optimizer().learningRate())
        .isEqualTo(outcome.best().orElseThrow().values().get("optimizer.learning-rate"));
    assertThat(best.training().threadsPerWorker()).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "{choice=[3]}"})
  void threadsThatWereSetOrSearchedStayInTheWinnersExperiment(String threads) throws IOException {
    SearchDefinition definition =
        definition("search.trials=2", "training.threads-per-worker=" + threads);
    search("threads", definition, new StubObjective(), 2);
    assertThat(
            dev.convoy.driver.configuration.ConfigurationReader.read(
                    temporary.resolve("threads").resolve("best.conf").toString(), List.of())
                .training()
                .threadsPerWorker())
        .hasValue(3);
  }

  @Test
  void noFileOfASearchTellsASecret() throws IOException {
    search(
        "secrets",
        definition("search.trials=2", "spark.conf.my.secret=hunter2"),
        new StubObjective(),
        2);
    try (var files = Files.walk(temporary.resolve("secrets"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain("hunter2");
      }
    }
    assertThat(lines("secrets", "config.conf").toString()).contains("my.secret", "(redacted)");
  }

  /** Every trial is interrupted once, after some epochs, and goes on from there. */
  private static final class InterruptedOnce implements Objective {
    private final StubObjective rest = new StubObjective();
    private final Set<Integer> interrupted = new HashSet<>();
    private final int epochs;

    InterruptedOnce(int epochs) {
      this.epochs = epochs;
    }

    @Override
    public synchronized TrialResult train(Trial trial, int until, int slot, Oversight oversight) {
      return interrupted.add(trial.number())
          ? new TrialResult(
              TrialState.INTERRUPTED, epochs, epochs, Score.none(), List.of(), "all was suspended")
          : rest.train(trial, until, slot, oversight);
    }

    @Override
    public int workers(Trial trial) {
      return 1;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "{rule=none}, 18",
    "{rule=median}, 18",
    "'{rule=halving, bracket-trials=1}', 18",
    "'{rule=asha, min-epochs=3}', 6"
  })
  void whatAnInterruptedTrialHasTrainedCountsOnce(String rule, int epochs) {
    SearchDefinition definition =
        definition(
            "search.trials=2", "search.max-epochs=" + epochs, "search.early-termination=" + rule);
    InterruptedOnce objective = new InterruptedOnce(1);
    TrialsOutcome outcome = search("interrupted", definition, objective, 1);
    assertThat(outcome.status()).isEqualTo(Status.COMPLETED);
    assertThat(objective.rest.trained()).containsOnlyKeys(0, 1);
    assertThat(summary("interrupted").path("search").path("epochs").asInt()).isEqualTo(epochs);
  }

  @Test
  void theCauseOfAFailureIsRecordedWithoutThePasswordsInIt() {
    StubObjective objective =
        new StubObjective()
            .when(
                (trial, time) -> {
                  throw new IllegalStateException("Cannot read ftp://me:hunter2@host/x");
                });
    search("passwords", definition("search.trials=1", "search.retries=1"), objective, 1);
    assertThat(lines("passwords", "trials.jsonl"))
        .anyMatch(line -> line.contains("\"crashed\"") && line.contains("@host/x"))
        .anyMatch(line -> line.contains("\"failed\"") && line.contains("@host/x"))
        .noneMatch(line -> line.contains("hunter2"));
  }
}
