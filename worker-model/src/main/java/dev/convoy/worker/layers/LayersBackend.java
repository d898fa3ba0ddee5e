package dev.convoy.worker.layers;

import dev.convoy.worker.backend.HostBackend;
import dev.convoy.worker.backend.Job;

/** Deeplearning4j's own layers, with fast paths in some of them: computes every network. */
public final class LayersBackend implements HostBackend {
  private final LayerHelpers.Settings helpers;

  /** With fast paths in some kinds of layer. */
  public LayersBackend(LayerHelpers.Settings helpers) {
    this.helpers = helpers;
  }

  @Override
  public String name() {
    return "layers";
  }

  @Override
  public LayerwisePropagation propagation(Job job) {
    StringBuilder description =
        new StringBuilder(LayerHelpers.install(job.network(), helpers).description());
    job.refusals().forEach(refusal -> description.append("; ").append(refusal));
    return new LayerwisePropagation(job.network(), job.input(), description.toString());
  }
}
