package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.HostBackend;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.graph.UnsupportedNetworkException;

/** Whole networks compiled to oneDNN primitives. */
public final class OneDnnBackend implements HostBackend {
  private final Precision precision;

  /** Computes in a precision where the machine has it. */
  public OneDnnBackend(Precision precision) {
    this.precision = precision;
  }

  @Override
  public String name() {
    return "oneDNN";
  }

  @Override
  public CompiledNetwork propagation(Job job) throws UnsupportedNetworkException {
    return CompiledNetwork.compile(job.network(), job.input(), precision);
  }
}
