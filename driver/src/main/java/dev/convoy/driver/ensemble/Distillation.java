package dev.convoy.driver.ensemble;

import dev.convoy.driver.cluster.MemberPrediction;
import dev.convoy.driver.cluster.SoftTargets;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.Supervisor;
import dev.convoy.driver.training.TrainingRun;
import dev.convoy.driver.trial.DataPool;
import dev.convoy.worker.ensemble.EnsembleCard.Provenance;
import java.util.Optional;

/**
 * Trains one network on the ensemble's predictions for the training images: a run like any other,
 * in the ensemble's directory, with other targets. Driver only.
 */
final class Distillation {
  private final SparkCluster cluster;
  private final EnsembleDefinition definition;
  private final EnsembleDirectory directory;
  private final Progress progress;

  Distillation(EnsembleJob job) {
    this.cluster = job.cluster();
    this.definition = job.definition();
    this.directory = job.directory();
    this.progress = job.progress();
  }

  /**
   * Trains the network, or goes on with that.
   *
   * @param images that it shares with the ensemble
   * @return empty if training diverged
   */
  Optional<SingleNetwork> distil(SavedEnsemble ensemble, DataPool images) {
    RunConfiguration run = definition.student(ensemble.leader().run(), directory.distilled());
    try (RunDirectory output = directory.openRun(run)) {
      if (output.summary().isEmpty()) {
        train(ensemble, run, output, images);
      }
    }
    Optional<byte[]> model = directory.distilledModel();
    return model.map(
        bytes ->
            new SingleNetwork(
                "distilled",
                new Provenance(
                    "distilled", run.seed(), Member.digest(bytes, run.output() + "/model.zip")),
                bytes));
  }

  private void train(
      SavedEnsemble ensemble, RunConfiguration run, RunDirectory output, DataPool images) {
    int threads = cluster.threads(run);
    try (DataPool.Lease lease = images.lease(run);
        SoftTargets targets =
            new SoftTargets(
                cluster,
                new MemberPrediction(
                    cluster,
                    run,
                    ensemble.predictionModels(),
                    ensemble.card().labels().size(),
                    threads),
                ensemble.card().combination(),
                definition.settings().distillation().orElseThrow().weight(),
                lease.data().train().view(),
                progress)) {
      TrainingRun.run(
          cluster, run, output, progress, lease.data(), Supervisor.none(), Optional.of(targets));
      output.deleteCheckpoints();
    }
  }
}
