package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.Averaging;
import dev.convoy.driver.averaging.AveragingRule;
import dev.convoy.driver.averaging.AveragingRules;
import dev.convoy.driver.averaging.Layout;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.MovingAverage;
import dev.convoy.driver.averaging.RoundPlace;
import dev.convoy.driver.averaging.RoundResult;
import dev.convoy.driver.averaging.StatisticsAveraging;
import dev.convoy.driver.averaging.StockMaster;
import dev.convoy.driver.cluster.ExecutorDevices;
import dev.convoy.driver.cluster.MemoryCheck;
import dev.convoy.driver.cluster.ResultSize;
import dev.convoy.driver.cluster.SoftTargets;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.cluster.TrainingGauges;
import dev.convoy.driver.cluster.VectorSizes;
import dev.convoy.driver.cluster.Workers;
import dev.convoy.driver.compression.Compressions;
import dev.convoy.driver.configuration.Interval;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.ChangedImagesException;
import dev.convoy.driver.directory.Checkpoint;
import dev.convoy.driver.directory.CheckpointWriter;
import dev.convoy.driver.directory.MetricsLog;
import dev.convoy.driver.directory.RecordChecksum;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.directory.RunIdentity;
import dev.convoy.driver.directory.RunIdentity.Field;
import dev.convoy.driver.exchange.LostSliceException;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.state.EarlyStopping.Observation;
import dev.convoy.driver.state.ReduceOnPlateau;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.state.TrainingState.Best;
import dev.convoy.driver.state.TrainingState.EpochTotals;
import dev.convoy.driver.state.TrainingState.Position;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.driver.training.Supervisor.Moment;
import dev.convoy.driver.training.Supervisor.Verdict;
import dev.convoy.driver.training.ValidatedWeights.Candidate;
import dev.convoy.worker.cuda.device.GpuChoice;
import dev.convoy.worker.natives.InstructionSet;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.optimizer.Segment.Kind;
import dev.convoy.worker.training.EvaluationSums;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.RoundTask;
import dev.convoy.worker.training.WorkerSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The one training loop: rounds of local training, each ended by averaging; validation; early
 * stopping; checkpoints. Driver only.
 *
 * <p>The parameters that a run ends with are a function of its configuration and data. A run that
 * was killed goes on from its latest checkpoint and ends with the same ones, bit for bit, on the
 * CPU.
 */
public final class TrainingRun implements AutoCloseable {
  /** Without early stopping the best parameters are still those of the lowest loss. */
  private static final EarlyStopping NEVER =
      new EarlyStopping(EarlyStopping.Metric.VALIDATION_LOSS, Integer.MAX_VALUE, 0);

  /** A cluster that loses several executors at once more often than this is of no use. */
  private static final int MOST_LOSSES = 8;

  private final SparkCluster cluster;
  private final RunConfiguration configuration;
  private final RunDirectory directory;
  private final Progress progress;
  private final TrainingData data;
  private final RunImages images;
  private final Workers workers;
  private final RoundSchedule schedule;
  private final RunIdentity identity;
  private final WorkerSettings settings;
  private final List<Segment> segments;
  private final Averaging averaging;
  private final VectorSizes sizes;
  private final int threads;
  private final Supervisor supervisor;
  private final Optional<SoftTargets> targets;
  private final CheckpointWriter checkpoints;
  private final List<Evaluation> evaluations = new ArrayList<>();
  private MetricsLog metrics;
  private AveragedModel model = ModelState.first(new float[0]);
  private double lastCheckpointSeconds;
  private double checkpointSeconds;

