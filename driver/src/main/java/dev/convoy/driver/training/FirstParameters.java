package dev.convoy.driver.training;

import dev.convoy.data.Text;
import dev.convoy.driver.configuration.RunConfiguration.Transfer;
import dev.convoy.worker.datainitialization.DataInitializations;
import dev.convoy.worker.training.InitializedParameters;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.WorkerSettings;
import java.util.List;

/**
 * What a run begins with: parameters that are drawn, with the layers of another network where there
 * is one to begin with; the others initialised on the first batch, if that is asked for. A function
 * of configuration, images and that network. Driver only.
 */
final class FirstParameters {
  private FirstParameters() {}

  /** Draws, takes over and initialises; says what. */
  static float[] of(RunContext context) {
    float[] drawn = LocalTrainer.initialParameters(context.settings());
    if (context.configuration().transfer().isEmpty()) {
      return onData(context, drawn, List.of());
    }
    Transfer transfer = context.configuration().transfer().get();
    SourceNetwork.Given given =
        SourceNetwork.read(transfer)
            .give(transfer, context.settings(), context.network().segments(), drawn);
    context.progress().say(given.description());
    return onData(context, given.parameters(), given.layers());
  }

  /** But for layers that are kept. */
  private static float[] onData(RunContext context, float[] parameters, List<String> kept) {
    WorkerSettings settings = context.settings();
    if (!DataInitializations.isOn(settings.dataInitialization())) {
      return parameters;
    }
    InitializedParameters initialized =
        context.workers().initializeOnData(context.images().train(), parameters, kept);
    context
        .progress()
        .say(
            Text.of(
                "initialised on the first batch: %s%s",
                settings.dataInitialization().name(),
                initialized.left().isEmpty()
                    ? ""
                    : "; left as drawn: " + String.join(", ", initialized.left())));
    return initialized.parameters();
  }
}
