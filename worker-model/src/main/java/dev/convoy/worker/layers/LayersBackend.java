package dev.convoy.worker.layers;

import dev.convoy.worker.backend.HostBackend;
import dev.convoy.worker.backend.Job;

/** Deeplearning4j's own layers, one after the other: computes every network. */
public final class LayersBackend implements HostBackend {
  @Override
  public String name() {
    return "layers";
  }

  @Override
  public LayerwisePropagation propagation(Job job) {
    return new LayerwisePropagation(job.network(), job.input(), "Deeplearning4j's own layers");
  }
}