  private TrainingRun(
      SparkCluster cluster,
      RunConfiguration written,
      RunDirectory directory,
      Progress progress,
      TrainingData data,
      Supervisor supervisor,
      Optional<SoftTargets> targets) {
    this.cluster = cluster;
    this.supervisor = supervisor;
    this.targets = targets;
    this.configuration = data.withKnownLoss(written);
    this.directory = directory;
    this.progress = progress;
    this.data = data;
    this.images = RunImages.of(data, configuration);
    RunConfiguration.Training training = configuration.training();
    int classes = data.labels().size();
    ResultSize.require(configuration, classes);
    this.threads = cluster.threads(configuration);
    this.workers = new Workers(cluster, configuration, data.normalization(), classes, threads);
    this.schedule = new RoundSchedule(configuration, images.train().sizes());
    InstructionSet instructionSet = cluster.instructionSet(configuration);
    ExecutorDevices devices = cluster.devices(configuration);
    this.identity = identity(instructionSet, devices);
    this.settings = Workers.settings(configuration, classes, threads);
    this.checkpoints = new CheckpointWriter(directory);
    KnownNetwork network =
        KnownNetwork.of(settings.with(settings.accelerator().with(GpuChoice.OFF)));
    this.segments = network.segments();
    this.sizes = network.sizes();
    this.averaging =
        new Averaging(
            averagingRule(),
            training.averaging().optimizerStates(),
            Compressions.FAMILY.create(training.averaging().compression()),
            Layout.of(segments, training.averaging().statistics()));
    progress.say(
        Text.of(
            "network: %s, %,d parameters; %s; %s",
            configuration.model().name(),
            sizes.parameters(),
            devices.hasGpus() ? workers.description() : network.description(),
            instructionSet));
    MemoryCheck.warning(configuration, classes).ifPresent(progress::say);
    if (training.averaging().deadlineSeconds().isPresent()) {
      progress.say(
          "averaging.deadline: what a round trains depends on the clock, so that results do not repeat");
    }
    if (isStock()) {
      progress.say(StockMaster.caveat());
    }
  }

  /** What is to be known of the network, which is made for it and thrown away. */
  private record KnownNetwork(List<Segment> segments, VectorSizes sizes, String description) {
    static KnownNetwork of(WorkerSettings settings) {
      try (LocalTrainer first = LocalTrainer.undrawn(settings)) {
        return new KnownNetwork(
            first.segments(),
            new VectorSizes(first.parameterCount(), first.optimizerStateLength()),
            first.description());
      }
    }
  }

  /**
   * Trains, or goes on with a run that was killed, or returns the summary of one that has ended.
   *
   * @throws DataException if the images cannot be used
   * @throws dev.convoy.driver.directory.OutputException if the run directory cannot be written
   */
  public static TrainingOutcome run(
      SparkCluster cluster,
      RunConfiguration configuration,
      RunDirectory directory,
      Progress progress) {
    // A model that is not there is said before images are read, which may take long.
    configuration.transfer().ifPresent(SourceNetwork::read);
    try (TrainingData data = new TrainingData(cluster, configuration, progress)) {
      return run(
          cluster, configuration, directory, progress, data, Supervisor.none(), Optional.empty());
    }
  }

  /**
   * The same on images that are there already, and supervised.
   *
   * @param data the images of {@code configuration}; shared with other runs, and not closed
   * @param supervisor may suspend or end the run
   * @param targets of all training images, once each, by an ensemble; empty for their labels
   */
  public static TrainingOutcome run(
      SparkCluster cluster,
      RunConfiguration configuration,
      RunDirectory directory,
      Progress progress,
      TrainingData data,
      Supervisor supervisor,
      Optional<SoftTargets> targets) {
    Optional<JsonNode> summary = directory.summary();
    if (summary.isPresent() && !configuration.overwrite()) {
      requireSameImages(directory, data);
      return ended(summary.get(), directory);
    }
    try (TrainingRun run =
        new TrainingRun(cluster, configuration, directory, progress, data, supervisor, targets)) {
      if (configuration.overwrite() && directory.holdsOther(run.identity)) {
        progress.say("what " + directory.location() + " holds is of other images and begun anew");
        directory.discard();
      } else if (summary.isPresent()) {
        progress.say("this run has ended before, on the same images; its summary follows");
        return ended(summary.get(), directory);
      }
      directory.writeLines(RunDirectory.LABELS, data.labels());
      TrainingState begun = run.begin();
      directory.writeQuarantine(data.quarantined());
      return run.finish(run.trainThroughLosses(begun));
    }
  }

  /**
   * Makes sure that a run that has ended was trained on these images: runs that share their images
   * must not differ in them.
   *
   * @throws ChangedImagesException if it was not
   */
  public static void requireSameImages(RunDirectory directory, TrainingData data) {
    String now = Long.toHexString(data.content());
    Optional<String> then =
        directory
            .summary()
            .flatMap(summary -> RunIdentity.parse(summary.path("identity")))
            .flatMap(identity -> identity.value(Field.IMAGES_PACKED))
            .filter(images -> !images.equals(now));
    if (then.isPresent()) {
      throw new ChangedImagesException(
          Text.of(
              "Cannot use the run in %s: expected one on these images (%s = %s), found it trained"
                  + " on others (%s). Restore them, or begin anew with --overwrite.%s",
              directory.location(),
              Field.IMAGES_PACKED.key(),
              now,
              then.get(),
              data.changes(directory.quarantinedPaths(), directory.beganMillis())));
    }
  }

