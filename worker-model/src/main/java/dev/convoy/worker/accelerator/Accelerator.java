package dev.convoy.worker.accelerator;

import dev.convoy.worker.backend.Backend;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.graph.UnsupportedNetworkException;
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
   * @param compiled whole networks compiled to oneDNN primitives, where all layers allow it
   * @param precision of compiled networks, where the machine has it
   * @param recomputes whether compiled networks keep only what goes from one block of layers into
   *     the next for the way back, and compute the rest again
   * @param instructionSet what all processes of a run are held to
   */
  public record Settings(
      boolean compiled, Precision precision, boolean recomputes, InstructionSetLimit instructionSet)
      implements Serializable {
    /** Everything, with whatever instructions the processor has. */
    public static Settings all() {
      return new Settings(true, Precision.FLOAT32, false, InstructionSetLimit.AUTO);
    }

    /** Deeplearning4j's own layers. */
    public static Settings none() {
      return new Settings(false, Precision.FLOAT32, false, InstructionSetLimit.AUTO);
    }
  }

  /** The backends that the settings allow, in the order in which they are asked. */
  static List<Backend> backends(Settings settings) {
    LayersBackend layers = new LayersBackend();
    return settings.compiled()
        ? List.of(new OneDnnBackend(settings.precision(), settings.recomputes()), layers)
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
