package dev.convoy.worker.accelerator;

import dev.convoy.worker.accelerator.helper.LayerHelpers;
import dev.convoy.worker.accelerator.propagation.LayerwisePropagation;
import dev.convoy.worker.accelerator.propagation.Propagation;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.natives.InstructionSetLimit;
import dev.convoy.worker.onednn.CompiledNetwork;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Chooses how a network is computed: as fast as the settings and the machine allow. */
public final class Accelerator {
  private Accelerator() {}

  /**
   * What may be used.
   *
   * @param compiled whole networks compiled to oneDNN primitives, where all layers allow it; only
   *     together with all layer helpers, so that switching one of those off shows its own effect
   * @param helpers of single layers, for the networks that are not compiled
   * @param instructionSet what all processes of a run are held to
   */
  public record Settings(
      boolean compiled, LayerHelpers.Settings helpers, InstructionSetLimit instructionSet) {
    /** With whatever instructions the processor has. */
    public Settings(boolean compiled, LayerHelpers.Settings helpers) {
      this(compiled, helpers, InstructionSetLimit.AUTO);
    }

    /** Everything. */
    public static Settings all() {
      return new Settings(true, LayerHelpers.Settings.all());
    }

    /** Stock Deeplearning4j. */
    public static Settings none() {
      return new Settings(false, LayerHelpers.Settings.none());
    }
  }

  /**
   * Accelerates a network.
   *
   * @param network initialised; stays the owner of its parameters and gradients, and an ordinary
   *     network of Deeplearning4j
   * @param input its images and the number of classes
   */
  public static Propagation accelerate(
      ComputationGraph network, InputShape input, Settings settings) {
    String reason = "";
    if (settings.compiled() && settings.helpers().equals(LayerHelpers.Settings.all())) {
      try {
        return CompiledNetwork.compile(network, input);
      } catch (UnsupportedNetworkException e) {
        reason = "; not compiled: " + e.getMessage();
      }
    }
    LayerHelpers.Report report = LayerHelpers.install(network, settings.helpers());
    return new LayerwisePropagation(network, input, report.description() + reason);
  }
}
