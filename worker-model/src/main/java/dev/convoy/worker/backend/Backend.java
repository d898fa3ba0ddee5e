package dev.convoy.worker.backend;

import dev.convoy.worker.graph.UnsupportedNetworkException;

/** A library or device that computes networks. */
public interface Backend {
  /** The name in descriptions. */
  String name();

  /**
   * Opens a network.
   *
   * @throws UnsupportedNetworkException if the network or this machine is not for this backend
   */
  Session open(Job job) throws UnsupportedNetworkException;
}
