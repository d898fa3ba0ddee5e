package dev.convoy.driver.cluster;

import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.worker.accelerator.TrainingMemory;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * What a run's network takes to train, told before it is made. Driver only.
 *
 * @param network its layers
 * @param input what it reads
 * @param run whose network it is
 * @param batch images that it sees at once
 */
record NetworkMemory(
    ComputationGraphConfiguration network, InputShape input, RunConfiguration run, int batch) {
  /**
   * Of a run.
   *
   * @param classes of its images, or about as many
   */
  static NetworkMemory of(RunConfiguration run, int classes) {
    InputShape input = InputShape.of(run.data().shape(), classes);
    return new NetworkMemory(
        Models.configuration(run.model(), input),
        input,
        run,
        run.optimizer().regularization().imagesSeen(run.training().batchSize()));
  }

  /** At once, by a rough count. */
  TrainingMemory roughly() throws UnsupportedNetworkException {
    return TrainingMemory.roughly(network, input, run.optimizer().rule(), batch);
  }

  /** As it would be computed on this machine. */
  TrainingMemory planned() throws UnsupportedNetworkException {
    return TrainingMemory.of(
        network,
        input,
        run.optimizer().rule(),
        batch,
        run.accelerator(),
        run.optimizer().stepsBySegment());
  }
}
