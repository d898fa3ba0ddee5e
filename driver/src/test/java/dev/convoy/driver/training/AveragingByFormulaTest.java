package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Selection;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.shard.ShardStatistics;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.cluster.Workers;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.worker.archive.ParameterDigest;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.TrainedShard;
import dev.convoy.worker.training.WholeRound;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs beside loops that are written from what averaging is said to be. */
class AveragingByFormulaTest {
  private static final String[] WITHOUT_VALIDATION = {
    "data.validation=null", "training.early-stopping=off"
  };
  private static final String RESNET =
      "model={name=resnet-20, width=2, filters=null, hidden=null, dropout=null}";

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

  /** 97 examples on three shards are 32, 32 and 33: two full rounds, and one of one example. */
  @ParameterizedTest
  @CsvSource({
    "3, average, nesterov, full, auto",
    "3, reset, nesterov, full, auto",
    "3, average, adam, full, auto",
    "3, average, sgd, full, auto",
    "1, average, nesterov, full, auto",
    "1, reset, adam, full, auto",
    "3, average, nesterov, bootstrap, auto",
    "1, average, adam, pasting, auto",
    "3, average, nesterov, full, executors",
    "3, reset, adam, full, executors",
    "3, average, adam, bootstrap, executors",
    "1, average, sgd, full, executors"
  })
  void workersEndWhereTheFormulaOfAveragingEnds(
      int workers, String state, String rule, String resample, String route) throws IOException {
    RunConfiguration configuration =
        small(
            "run",
            with(
                WITHOUT_VALIDATION,
                "training.workers=" + workers,
                "averaging.optimizer-state=" + state,
                "averaging.route=" + route,
                "optimizer.name=" + rule,
                "optimizer.schedule={name=cosine, warm-up=1 epoch}",
                // Copies of an image are augmented differently, those of the formula are not.
                "augment=[]",
                "training.resample={method=" + resample + ", fraction=0.8, member=2}"));
    Averaged expected = byFormula(configuration);

    TrainingOutcome outcome = train(configuration);

    TrainingState last = lastState(configuration);
    assertThat(last.parameters()).isEqualTo(expected.parameters());
    assertThat(last.model().vectors().get(ModelState.OPTIMIZER).whole())
        .isEqualTo(expected.optimizerState());
    assertThat(last.totals().rounds()).isEqualTo(expected.rounds());
    assertThat(outcome.status()).isEqualTo(Status.COMPLETED);
    assertThat(outcome.summary().path("parameter-sha256").asText())
        .isEqualTo(ParameterDigest.sha256(expected.parameters()));
  }

  /**
   * Where a run has come to.
   *
   * @param parameters mean over the workers of the last round
   * @param optimizerState the same of momentum and moments
   * @param rounds of all epochs
   */
  private record Averaged(float[] parameters, float[] optimizerState, long rounds) {}

  /** Local SGD with averaging weighted by examples, written out: no Spark, one shard at a time. */
  private static Averaged byFormula(RunConfiguration configuration) throws IOException {
    RunConfiguration.Training training = configuration.training();
    RunConfiguration.Averaging averaging = training.averaging();
    boolean elastic = averaging.rule().name().equals("elastic");
    ImageSource source =
        ImageSources.open(
            ImageLocations.settings(configuration.data(), Role.TRAIN, ""),
            new Configuration(false));
    Listing[] parts =
        DataSplit.shuffled(
            source.list().listing(), training.workers(), configuration.data().seed());
    List<Shard> once = pack(configuration, source, parts);
    Normalization normalization =
        Normalization.of(ShardStatistics.merge(once.stream().map(Shard::statistics).toList()));
    once.forEach(Shard::close);
    List<Shard> shards = pack(configuration, source, repeated(configuration, source, parts));
    int largest = shards.stream().mapToInt(Shard::size).max().getAsInt();
    int stepsPerEpoch = (largest + training.batchSize() - 1) / training.batchSize();
    long rounds = 0;
    LocalTrainer replica = new LocalTrainer(Workers.settings(configuration, 3, 1));
    float[] parameters = replica.parameters();
    float[] state = new float[0];
    Map<Integer, float[]> ownParameters = new TreeMap<>();
    Map<Integer, float[]> ownStates = new TreeMap<>();
    Map<Integer, float[]> leftOut = new TreeMap<>();
    for (int epoch = 0; epoch < training.epochs(); epoch++) {
      int batches =
          epoch < averaging.frequency().everyBatchEpochs() ? 1 : training.averagingFrequency();
      int perRound = training.batchSize() * batches;
      int roundsPerEpoch = (largest + perRound - 1) / perRound;
      rounds += roundsPerEpoch;
      for (int round = 0; round < roundsPerEpoch; round++) {
        List<TrainedShard> results = new ArrayList<>();
        for (int index = 0; index < shards.size(); index++) {
          if (shards.get(index).size() > round * perRound) {
            long firstStep = (long) epoch * stepsPerEpoch + (long) round * batches;
            results.add(
                replica.train(
                    WholeRound.task(epoch, round, batches, index, firstStep, stepsPerEpoch),
                    shards.get(index),
                    ShardTargets.labels(3),
                    normalization,
                    ownParameters.getOrDefault(index, parameters),
                    ownStates.getOrDefault(index, state)));
          }
        }
        float[] before = parameters;
        List<float[]> sent = new ArrayList<>();
        for (TrainedShard result : results) {
          switch (averaging.optimizerStates()) {
            case KEEP -> ownStates.put(result.shard(), result.optimizerState());
            case RESET, AVERAGE -> {}
          }
          float[] residual =
              leftOut.computeIfAbsent(result.shard(), any -> new float[before.length]);
          sent.add(sent(averaging.compression().name(), result.parameters(), before, residual));
          if (elastic) {
            ownParameters.put(
                result.shard(), towards(result.parameters(), before, 0.9 / shards.size()));
          }
        }
        float[] mean = elastic ? plainMean(sent) : mean(results, sent);
        parameters =
            switch (averaging.statistics()) {
              case MEAN -> mean;
              case MOMENTS, MEASURED -> withMoments(mean, results, replica.segments());
            };
        if (elastic) {
          parameters = towards(before, parameters, 0.9 * ((double) results.size() / shards.size()));
        }
        state =
            switch (averaging.optimizerStates()) {
              case AVERAGE ->
                  mean(results, results.stream().map(TrainedShard::optimizerState).toList());
              case RESET, KEEP -> new float[0];
            };
      }
    }
    shards.forEach(Shard::close);
    return new Averaged(parameters, state, rounds);
  }

