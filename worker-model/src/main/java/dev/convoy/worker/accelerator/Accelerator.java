package dev.convoy.worker.accelerator;

import dev.convoy.worker.backend.Backend;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.layers.LayerHelpers;
import dev.convoy.worker.layers.LayersBackend;
import dev.convoy.worker.natives.InstructionSetLimit;
import dev.convoy.worker.onednn.OneDnnBackend;
import java.io.Serializable;
import java.util.List;

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
      boolean compiled, LayerHelpers.Settings helpers, InstructionSetLimit instructionSet)
      implements Serializable {
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

  /** The backends that the settings allow, in the order in which they are asked. */
  static List<Backend> backends(Settings settings) {
    LayersBackend layers = new LayersBackend(settings.helpers());
    return settings.compiled() && settings.helpers().equals(LayerHelpers.Settings.all())
        ? List.of(new OneDnnBackend(), layers)
        : List.of(layers);
  }

  /** Opens a network with the first backend that can compute it; the last can compute any. */
  public static Session open(Job job, Settings settings) {
    Job asked = job;
    for (Backend backend : backends(settings)) {
      try {
        return backend.open(asked);
      } catch (UnsupportedNetworkException e) {
        asked = asked.refused(backend, e.getMessage());
      }
    }
    throw new IllegalStateException("No backend computes the network: " + asked.refusals());
  }
}
