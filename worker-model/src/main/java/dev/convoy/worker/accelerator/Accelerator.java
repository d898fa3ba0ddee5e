package dev.convoy.worker.accelerator;

import dev.convoy.worker.backend.Backend;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.cuda.device.GpuChoice;
import dev.convoy.worker.cuda.device.GpuUse;
import dev.convoy.worker.cuda.device.Gpus;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.layers.LayersBackend;
import dev.convoy.worker.natives.InstructionSetLimit;
import dev.convoy.worker.onednn.OneDnnBackend;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses how a network is computed: as fast as the settings and the machine allow. */
public final class Accelerator {
  private static final Logger LOG = LoggerFactory.getLogger(Accelerator.class);

  private Accelerator() {}

  /**
   * What may be used.
   *
   * @param compiled whole networks compiled to oneDNN primitives, where all layers allow it
   * @param precision of compiled networks, where the machine has it
   * @param recomputes whether compiled networks keep only what goes from one block of layers into
   *     the next for the way back, and compute the rest again
   * @param instructionSet what all processes of a run are held to
   * @param gpu which GPU
   */
  public record Settings(
      boolean compiled,
      Precision precision,
      boolean recomputes,
      InstructionSetLimit instructionSet,
      GpuChoice gpu)
      implements Serializable {
    /** On the CPU. */
    public Settings(
        boolean compiled,
        Precision precision,
        boolean recomputes,
        InstructionSetLimit instructionSet) {
      this(compiled, precision, recomputes, instructionSet, GpuChoice.OFF);
    }

    /** The same with another choice of a GPU. */
    public Settings with(GpuChoice other) {
      return new Settings(compiled, precision, recomputes, instructionSet, other);
    }

    /**
     * Everything, with whatever instructions the processor has; without a GPU as long as none is
     * given.
     */
    public static Settings all() {
      return new Settings(
          true, Precision.FLOAT32, false, InstructionSetLimit.AUTO, GpuChoice.of(GpuUse.AUTO));
    }

    /** Deeplearning4j's own layers. */
    public static Settings none() {
      return new Settings(false, Precision.FLOAT32, false, InstructionSetLimit.AUTO);
    }
  }

  /** The backends that the settings allow, in the order in which they are asked. */
  static List<Backend> backends(Settings settings) {
    List<Backend> backends = new ArrayList<>();
    boolean onlyOnGpu = settings.gpu().use() == GpuUse.REQUIRED;
    if (onlyOnGpu || settings.gpu().isGiven()) {
      backends.add(new GivenGpuBackend(settings, Gpus.ofThisMachine()));
    }
    if (settings.compiled() && !onlyOnGpu) {
      backends.add(new OneDnnBackend(settings.precision(), settings.recomputes()));
    }
    if (!onlyOnGpu) {
      backends.add(new LayersBackend());
    }
    return backends;
  }

  /**
   * Opens a network with the first backend that can compute it; the last can compute any.
   *
   * @throws GpuRequiredException if it must be computed on a GPU and cannot be
   */
  public static Session open(Job job, Settings settings) {
    Job asked = job;
    for (Backend backend : backends(settings)) {
      try {
        return backend.open(asked);
      } catch (UnsupportedNetworkException e) {
        if (backend instanceof GivenGpuBackend && settings.gpu().use() != GpuUse.REQUIRED) {
          LOG.warn("Computing on the CPU and not on a GPU: {}", e.getMessage());
        }
        asked = asked.refused(backend, e.getMessage());
      }
    }
    if (settings.gpu().use() == GpuUse.REQUIRED) {
      throw new GpuRequiredException(String.join("; ", asked.refusals()));
    }
    throw new IllegalStateException("No backend computes the network: " + asked.refusals());
  }
}