  /** A share of the way to somewhere else. */
  private static float[] towards(float[] from, float[] to, double share) {
    float[] moved = new float[from.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = (float) (from[i] + share * ((double) to[i] - from[i]));
    }
    return moved;
  }

  /**
   * What arrives of a worker's parameters, in a network in which all of them are learned.
   *
   * @param residual what was left out so far; becomes what is left out now
   */
  private static float[] sent(
      String compression, float[] trained, float[] start, float[] residual) {
    if (compression.equals("none")) {
      return trained;
    }
    float[] changes = new float[trained.length];
    for (int i = 0; i < changes.length; i++) {
      changes[i] = residual[i] + (trained[i] - start[i]);
    }
    float[] arrived =
        switch (compression) {
          case "bfloat16" -> nearestBfloat16(changes);
          case "8-bit" -> eightBits(changes);
          case "top-k" -> largest(changes);
          default -> throw new IllegalArgumentException(compression);
        };
    float[] parameters = new float[trained.length];
    for (int i = 0; i < changes.length; i++) {
      residual[i] = changes[i] - arrived[i];
      parameters[i] = start[i] + arrived[i];
    }
    return parameters;
  }

  private static float[] nearestBfloat16(float[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      double spacing = Math.scalb(1.0, Math.getExponent(values[i]) - 7);
      rounded[i] = (float) (Math.rint(values[i] / spacing) * spacing);
    }
    return rounded;
  }

  private static float[] eightBits(float[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      float largest = 0;
      for (int j = i / 256 * 256; j < Math.min(values.length, i / 256 * 256 + 256); j++) {
        largest = Math.max(largest, Math.abs(values[j]));
      }
      float step = largest / 127;
      rounded[i] = step == 0 ? 0 : (float) Math.rint((double) values[i] / step) * step;
    }
    return rounded;
  }

  private static float[] largest(float[] values) {
    float[] kept = new float[values.length];
    IntStream.range(0, values.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(i -> -Math.abs(values[i])).thenComparingInt(i -> i))
        .limit((long) Math.ceil(values.length * 0.25))
        .forEach(i -> kept[i] = values[i]);
    return kept;
  }

