package dev.convoy.driver.ensemble;

import dev.convoy.driver.cluster.MemberPrediction;
import dev.convoy.driver.cluster.SoftTargets;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.ChangedInputException;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.directory.RunIdentity.Field;
import dev.convoy.driver.training.Supervisor;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.driver.training.TrainingRun;
import dev.convoy.driver.trial.DataPool;
import dev.convoy.worker.ensemble.EnsembleCard.Provenance;
import java.util.Optional;

/**
 * Trains one network on the ensemble's predictions for the training images: a run like any other,
 * in the ensemble's directory, with other targets. Driver only.
 */
record Distillation(EnsembleRun ensembleRun) {
  /**
   * Trains the network, or goes on with that.
   *
   * @param images that it shares with the ensemble
   * @return empty if training diverged
   */
  Optional<SingleNetwork> distil(SavedEnsemble ensemble, DataPool images) {
    RunConfiguration run =
        ensembleRun
            .definition()
            .student(ensemble.leader().run(), ensembleRun.directory().distilled());
    try (RunDirectory output = ensembleRun.directory().openRun(run)) {
      if (output.summary().isEmpty()) {
        train(ensemble, run, output, images);
      }
    }
    Optional<byte[]> model = ensembleRun.directory().distilledModel();
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
    int threads = ensembleRun.cluster().threads(run);
    try (DataPool.Lease lease = images.lease(run);
        SoftTargets targets =
            new SoftTargets(
                ensembleRun.cluster(),
                new MemberPrediction(
                    ensembleRun.cluster(),
                    run,
                    ensemble.predictionModels(),
                    ensemble.card().labels().size(),
                    threads),
                ensemble.card().combination(),
                ensembleRun.definition().settings().distillation().orElseThrow().weight(),
                lease.data().train().view(),
                ensembleRun.progress())) {
      try {
        train(run, output, lease.data(), targets);
      } catch (ChangedInputException e) {
        if (e.field() != Field.TEACHER) {
          throw e;
        }
        // So it is, too, where another kind of processor computes the last bits otherwise.
        ensembleRun
            .progress()
            .say("the distilled network had begun to learn other answers, and begins anew");
        output.discard();
        train(run, output, lease.data(), targets);
      }
      output.deleteCheckpoints();
    }
  }

  private void train(
      RunConfiguration run, RunDirectory output, TrainingData images, SoftTargets targets) {
    TrainingRun.run(
        ensembleRun.cluster(),
        run,
        output,
        ensembleRun.progress(),
        images,
        Supervisor.none(),
        Optional.of(targets));
  }
}
