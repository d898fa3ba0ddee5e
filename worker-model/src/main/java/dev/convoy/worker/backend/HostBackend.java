package dev.convoy.worker.backend;

import dev.convoy.worker.graph.UnsupportedNetworkException;

/** A backend that computes in the memory in which Deeplearning4j keeps the network. */
public interface HostBackend extends Backend {
  /**
   * Computes a network where it is.
   *
   * @throws UnsupportedNetworkException if the network or this machine is not for this backend
   */
  Propagation propagation(Job job) throws UnsupportedNetworkException;

  @Override
  default Session open(Job job) throws UnsupportedNetworkException {
    return new HostSession(job, propagation(job));
  }
}
