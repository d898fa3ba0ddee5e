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
    StringBuilder description = new StringBuilder("Deeplearning4j's own layers");
    job.refusals().forEach(refusal -> description.append("; ").append(refusal));
    return new LayerwisePropagation(job.network(), job.input(), description.toString());
  }
}