  /**
   * Writes the model that was a run's best when it had so many epochs. The run itself stays as it
   * is, to go on another time.
   *
   * @param data the images of {@code configuration}; not closed
   * @param out stays open
   * @throws IOException if it cannot be written
   */
  public static void writeBestSoFar(
      SparkCluster cluster,
      RunConfiguration configuration,
      RunDirectory directory,
      TrainingData data,
      int epochs,
      OutputStream out)
      throws IOException {
    Supervisor until = moment -> moment.epochs() >= epochs ? Verdict.SUSPEND : Verdict.GO_ON;
    try (TrainingRun run =
        new TrainingRun(
            cluster, configuration, directory, Progress.none(), data, until, Optional.empty())) {
      TrainingState state = run.trainThroughLosses(run.begin());
      run.checkpoints.await();
      run.metrics.flush();
      float[] best = run.result(state);
      Reports.writeModel(run.configuration, data, run.threads, best, out);
    }
  }

  private static TrainingOutcome ended(JsonNode summary, RunDirectory directory) {
    JsonNode best = summary.path("best");
    return new TrainingOutcome(
        Status.of(summary.path("status").asText()),
        summary.path("epochs").asInt(),
        best.isMissingNode() ? Optional.empty() : Optional.of(Evaluation.ofSummary(best)),
        summary,
        directory.metrics(Evaluation.LINE_TYPE).stream().map(Evaluation::of).toList());
  }

  /** Whether it is a baseline, which cannot go on from a checkpoint and does not count exactly. */
  private boolean isStock() {
    return configuration.training().averaging().isStock();
  }

  private AveragingRule averagingRule() {
    RunConfiguration.Averaging averaging = configuration.training().averaging();
    if (averaging.isStock()) {
      return Averaging.mean().rule(); // which is not asked
    }
    AveragingRule rule = AveragingRules.FAMILY.create(averaging.rule());
    return averaging
        .movingAverage()
        .<AveragingRule>map(
            settings ->
                new MovingAverage(
                    rule, settings.decay(), schedule.roundsBefore(settings.startEpochs())))
        .orElse(rule);
  }

  /** What the parameters that the run ends with depend on. */
  private RunIdentity identity(InstructionSet instructionSet, ExecutorDevices devices) {
    RunIdentity known =
        RunIdentity.of(configuration.text())
            .with(Field.IMAGES_LISTED, Long.toHexString(images.fingerprint()))
            .with(Field.IMAGES_PACKED, Long.toHexString(data.content()))
            .with(Field.INSTRUCTION_SET, instructionSet.toString())
            .with(Field.DEVICE, devices.kinds())
            .with(Field.THREADS, threads);
    RunIdentity begun =
        configuration
            .transfer()
            .map(transfer -> known.with(Field.TRANSFERRED, SourceNetwork.read(transfer).digest()))
            .orElse(known);
    return targets
        .map(taught -> begun.with(Field.TEACHER, Long.toHexString(taught.fingerprint())))
        .orElse(begun);
  }

  private TrainingState begin() {
    Optional<Checkpoint> checkpoint = directory.latestCheckpoint();
    if (checkpoint.isEmpty()) {
      metrics = MetricsLog.empty(directory);
      float[] first =
          new FirstParameters(configuration, settings, segments, workers, images, progress)
              .parameters();
      return TrainingState.first(first, schedule.batches(0));
    }
    try {
      identity.goOnFrom(checkpoint.get().identity(), directory.location()).forEach(progress::say);
    } catch (ChangedImagesException e) {
      throw new ChangedImagesException(
          e, data.changes(directory.quarantinedPaths(), directory.beganMillis()));
    }
    metrics = MetricsLog.resume(directory, checkpoint.get().metrics());
    metrics.ofType(Evaluation.LINE_TYPE).map(Evaluation::of).forEach(evaluations::add);
    TrainingState state = checkpoint.get().state();
    lastCheckpointSeconds = state.totals().seconds();
    progress.say(
        "going on after round " + state.totals().rounds() + ", from " + directory.location());
    return state;
  }

