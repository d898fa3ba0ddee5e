package dev.convoy.driver.training;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import dev.convoy.driver.averaging.Averaging;
import dev.convoy.driver.averaging.AveragingRule;
import dev.convoy.driver.averaging.AveragingRules;
import dev.convoy.driver.averaging.MovingAverage;
import dev.convoy.driver.averaging.RoundPlace;
import dev.convoy.driver.averaging.RoundResult;
import dev.convoy.driver.averaging.StockMaster;
import dev.convoy.driver.cluster.Rounds;
import dev.convoy.driver.cluster.SoftTargets;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.cluster.TrainingGauges;
import dev.convoy.driver.compression.Compressions;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.ChangedImagesException;
import dev.convoy.driver.directory.Checkpoint;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.exchange.LostSliceException;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.state.TrainingState.EpochTotals;
import dev.convoy.driver.state.TrainingState.Position;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.driver.training.Supervisor.Moment;
import dev.convoy.driver.training.Supervisor.Verdict;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.RoundTask;
import java.io.IOException;
import java.io.OutputStream;
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
  private final RunContext context;
  private final RunConfiguration.Training training;
  private final Supervisor supervisor;
  private final RoundSchedule schedule;
  private final Rounds rounds;
  private final RunCheckpoints checkpoints;
  private final RunValidation validation;
  private RunHistory history;

  /** What it has come to: no one else holds it, so that memory has one model at a time. */
  private TrainingState state = TrainingState.first(new float[0], 1);

  private TrainingRun(RunContext context, Supervisor supervisor) {
    this.context = context;
    this.training = context.configuration().training();
    this.supervisor = supervisor;
    this.schedule = new RoundSchedule(context.configuration(), context.images().train().sizes());
    this.rounds = context.workers().rounds(averaging(), context.network().sizes());
    this.checkpoints = new RunCheckpoints(context);
    this.validation = new RunValidation(context);
    if (hasDeadline()) {
      context
          .progress()
          .say(
              "averaging.deadline: what a round trains depends on the clock, so that results do not repeat");
    }
    if (context.isStock()) {
      context.progress().say(StockMaster.caveat());
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
    Optional<EndedRun> before = EndedRun.of(directory);
    if (before.isPresent() && !configuration.overwrite()) {
      before.get().requireSameImages(data, configuration);
      return before.get().outcome();
    }
    try (RunContext context =
            RunContext.of(cluster, configuration, directory, progress, data, targets);
        TrainingRun run = new TrainingRun(context, supervisor)) {
      if (configuration.overwrite() && directory.holdsOther(context.identity())) {
        progress.say("what " + directory.location() + " holds is of other images and begun anew");
        directory.discard();
      } else if (before.isPresent()) {
        progress.say("the images are the same: " + before.get().notice());
        return before.get().outcome();
      }
      directory.writeLines(RunDirectory.LABELS, data.labels());
      run.begin();
      directory.writeQuarantine(data.quarantined());
      run.trainThroughLosses();
      return run.end();
    }
  }

  /**
   * Writes the model that was a run's best when it was suspended. The run itself stays as it is, to
   * go on another time.
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
    try (RunContext context =
            RunContext.of(
                cluster, configuration, directory, Progress.none(), data, Optional.empty());
        TrainingRun run = new TrainingRun(context, until)) {
      run.begin();
      if (run.state.totals().rounds() == 0) {
        run.trainThroughLosses();
      }
      run.checkpoints.await();
      run.history.flush();
      Reports.writeModel(context, run.validation.result(run.state), out);
    }
  }

  private Averaging averaging() {
    AveragingRule rule = averagingRule();
    return new Averaging(
        rule,
        training.averaging().optimizerStates(),
        Compressions.FAMILY.create(training.averaging().compression()),
        context.network().layout(training.averaging().statistics(), rule.averagesGradients()));
  }

  private AveragingRule averagingRule() {
    RunConfiguration.Averaging settings = training.averaging();
    if (settings.isStock()) {
      return Averaging.mean().rule(); // which is not asked
    }
    AveragingRule rule = AveragingRules.FAMILY.create(settings.rule());
    return settings
        .movingAverage()
        .<AveragingRule>map(
            average ->
                new MovingAverage(
                    rule, average.decay(), schedule.roundsBefore(average.startEpochs())))
        .orElse(rule);
  }

  private boolean hasDeadline() {
    return training.averaging().deadlineSeconds().isPresent();
  }

  /** Takes up the state of the latest checkpoint, or the first. */
  private void begin() {
    Optional<Checkpoint> checkpoint = checkpoints.latest();
    if (checkpoint.isPresent()) {
      goOnFrom(checkpoint.get());
    } else {
      history = RunHistory.empty(context.directory());
      state = TrainingState.first(FirstParameters.of(context), schedule.batches(0));
    }
  }

  private void goOnFrom(Checkpoint checkpoint) {
    RunDirectory directory = context.directory();
    try {
      context
          .identity()
          .goOnFrom(checkpoint.identity(), directory.location())
          .forEach(context.progress()::say);
    } catch (ChangedImagesException e) {
      throw new ChangedImagesException(
          e, context.data().changes(directory.quarantinedPaths(), directory.beganMillis()));
    }
    history = RunHistory.resume(directory, checkpoint);
    state = checkpoint.state();
    context
        .progress()
        .say("going on after round " + state.totals().rounds() + ", from " + directory.location());
  }

  /**
   * Trains, and goes back to the latest checkpoint if executors are lost together with what a round
   * begins with.
   */
  private void trainThroughLosses() {
    LossLimit losses = new LossLimit();
    while (true) {
      try {
        train();
        return;
      } catch (LostSliceException e) {
        checkpoints.forget(); // which reads the model
        state.model().close();
        if (losses.isReachedBy(checkpoints.latestRounds())) {
          throw e;
        }
        context
            .progress()
            .say("lost with their executors: parameters; going back to the latest checkpoint");
        begin();
      }
    }
  }

  private void train() {
    Verdict verdict = judge();
    while (state.status() == Status.RUNNING && verdict == Verdict.GO_ON) {
      trainRound();
      endIfDue();
      boolean epochEnds = schedule.epochEnds(state.position());
      if (validation.isDue(state, epochEnds)) {
        state = validation.validate(state, history);
      }
      if (epochEnds && state.status() != Status.DIVERGED) {
        keepSnapshot();
      }
      verdict = judge();
      if (epochEnds && state.status() == Status.RUNNING) {
        state = state.nextEpoch(schedule.batchesAfter(state));
      }
      if (checkpoints.isDue(state, verdict)) {
        checkpoints.write(new Checkpoint(state, context.identity(), history.position()));
      }
    }
  }

  /** What the supervisor says; a run that it stops has ended. */
  private Verdict judge() {
    int epochs = state.position().epoch() + (schedule.epochEnds(state.position()) ? 1 : 0);
    Verdict verdict =
        supervisor.judge(new Moment(epochs, state.totals().rounds(), history.evaluations()));
    if (verdict == Verdict.STOP && state.status() == Status.RUNNING) {
      state = state.with(Status.STOPPED);
    }
    return verdict;
  }

  private void trainRound() {
    long start = System.nanoTime();
    RoundResult result = round();
    double seconds = (System.nanoTime() - start) / 1e9;
    double computeSeconds = result.computeSeconds(context.workers().atOnce());
    TrainingState next = state.trained(result, seconds, computeSeconds);
    try {
      checkpoints.await();
    } catch (RuntimeException e) {
      next.model().close();
      throw e;
    }
    state.model().close();
    state = next;
    report(result, seconds, computeSeconds);
    if (state.status() == Status.RUNNING && schedule.epochEnds(state.position())) {
      checkNothingLost(state.totals().epoch());
    }
  }

  private RoundResult round() {
    Position position = state.position();
    RoundTask task = schedule.task(position, rateShare());
    RoundPlace place =
        new RoundPlace(
            state.totals().rounds(),
            LocalTrainer.learningRate(context.settings(), task)
                .mean(task.firstStep(), task.steps()),
            context.images().train().shardsWithImages());
    return context
        .cluster()
        .describing(
            Text.of(
                "epoch %d, round %d of %d",
                position.epoch() + 1, position.round() + 1, schedule.rounds(position)),
            () ->
                rounds.train(
                    context.images().train(),
                    context.targets(),
                    schedule.plan(position),
                    task,
                    place,
                    state.model()));
  }

  /** What the round's learning rates are multiplied by. */
  private double rateShare() {
    return state.plateau().share() * training.averaging().rateScaling().factor(training.workers());
  }

  /** Tells files, gauges and people what a round came to. */
  private void report(RoundResult result, double seconds, double computeSeconds) {
    double loss = result.lossSum() / result.examples();
    TrainingGauges.add(
        new TrainingGauges.Round(result.examples(), seconds, loss, result.waitingShare()));
    history.addRound(
        Reports.round(state, result, seconds, computeSeconds, checkpoints.takeWaitedSeconds()));
    Position position = state.position();
    int rounds = schedule.rounds(position);
    double roundsLeft = (double) rounds * (training.epochs() - position.epoch()) - position.round();
    context
        .progress()
        .round(
            new Progress.Round(
                position.epoch() + 1,
                training.epochs(),
                position.round(),
                rounds,
                loss,
                result.examples() / seconds,
                roundsLeft * state.totals().seconds() / state.totals().rounds()));
  }

  /** Every training example once in every epoch, but for a deadline; a baseline does not count. */
  private void checkNothingLost(EpochTotals epoch) {
    if (context.isStock()) {
      return;
    }
    long expected = context.images().train().examples();
    long missing = expected - epoch.examples();
    if (!hasDeadline() || missing < 0) {
      context.images().requireEachOnce(epoch);
    } else if (missing > 0) {
      context
          .progress()
          .say(Text.of("averaging.deadline: %,d of %,d examples were left out", missing, expected));
    }
  }

  private void endIfDue() {
    if (state.status() != Status.RUNNING) {
      return;
    }
    boolean lastEpoch = state.position().epoch() + 1 == training.epochs();
    if (lastEpoch && schedule.epochEnds(state.position())) {
      state = state.with(Status.COMPLETED);
    } else if (state.totals().seconds() >= training.maxSeconds()) {
      state = state.with(Status.TIME_LIMIT);
    }
  }

  private void keepSnapshot() {
    int epoch = state.position().epoch() + 1;
    if (context.configuration().checkpoint().snapshots().contains(epoch)) {
      float[] parameters = validation.withStatistics(state.parameters());
      context
          .directory()
          .write(RunDirectory.snapshot(epoch), out -> Reports.writeModel(context, parameters, out));
    }
  }

  private TrainingOutcome end() {
    checkpoints.await();
    history.flush();
    RunEnd end = new RunEnd(context, history, validation, schedule.stepsPerEpoch());
    return state.status() == Status.RUNNING ? end.suspended(state) : end.ended(state);
  }

  /** Lets the last checkpoint be written; frees what the next round would begin with. */
  @Override
  public void close() {
    checkpoints.close();
    state.model().close();
    rounds.close();
  }
}
