package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.HostBackend;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import java.util.Set;

/** Whole networks compiled to oneDNN primitives. */
public final class OneDnnBackend implements HostBackend {
  private final Precision precision;
  private final boolean recomputes;

  /**
   * Computes in a precision where the machine has it.
   *
   * @param recomputes whether values are computed again on the way back instead of being kept
   */
  public OneDnnBackend(Precision precision, boolean recomputes) {
    this.precision = precision;
    this.recomputes = recomputes;
  }

  @Override
  public String name() {
    return "oneDNN";
  }

  @Override
  public CompiledNetwork propagation(Job job) throws UnsupportedNetworkException {
    Set<String> settled =
        job.optimizer()
            .map(rule -> rule.layers().settledLayers(job.network().getConfiguration()))
            .orElse(Set.of());
    return CompiledNetwork.compile(job.network(), job.input(), precision, recomputes, settled);
  }
}
