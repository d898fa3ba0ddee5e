package dev.convoy.driver.trial;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.DataException;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.DirectoryInUseException;
import dev.convoy.driver.directory.OutputException;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.directory.RunsDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.driver.termination.CurvePoint;
import dev.convoy.driver.training.Evaluation;
import dev.convoy.driver.training.Supervisor;
import dev.convoy.driver.training.Supervisor.Verdict;
import dev.convoy.driver.training.TrainingOutcome;
import dev.convoy.driver.training.TrainingRun;
import dev.convoy.driver.trial.TrialResult.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Trains a trial on the cluster: once, or once for every fold of a cross-validation. */
public final class TrainingObjective implements Objective {
  private final SparkCluster cluster;
  private final TrialPlan plan;
  private final DataPool images;
  private final RunsDirectory directory;
  private final EarlyStopping.Metric metric;

  /**
   * Trains the trials of a plan.
   *
   * @param directory that theirs are in; not closed
   * @param images that they share; not closed
   */
  public TrainingObjective(
      SparkCluster cluster, TrialPlan plan, RunsDirectory directory, DataPool images) {
    this.directory = directory;
    this.cluster = cluster;
    this.plan = plan;
    this.metric = plan.metric();
    this.images = images;
  }

  @Override
  public int workers(Trial trial) {
    return plan.workers(trial);
  }

  @Override
  public TrialResult train(Trial trial, int epochs, int slot, Oversight oversight) {
    return cluster.inPool(
        plan.noun() + "s-" + slot,
        plan.noun() + " " + trial.number(),
        () -> train(trial, epochs, oversight));
  }

  private TrialResult train(Trial trial, int epochs, Oversight oversight) {
    try {
      List<TrainingOutcome> outcomes = new ArrayList<>();
      boolean[] interrupted = new boolean[1];
      for (RunConfiguration run : plan.runs(trial)) {
        outcomes.add(train(run, supervisor(epochs, oversight, interrupted)));
        if (interrupted[0]) {
          return interrupted(outcomes);
        }
      }
      return result(outcomes, epochs);
    } catch (OutputException | DirectoryInUseException e) {
      throw new AbortedException(e);
    } catch (DataException e) {
      if (plan.differInData()) {
        throw e;
      }
      throw new AbortedException(e);
    } catch (RuntimeException e) {
      throw cluster.isStopped() ? new AbortedException(e) : e;
    }
  }

  @Override
  public void requireSameImages(Trial trained) {
    RunConfiguration run = plan.runs(trained).get(0);
    try (DataPool.Lease lease = images.lease(run);
        RunDirectory output = directory.openRun(run)) {
      TrainingRun.requireSameImages(output, lease.data());
    }
  }

  private boolean isCrossValidated() {
    return plan.limits().runsPerTrial() > 1;
  }

  private TrainingOutcome train(RunConfiguration run, Supervisor supervisor) {
    try (DataPool.Lease lease = images.lease(run);
        RunDirectory output = directory.openRun(run)) {
      TrainingOutcome outcome =
          TrainingRun.run(cluster, run, output, Progress.none(), lease.data(), supervisor);
      if (outcome.status() != Status.RUNNING) {
        output.deleteCheckpoints();
      }
      return outcome;
    }
  }

  /** Suspends a run at its rung, or when all is suspended. */
  private Supervisor supervisor(int epochs, Oversight oversight, boolean[] interrupted) {
    return moment -> {
      Verdict verdict = oversight.judge(moment.epochs(), curve(moment.evaluations()));
      if (moment.epochs() >= epochs) {
        return Verdict.SUSPEND;
      }
      interrupted[0] = verdict == Verdict.SUSPEND;
      return verdict == Verdict.STOP && isCrossValidated() ? Verdict.GO_ON : verdict;
    };
  }

  private List<CurvePoint> curve(List<Evaluation> evaluations) {
    return evaluations.stream()
        .map(
            evaluation ->
                new CurvePoint(
                    evaluation.epoch(), metric.of(evaluation.loss(), evaluation.accuracy())))
        .toList();
  }

  private TrialResult interrupted(List<TrainingOutcome> outcomes) {
    return new TrialResult(
        TrialState.INTERRUPTED,
        epochs(outcomes),
        spent(outcomes),
        outcomes.size() == plan.limits().runsPerTrial() ? score(outcomes) : Score.none(),
        List.of(),
        "all was suspended");
  }

  private TrialResult result(List<TrainingOutcome> outcomes, int until) {
    TrialState state = TrialState.of(together(outcomes));
    return new TrialResult(
        state,
        epochs(outcomes),
        spent(outcomes),
        score(outcomes),
        isCrossValidated() ? List.of() : curve(outcomes.get(0).evaluations()),
        switch (state) {
          case STOPPED -> "below the median of the others";
          case PAUSED -> "compared after " + until + " epochs";
          default -> "";
        });
  }

  /** Diverged if one did; otherwise what the runs that are furthest from their end say. */
  private static Status together(List<TrainingOutcome> outcomes) {
    List<Status> statuses = outcomes.stream().map(TrainingOutcome::status).toList();
    for (Status status :
        List.of(Status.DIVERGED, Status.RUNNING, Status.TIME_LIMIT, Status.STOPPED)) {
      if (statuses.contains(status)) {
        return status;
      }
    }
    return statuses.contains(Status.COMPLETED) ? Status.COMPLETED : Status.EARLY_STOPPED;
  }

  private static int epochs(List<TrainingOutcome> outcomes) {
    return outcomes.stream().mapToInt(TrainingObjective::epochs).max().orElse(0);
  }

  private static long spent(List<TrainingOutcome> outcomes) {
    return outcomes.stream().mapToLong(TrainingObjective::epochs).sum();
  }

  private static int epochs(TrainingOutcome outcome) {
    return outcome.summary().path("epochs").asInt();
  }

  private Score score(List<TrainingOutcome> outcomes) {
    List<JsonNode> bests =
        outcomes.stream()
            .map(outcome -> outcome.summary().path("best"))
            .filter(best -> best.path(metric.key()).isNumber())
            .toList();
    if (bests.size() < outcomes.size()) {
      return Score.none();
    }
    double[] values =
        bests.stream().mapToDouble(best -> best.path(metric.key()).asDouble()).toArray();
    int bestEpoch =
        (int)
            Math.round(
                bests.stream().mapToInt(best -> best.path("epoch").asInt()).average().orElse(0));
    Spread spread = Spread.of(values);
    return new Score(
        OptionalDouble.of(spread.mean()),
        isCrossValidated() ? OptionalDouble.of(spread.standardError()) : OptionalDouble.empty(),
        bestEpoch);
  }
}