  /**
   * Trains, and goes back to the latest checkpoint if executors are lost together with what a round
   * begins with.
   */
  private TrainingState trainThroughLosses(TrainingState begun) {
    TrainingState state = begun;
    for (int losses = 0; ; losses++) {
      try {
        return train(state);
      } catch (LostSliceException e) {
        if (losses == MOST_LOSSES) {
          throw e;
        }
        progress.say("lost with their executors: parameters; going back to the latest checkpoint");
        checkpoints.forget();
        model.close();
        evaluations.clear();
        state = begin();
      }
    }
  }

  private TrainingState train(TrainingState begun) {
    TrainingState state = begun;
    Verdict verdict = judge(state);
    while (state.status() == Status.RUNNING && verdict == Verdict.GO_ON) {
      state = trainRound(state);
      boolean epochEnds = schedule.epochEnds(state.position());
      if (epochEnds && state.status() == Status.RUNNING && !isStock()) {
        checkNothingLost(state.totals().epoch());
      }
      state = endIfDue(state, epochEnds);
      if (isValidationDue(state, epochEnds)) {
        state = validate(state);
      }
      if (epochEnds && state.status() != Status.DIVERGED) {
        keepSnapshot(state);
      }
      verdict = judge(state);
      if (verdict == Verdict.STOP && state.status() == Status.RUNNING) {
        state = state.with(Status.STOPPED);
      }
      if (epochEnds && state.status() == Status.RUNNING) {
        state = state.nextEpoch(schedule.batchesAfter(state));
      }
      if (!isStock() && (verdict == Verdict.SUSPEND || isCheckpointDue(state, epochEnds))) {
        checkpoint(state);
      }
    }
    return state;
  }

  private Verdict judge(TrainingState state) {
    int epochs = state.position().epoch() + (schedule.epochEnds(state.position()) ? 1 : 0);
    return supervisor.judge(
        new Moment(epochs, state.totals().rounds(), Collections.unmodifiableList(evaluations)));
  }

  private TrainingState trainRound(TrainingState state) {
    Position position = state.position();
    RoundTask task = schedule.task(position, rateShare(state));
    RoundPlace place =
        new RoundPlace(
            state.totals().rounds(),
            LocalTrainer.learningRate(settings, task).at(task.firstStep()));
    long start = System.nanoTime();
    int rounds = schedule.rounds(position);
    RoundResult result =
        cluster.describing(
            Text.of("epoch %d, round %d of %d", position.epoch() + 1, position.round() + 1, rounds),
            () ->
                workers.train(
                    images.train(),
                    targets,
                    schedule.plan(position),
                    task,
                    averaging,
                    place,
                    sizes,
                    state.model()));
    double seconds = (System.nanoTime() - start) / 1e9;
    double computeSeconds = result.computeSeconds(workers.atOnce());
    TrainingState next = state.trained(result, seconds, computeSeconds);
    timed(checkpoints::await);
    state.model().close();
    model = next.model();
    TrainingGauges.add(
        new TrainingGauges.Round(
            result.examples(),
            seconds,
            result.lossSum() / result.examples(),
            result.waitingShare()));
    metrics.add(
        RecordChecksum.add(
            Reports.round(next, result, seconds, computeSeconds, checkpointSeconds)));
    checkpointSeconds = 0;
    int epochs = configuration.training().epochs();
    double roundsLeft = (double) rounds * (epochs - position.epoch()) - next.position().round();
    progress.round(
        new Progress.Round(
            position.epoch() + 1,
            epochs,
            next.position().round(),
            rounds,
            result.lossSum() / result.examples(),
            result.examples() / seconds,
            roundsLeft * next.totals().seconds() / next.totals().rounds()));
    return next;
  }

  /** What the round's learning rates are multiplied by. */
  private double rateShare(TrainingState state) {
    RunConfiguration.Training training = configuration.training();
    return state.plateau().share() * training.averaging().rateScaling().factor(training.workers());
  }

