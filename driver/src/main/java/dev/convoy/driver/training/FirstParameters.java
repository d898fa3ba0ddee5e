package dev.convoy.driver.training;

import dev.convoy.data.Text;
import dev.convoy.driver.cluster.Workers;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.worker.datainitialization.DataInitializations;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.training.InitializedParameters;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.WorkerSettings;
import java.util.List;

/**
 * What a run begins with: parameters that are drawn, with the layers of another network where there
 * is one to begin with; the others initialised on the first batch, if that is asked for. A function
 * of configuration, images and that network. Driver only.
 *
 * @param settings of the workers
 * @param segments of the parameters
 * @param images of the run
 */
record FirstParameters(
    RunConfiguration configuration,
    WorkerSettings settings,
    List<Segment> segments,
    Workers workers,
    RunImages images,
    Progress progress) {

  /** Draws, takes over and initialises; says what. */
  float[] parameters() {
    float[] drawn = LocalTrainer.initialParameters(settings);
    if (configuration.transfer().isEmpty()) {
      return onData(drawn, List.of());
    }
    RunConfiguration.Transfer transfer = configuration.transfer().get();
    SourceNetwork.Given given =
        SourceNetwork.read(transfer).give(transfer, settings, segments, drawn);
    progress.say(given.description());
    return onData(given.parameters(), given.layers());
  }

  /** But for layers that are kept. */
  private float[] onData(float[] parameters, List<String> kept) {
    if (!DataInitializations.isOn(settings.dataInitialization())) {
      return parameters;
    }
    InitializedParameters initialized = workers.initializeOnData(images.train(), parameters, kept);
    progress.say(
        Text.of(
            "initialised on the first batch: %s%s",
            settings.dataInitialization().name(),
            initialized.left().isEmpty()
                ? ""
                : "; left as drawn: " + String.join(", ", initialized.left())));
    return initialized.parameters();
  }
}
