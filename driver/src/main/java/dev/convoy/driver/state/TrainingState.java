package dev.convoy.driver.state;

import dev.convoy.data.component.ValueType;
import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.RoundResult;
import java.util.Arrays;
import java.util.Optional;

/**
 * Everything that a run has come to between two rounds: what a checkpoint holds, and all that the
 * next round depends on. Immutable; its arrays are shared and never written to.
 *
 * @param position the round to train next
 * @param model what the next round begins with
 * @param totals counts since the run began
 * @param progress of early stopping
 * @param plateau what the learning rate has come to
 * @param best the best parameters so far, once there was an evaluation
 * @param status whether the run goes on
 */
public record TrainingState(
    Position position,
    AveragedModel model,
    Totals totals,
    EarlyStopping.Progress progress,
    ReduceOnPlateau.Progress plateau,
    Optional<Best> best,
    Status status) {

  /** Whether a run goes on, or why not. */
  public enum Status {
    /** There is more to train. */
    RUNNING,
    /** All epochs were trained. */
    COMPLETED,
    /** Validation stopped improving. */
    EARLY_STOPPED,
    /** The time was used up. */
    TIME_LIMIT,
    /** Whoever watches the run, such as a search, saw no point in more of it. */
    STOPPED,
    /** The loss, a parameter or the last validation is no longer a number. */
    DIVERGED;

    /** The name in summary.json. */
    public String key() {
      return ValueType.nameOf(this);
    }

    /** The status of that name. */
    public static Status of(String key) {
      return Arrays.stream(values())
          .filter(status -> status.key().equals(key))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("No status of a run: " + key));
    }
  }

  /**
   * A place in the run.
   *
   * @param epoch counted from 0
   * @param round in the epoch, counted from 0
   * @param batches of a round in this epoch
   */
  public record Position(int epoch, int round, int batches) {}

  /**
   * Counts since the run began, and since its epoch did.
   *
   * @param rounds trained
   * @param examples trained
   * @param seconds of training and validation, over all attempts
   * @param epoch what the current epoch has come to
   */
  public record Totals(long rounds, long examples, double seconds, EpochTotals epoch) {}

  /**
   * What an epoch has come to.
   *
   * @param examples trained
   * @param fingerprint wrapping sum of their hashes
   * @param lossSum of their losses, in nats
   * @param roundSeconds that its rounds took
   * @param computeSeconds of these in which the slowest workers computed
   */
  public record EpochTotals(
      long examples, long fingerprint, double lossSum, double roundSeconds, double computeSeconds) {
    /** At an epoch's start. */
    public static EpochTotals none() {
      return new EpochTotals(0, 0, 0, 0, 0);
    }

    /** The mean loss of the examples, each before the step that it took part in, in nats. */
    public double meanLoss() {
      return lossSum / examples;
    }
  }

  /**
   * The best parameters so far.
   *
   * @param epoch epochs begun when they were evaluated, counted from 1
   * @param round rounds trained then
   * @param loss on the validation images, in nats
   * @param accuracy on the validation images, in [0, 1]
   * @param weights whose they are
   * @param parameters flat
   */
  public record Best(
      int epoch, long round, double loss, double accuracy, Weights weights, float[] parameters) {}

  /** Which of a run's parameters. */
  public enum Weights {
    /** Those that it trains. */
    CURRENT,
    /** The moving average of these. */
    AVERAGE;

    /** The name in summary.json. */
    public String key() {
      return ValueType.nameOf(this);
    }
  }

  /** How many epochs have a round that was trained. */
  public int epochsBegun() {
    return position.epoch() + (position.round() > 0 ? 1 : 0);
  }

  /**
   * Before the first round.
   *
   * @param batches of a round in the first epoch
   */
  public static TrainingState first(float[] parameters, int batches) {
    return new TrainingState(
        new Position(0, 0, batches),
        ModelState.first(parameters),
        new Totals(0, 0, 0, EpochTotals.none()),
        EarlyStopping.Progress.none(),
        ReduceOnPlateau.Progress.none(),
        Optional.empty(),
        Status.RUNNING);
  }

  /**
   * After one more round of the epoch; diverged if anything in it is no longer a number.
   *
   * @param seconds that it took
   * @param computeSeconds of these in which the slowest workers computed
   */
  public TrainingState trained(RoundResult round, double seconds, double computeSeconds) {
    AveragedModel next = round.model();
    boolean diverged = !Double.isFinite(round.lossSum()) || !next.isFinite();
    return new TrainingState(
        new Position(position.epoch(), position.round() + 1, position.batches()),
        next,
        new Totals(
            totals.rounds() + 1,
            totals.examples() + round.examples(),
            totals.seconds() + seconds,
            new EpochTotals(
                totals.epoch().examples() + round.examples(),
                totals.epoch().fingerprint() + round.fingerprint(),
                totals.epoch().lossSum() + round.lossSum(),
                totals.epoch().roundSeconds() + seconds,
                totals.epoch().computeSeconds() + computeSeconds)),
        progress,
        plateau,
        best,
        diverged ? Status.DIVERGED : Status.RUNNING);
  }

  /**
   * At the start of the next epoch.
   *
   * @param batches of a round in it
   */
  public TrainingState nextEpoch(int batches) {
    return new TrainingState(
        new Position(position.epoch() + 1, 0, batches),
        model,
        new Totals(totals.rounds(), totals.examples(), totals.seconds(), EpochTotals.none()),
        progress,
        plateau,
        best,
        status);
  }

  /** With an evaluation taken in. */
  public TrainingState validated(
      EarlyStopping.Observation observation,
      ReduceOnPlateau.Progress newPlateau,
      Optional<Best> newBest,
      double seconds) {
    boolean stop = status == Status.RUNNING && observation.verdict() == EarlyStopping.Verdict.STOP;
    return new TrainingState(
        position,
        model,
        new Totals(totals.rounds(), totals.examples(), totals.seconds() + seconds, totals.epoch()),
        observation.progress(),
        newPlateau,
        newBest.or(() -> best),
        stop ? Status.EARLY_STOPPED : status);
  }

  /** The network's parameters, flat. */
  public float[] parameters() {
    return model.parameters();
  }

  /** With another status. */
  public TrainingState with(Status newStatus) {
    return new TrainingState(position, model, totals, progress, plateau, best, newStatus);
  }
}
