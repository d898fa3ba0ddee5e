package dev.convoy.driver.ensemble;

import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.cluster.Workers;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.EnsembleSettings;
import dev.convoy.driver.configuration.EnsembleSettings.From;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.ensemble.Members.LeftOut;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.termination.Brackets;
import dev.convoy.driver.termination.Scheduler;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.driver.trial.DataPool;
import dev.convoy.driver.trial.Slots;
import dev.convoy.driver.trial.TrainingObjective;
import dev.convoy.driver.trial.TrialEvent;
import dev.convoy.driver.trial.TrialLoop;
import dev.convoy.driver.trial.TrialRecord;
import dev.convoy.driver.trial.TrialState;
import dev.convoy.worker.cuda.device.GpuChoice;
import dev.convoy.worker.ensemble.EnsembleCard.Provenance;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.WorkerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Trains members side by side; those that are trained already are kept. */
final class TrainedMembers {
  private final SparkCluster cluster;
  private final EnsembleDefinition definition;
  private final EnsembleDirectory directory;
  private final Progress progress;
  private final Slots slots;

  /**
   * Members on a cluster.
   *
   * @throws ConfigurationException if one needs more workers than there are slots
   */
  TrainedMembers(EnsembleRun ensembleRun) {
    this.cluster = ensembleRun.cluster();
    this.definition = ensembleRun.definition();
    this.directory = ensembleRun.directory();
    this.progress = ensembleRun.progress();
    this.slots =
        Slots.of(
            cluster,
            maxWorkers(definition),
            parallel(definition.settings()),
            List.of("ensemble.parallel-members", "training.workers"));
  }

  private static int maxWorkers(EnsembleDefinition definition) {
    return IntStream.range(0, definition.runs())
        .map(run -> definition.workers(definition.trial(run)))
        .max()
        .orElseThrow();
  }

  /** The one run of all snapshots has the machine to itself. */
  private static OptionalInt parallel(EnsembleSettings settings) {
    return settings.source().from() == From.SNAPSHOTS
        ? OptionalInt.of(1)
        : settings.parallelMembers();
  }

  /** Trains the members that are not there yet. */
  Members train(TrainingData data, DataPool images) {
    requireDropout(data);
    MemberPlan plan = new MemberPlan(definition, directory);
    TrialRecord record = new TrialRecord(directory.journal(), plan.noun(), plan.metric());
    TrialLoop loop =
        new TrialLoop(
            plan,
            Brackets.plain(
                definition.example().training().epochs(), Scheduler.Limits.of(definition.runs())),
            new TrainingObjective(cluster, plan, directory, images),
            slots,
            record,
            progress);
    loop.run(new TrialLoop.Watcher() {});
    List<Member> answering = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    for (TrialEvent event : record.trials().all()) {
      TrialState state = event.result().state();
      boolean failed = state == TrialState.DIVERGED || state == TrialState.FAILED;
      if (definition.settings().source().from() == From.SNAPSHOTS) {
        answering.addAll(snapshots(event.trial()));
      } else if (!failed) {
        answering.add(member(event.trial()));
      }
      if (failed) {
        leftOut.add(new LeftOut(event.trial(), state.key(), event.result().reason()));
      }
    }
    return new Members(answering, leftOut);
  }

  /** Without dropout all samples of a network would be the same. */
  private void requireDropout(TrainingData data) {
    OptionalInt samples = definition.settings().answer().dropoutSamples();
    if (samples.isEmpty()) {
      return;
    }
    WorkerSettings any = Workers.settings(definition.example(), data.labels().size(), 1);
    WorkerSettings worker = any.with(any.accelerator().with(GpuChoice.OFF));
    try (LocalTrainer network = LocalTrainer.undrawn(worker)) {
      if (!network.hasDropout()) {
        throw new ConfigurationException(
            "ensemble.dropout-samples = "
                + samples.getAsInt()
                + ": expected a network with dropout, such as model.dropout = 0.25, found "
                + definition.example().model().name()
                + " without");
      }
    }
  }

  private Member member(int number) {
    RunConfiguration run = run(number);
    byte[] model = directory.model(number);
    String sha256 = Member.digest(model, run.output() + "/model.zip");
    return new Member(number, run, new Provenance(name(number), run.seed(), sha256), model);
  }

  /** The snapshots of a run at the ends of its cycles. */
  private List<Member> snapshots(int number) {
    RunConfiguration run = run(number);
    List<Member> members = new ArrayList<>();
    for (int epoch : run.checkpoint().snapshots()) {
      directory
          .fileOf(number, RunDirectory.snapshot(epoch))
          .ifPresent(
              model ->
                  members.add(
                      new Member(
                          members.size(),
                          run,
                          new Provenance(
                              name(number) + " after epoch " + epoch,
                              run.seed(),
                              Member.digest(model, run.output() + "/snapshots")),
                          model)));
    }
    return members;
  }

  private RunConfiguration run(int number) {
    return definition.memberRun(definition.trial(number), directory.runOf(number));
  }

  private String name(int number) {
    return directory.runOf(number).substring(directory.location().length() + 1);
  }
}