  /** Every training example once in every epoch, by identity. */
  private void checkNothingLost(EpochTotals epoch) {
    long expected = images.train().examples();
    if (configuration.training().averaging().deadlineSeconds().isPresent()
        && epoch.examples() <= expected) {
      long missing = expected - epoch.examples();
      if (missing > 0) {
        progress.say(
            Text.of("averaging.deadline: %,d of %,d examples were left out", missing, expected));
      }
      return;
    }
    if (epoch.examples() != expected || epoch.fingerprint() != images.train().fingerprint()) {
      throw new IllegalStateException(
          Text.of(
              "Cannot go on: expected each of %d examples once in the epoch, found %d%s. This is a"
                  + " defect of Convoy.",
              expected,
              epoch.examples(),
              epoch.examples() == expected ? ", but not the same ones" : ""));
    }
  }

  private TrainingState endIfDue(TrainingState state, boolean epochEnds) {
    if (state.status() != Status.RUNNING) {
      return state;
    }
    if (epochEnds && state.position().epoch() + 1 == configuration.training().epochs()) {
      return state.with(Status.COMPLETED);
    }
    return state.totals().seconds() >= configuration.training().maxSeconds()
        ? state.with(Status.TIME_LIMIT)
        : state;
  }

  private boolean isValidationDue(TrainingState state, boolean epochEnds) {
    if (images.validation().isEmpty() || state.status() == Status.DIVERGED) {
      return false;
    }
    Interval every = configuration.training().validationEvery();
    boolean due =
        every.unit() == Interval.Unit.ROUNDS
            ? state.totals().rounds() % every.count() == 0
            : epochEnds && (state.position().epoch() + 1) % every.count() == 0;
    return due || state.status() != Status.RUNNING;
  }

  private TrainingState validate(TrainingState state) {
    long start = System.nanoTime();
    RunConfiguration.Training training = configuration.training();
    EarlyStopping earlyStopping = training.earlyStopping().orElse(NEVER);
    ValidatedWeights validated =
        ValidatedWeights.of(
            state.model(),
            training.averaging().movingAverage(),
            earlyStopping.metric(),
            this::withStatistics,
            parameters ->
                cluster.describing(
                    Text.of("epoch %d, validation", state.position().epoch() + 1),
                    () -> workers.evaluate(images.validation().orElseThrow(), parameters)));
    Candidate kept = validated.kept();
    Observation observation =
        earlyStopping.observe(state.progress(), kept.value(earlyStopping.metric()));
    boolean improved = observation.verdict() == EarlyStopping.Verdict.IMPROVED;
    double loss = kept.sums().loss();
    double accuracy = kept.sums().accuracy();
    int epoch = state.position().epoch() + 1;
    long round = state.totals().rounds();
    Optional<Best> best =
        improved
            ? Optional.of(new Best(epoch, round, loss, accuracy, kept.weights(), kept.parameters()))
            : Optional.empty();
    ReduceOnPlateau.Progress plateau =
        training
            .reduceOnPlateau()
            .map(rule -> rule.observe(state.plateau(), kept.value(rule.metric())))
            .orElse(state.plateau());
    double seconds = (System.nanoTime() - start) / 1e9;
    TrainingState next = state.validated(observation, plateau, best, seconds);
    metrics.add(RecordChecksum.add(Reports.validation(next, validated, improved, seconds, data)));
    evaluations.add(new Evaluation(epoch, round, loss, accuracy));
    progress.say(Reports.validationLine(next, validated, improved, training.epochs()));
    return next;
  }

  /** Parameters as they are evaluated and saved. */
  private float[] withStatistics(float[] parameters) {
    boolean measured =
        configuration.training().averaging().statistics() == StatisticsAveraging.MEASURED
            && segments.stream().anyMatch(one -> one.kind() == Kind.RUNNING_STATISTIC);
    return measured ? workers.measureStatistics(images.train(), parameters) : parameters;
  }

  private void keepSnapshot(TrainingState state) {
    int epoch = state.position().epoch() + 1;
    if (configuration.checkpoint().snapshots().contains(epoch)) {
      directory.write(
          RunDirectory.snapshot(epoch),
          out ->
              Reports.writeModel(
                  configuration, data, threads, withStatistics(state.parameters()), out));
    }
  }

