package dev.convoy.worker.accelerator;

import dev.convoy.worker.backend.Backend;
import dev.convoy.worker.backend.HostBackend;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** What is beneath a session in the memory of the host. */
final class Propagations {
  private Propagations() {}

  static Propagation of(ComputationGraph network, InputShape input, Accelerator.Settings settings) {
    for (Backend backend : Accelerator.backends(settings)) {
      try {
        return ((HostBackend) backend).propagation(Job.inference(network, input, 1));
      } catch (UnsupportedNetworkException e) {
        continue; // to the next, as the accelerator does
      }
    }
    throw new AssertionError("No backend computes the network.");
  }
}
