package dev.convoy.driver.trial;

import dev.convoy.data.DataException;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.cluster.UnsuitableClusterException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.DirectoryInUseException;
import dev.convoy.driver.directory.OutputException;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.directory.RunsDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.driver.termination.CurvePoint;
import dev.convoy.driver.training.EndedRun;
import dev.convoy.driver.training.Evaluation;
import dev.convoy.driver.training.Supervisor;
import dev.convoy.driver.training.Supervisor.Verdict;
import dev.convoy.driver.training.TrainingOutcome;
import dev.convoy.driver.training.TrainingRun;
import dev.convoy.driver.trial.TrialResult.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Trains a trial on the cluster: once, or once for every fold of a cross-validation.
 *
 * @param plan of the trials
 * @param directory that theirs are in; not closed
 * @param images that they share; not closed
 */
public record TrainingObjective(
    SparkCluster cluster, TrialPlan plan, RunsDirectory directory, DataPool images)
    implements Objective {
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
      RunSupervisor supervisor = new RunSupervisor(epochs, oversight);
      for (RunConfiguration run : plan.runs(trial)) {
        outcomes.add(train(run, supervisor));
        if (supervisor.isInterrupted && !isWhole(outcomes)) {
          return interrupted(outcomes);
        }
      }
      return result(outcomes, epochs);
    } catch (OutputException | DirectoryInUseException | UnsuitableClusterException e) {
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
      EndedRun.of(output).ifPresent(ended -> ended.requireSameImages(lease.data(), run));
    }
  }

  /** Whether all runs have come to their own end, though all is to be suspended. */
  private boolean isWhole(List<TrainingOutcome> outcomes) {
    return outcomes.size() == plan.limits().runsPerTrial()
        && outcomes.stream().allMatch(outcome -> outcome.status() != Status.RUNNING);
  }

  private boolean isCrossValidated() {
    return plan.limits().runsPerTrial() > 1;
  }

  private TrainingOutcome train(RunConfiguration run, Supervisor supervisor) {
    try (DataPool.Lease lease = images.lease(run);
        RunDirectory output = directory.openRun(run)) {
      TrainingOutcome outcome =
          TrainingRun.run(
              cluster, run, output, Progress.none(), lease.data(), supervisor, Optional.empty());
      if (outcome.status() != Status.RUNNING) {
        output.deleteCheckpoints();
      }
      return outcome;
    }
  }

  /** Suspends a run at its rung, or when all is suspended. */
  private final class RunSupervisor implements Supervisor {
    private final int epochs;
    private final Oversight oversight;
    private boolean isInterrupted;

    RunSupervisor(int epochs, Oversight oversight) {
      this.epochs = epochs;
      this.oversight = oversight;
    }

    @Override
    public Verdict judge(Moment moment) {
      Verdict verdict = oversight.judge(moment.epochs(), curve(moment.evaluations()));
      if (moment.epochs() >= epochs) {
        return Verdict.SUSPEND;
      }
      isInterrupted = verdict == Verdict.SUSPEND;
      return verdict == Verdict.STOP && isCrossValidated() ? Verdict.GO_ON : verdict;
    }
  }

  private List<CurvePoint> curve(List<Evaluation> evaluations) {
    return evaluations.stream()
        .map(
            evaluation ->
                new CurvePoint(
                    evaluation.epoch(), plan.metric().of(evaluation.loss(), evaluation.accuracy())))
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
    return outcomes.stream().mapToInt(TrainingOutcome::epochs).max().orElse(0);
  }

  private static long spent(List<TrainingOutcome> outcomes) {
    return outcomes.stream().mapToLong(TrainingOutcome::epochs).sum();
  }

  private Score score(List<TrainingOutcome> outcomes) {
    List<Evaluation> bests =
        outcomes.stream()
            .flatMap(outcome -> outcome.best().stream())
            .filter(best -> Double.isFinite(plan.metric().of(best.loss(), best.accuracy())))
            .toList();
    if (bests.size() < outcomes.size()) {
      return Score.none();
    }
    double bestEpoch = bests.stream().mapToInt(Evaluation::epoch).average().orElse(0);
    Spread spread =
        Spread.of(
            bests.stream()
                .mapToDouble(best -> plan.metric().of(best.loss(), best.accuracy()))
                .toArray());
    return new Score(
        OptionalDouble.of(spread.mean()),
        isCrossValidated() ? OptionalDouble.of(spread.standardError()) : OptionalDouble.empty(),
        (int) Math.round(bestEpoch));
  }
}