  /** Σ p(σ² + μ²) − (Σ pμ)², as what is added to the mean of the variances. */
  private static float[] withMoments(
      float[] mean, List<TrainedShard> results, List<Segment> segments) {
    float[] parameters = mean.clone();
    for (Segment means : segments) {
      if (means.parameter().equals("mean")) {
        Segment variances =
            segments.stream()
                .filter(one -> one.layer().equals(means.layer()) && one.parameter().equals("var"))
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < means.length(); i++) {
          int at = (int) means.offset() + i;
          double examples = 0;
          double sum = 0;
          double squares = 0;
          for (TrainedShard result : results) {
            double distance = (double) result.parameters()[at] - results.get(0).parameters()[at];
            examples += result.examples();
            sum += result.examples() * distance;
            squares += result.examples() * distance * distance;
          }
          double between = Math.max(0, squares / examples - sum / examples * (sum / examples));
          int variance = (int) variances.offset() + i;
          parameters[variance] = (float) (parameters[variance] + between);
        }
      }
    }
    return parameters;
  }

  private static List<Shard> pack(
      RunConfiguration configuration, ImageSource source, Listing[] parts) throws IOException {
    List<Shard> shards = new ArrayList<>();
    for (Listing part : parts) {
      shards.add(
          ShardPacker.pack(
              part,
              source.list().classNames().size(),
              configuration.data().store(),
              source,
              new MemoryBudget(1 << 20),
              Path.of("never-spilled")));
    }
    return shards;
  }

  /** The parts with every example listed, and so packed, as often as it is drawn. */
  private static Listing[] repeated(
      RunConfiguration configuration, ImageSource source, Listing[] parts) throws IOException {
    if (configuration.training().resample().isEmpty()) {
      return parts;
    }
    Selection drawn =
        configuration
            .training()
            .resample()
            .orElseThrow()
            .resample()
            .draw(source.list().listing(), null);
    return Stream.of(parts)
        .map(
            part ->
                part.select(
                    IntStream.range(0, part.size())
                        .flatMap(i -> IntStream.generate(() -> i).limit(drawn.times(part.id(i))))
                        .toArray()))
        .toArray(Listing[]::new);
  }

  private static float[] mean(List<TrainedShard> weights, List<float[]> vectors) {
    double examples = weights.stream().mapToLong(TrainedShard::examples).sum();
    float[] mean = new float[vectors.get(0).length];
    for (int i = 0; i < mean.length; i++) {
      double sum = weights.get(0).examples() * (double) vectors.get(0)[i];
      for (int worker = 1; worker < vectors.size(); worker++) {
        sum += weights.get(worker).examples() * (double) vectors.get(worker)[i];
      }
      mean[i] = (float) (sum / examples);
    }
    return mean;
  }

  private static float[] plainMean(List<float[]> vectors) {
    float[] mean = new float[vectors.get(0).length];
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (float[] vector : vectors) {
        sum += vector[i];
      }
      mean[i] = (float) (sum / vectors.size());
    }
    return mean;
  }

  /** The last shard has one example in an epoch's last round, and the others none. */
  @ParameterizedTest
  @CsvSource({
    "mean, keep, none, nesterov",
    "mean, keep, none, adam",
    "mean, keep, none, sgd",
    "elastic, average, none, nesterov",
    "elastic, keep, none, adam",
    "elastic, keep, none, sgd",
    "mean, average, bfloat16, sgd",
    "mean, keep, 8-bit, nesterov",
    "mean, keep, 8-bit, sgd",
    "mean, reset, top-k, adam"
  })
  void whatWorkersKeepAndSendFollowsItsFormula(
      String strategy, String state, String compression, String rule) throws IOException {
    RunConfiguration configuration =
        small(
            "run",
            with(
                WITHOUT_VALIDATION,
                "training.workers=3",
                "averaging.strategy=" + strategy,
                "averaging.optimizer-state=" + state,
                "averaging.compression={name=" + compression + ", share=0.25}",
                "optimizer.name=" + rule));
    Averaged expected = byFormula(configuration);
    train(configuration);
    TrainingState last = lastState(configuration);
    assertThat(last.parameters()).isEqualTo(expected.parameters());
    assertThat(last.model().vectors().get(ModelState.OPTIMIZER).whole())
        .isEqualTo(expected.optimizerState());
  }

  /** The rate falls with the examples, whatever the frequency. */
  @Test
  void workersAreAveragedAfterEveryBatchAtFirst() throws IOException {
    RunConfiguration configuration =
        small(
            "run",
            with(
                WITHOUT_VALIDATION,
                "training.workers=3",
                "training.epochs=3",
                "averaging.every-batch-for=1 epoch",
                "optimizer.schedule=cosine"));
    Averaged expected = byFormula(configuration);
    train(configuration);
    TrainingState last = lastState(configuration);
    assertThat(last.totals().rounds()).isEqualTo(expected.rounds()).isEqualTo(5 + 3 + 3);
    assertThat(last.parameters()).isEqualTo(expected.parameters());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mean", "moments"})
  void runningStatisticsAreAveragedAsIsSaid(String statistics) throws IOException {
    for (String route : List.of("driver", "executors")) {
      RunConfiguration configuration =
          small(
              route,
              with(
                  WITHOUT_VALIDATION,
                  "training.workers=3",
                  "training.epochs=1",
                  "averaging.statistics=" + statistics,
                  "averaging.route=" + route,
                  RESNET));
      assertThat(sha(train(configuration)))
          .isEqualTo(ParameterDigest.sha256(byFormula(configuration).parameters()));
    }
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