  private boolean isCheckpointDue(TrainingState state, boolean epochEnds) {
    Interval every = configuration.checkpoint().every();
    boolean decided =
        epochEnds && configuration.training().averaging().frequency().adaptive().isPresent();
    return state.status() != Status.RUNNING
        || decided
        || switch (every.unit()) {
          case ROUNDS -> state.totals().rounds() % every.count() == 0;
          case EPOCHS -> epochEnds && state.position().epoch() % every.count() == 0;
          case SECONDS -> state.totals().seconds() - lastCheckpointSeconds >= every.count();
        };
  }

  private void checkpoint(TrainingState state) {
    timed(() -> checkpoints.write(new Checkpoint(state, identity, metrics.position())));
    if (configuration.training().averaging().frequency().adaptive().isPresent()) {
      timed(checkpoints::await); // what was decided from measurements is not decided again
    }
    lastCheckpointSeconds = state.totals().seconds();
  }

  private void timed(Runnable checkpoint) {
    long start = System.nanoTime();
    checkpoint.run();
    checkpointSeconds += (System.nanoTime() - start) / 1e9;
  }

  /** Tests the best parameters and writes what the run leaves; not if it was suspended. */
  private TrainingOutcome finish(TrainingState state) {
    checkpoints.await();
    metrics.flush();
    if (state.status() == Status.RUNNING) {
      return outcome(
          state,
          Reports.summary(
              configuration,
              identity,
              data,
              images,
              state,
              state.parameters(),
              Optional.empty(),
              bestValidation(state)));
    }
    boolean usable = state.status() != Status.DIVERGED || state.best().isPresent();
    float[] best = result(state);
    // Images that are shared may have a test that is not this run's.
    boolean tests = usable && configuration.data().isTested();
    if (usable) {
      directory.write(
          RunDirectory.MODEL, out -> Reports.writeModel(configuration, data, threads, best, out));
    }
    Optional<EvaluationSums> test = tests ? test(best) : Optional.empty();
    directory.writeQuarantine(data.quarantined());
    JsonNode summary =
        Reports.summary(
            configuration, identity, data, images, state, best, test, bestValidation(state));
    List<String> suggestions = progress.isShown() ? writeReport(state.status()) : List.of();
    directory.writeSummary(summary);
    suggestions.forEach(suggestion -> progress.say("curves: " + suggestion));
    if (progress.isShown()) {
      Synchronisation.of(metrics.ofType(Reports.ROUND).toList())
          .advice(state.position().batches(), schedule.stepsPerEpoch())
          .ifPresent(progress::say);
    }
    return outcome(state, summary);
  }

  /** The line of metrics.jsonl on the evaluation that found the best parameters. */
  private Optional<JsonNode> bestValidation(TrainingState state) {
    return state
        .best()
        .flatMap(
            best ->
                metrics
                    .ofType(Evaluation.LINE_TYPE)
                    .filter(line -> line.path("round").asLong() == best.round())
                    .findFirst());
  }

  /** Writes report.html; returns what the curves suggest. */
  private List<String> writeReport(Status status) {
    TrainingReport report =
        new TrainingReport(
            directory.metrics(Reports.ROUND), directory.metrics(Evaluation.LINE_TYPE));
    directory.write(
        RunDirectory.REPORT, out -> report.write(configuration.name(), status.key(), out));
    return status == Status.DIVERGED ? List.of() : report.suggestions();
  }

  /** The best parameters so far; without validation, the last. */
  private float[] result(TrainingState state) {
    return state
        .best()
        .map(Best::parameters)
        .orElseGet(
            () ->
                withStatistics(
                    ValidatedWeights.unvalidated(
                        state.model(), configuration.training().averaging().movingAverage())));
  }

  private TrainingOutcome outcome(TrainingState state, JsonNode summary) {
    return new TrainingOutcome(
        state.status(),
        state.epochsBegun(),
        state
            .best()
            .map(best -> new Evaluation(best.epoch(), best.round(), best.loss(), best.accuracy())),
        summary,
        evaluations);
  }

  private Optional<EvaluationSums> test(float[] parameters) {
    try {
      return data.test().map(shards -> workers.evaluate(shards.view(), parameters));
    } catch (DataException e) {
      progress.say(
          "training has ended and its model is written to "
              + directory.location()
              + "; only the test is missing, which the same command makes up for");
      throw e;
    }
  }

  /** Frees the replicas on the executors. */
  @Override
  public void close() {
    checkpoints.close();
    model.close();
    workers.close();
    images.close();
  }
}
