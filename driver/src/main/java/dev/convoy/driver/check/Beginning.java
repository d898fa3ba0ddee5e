package dev.convoy.driver.check;

import dev.convoy.worker.check.LayerActivations;
import dev.convoy.worker.check.ShortTraining;
import dev.convoy.worker.check.ShortTraining.Material;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.optimizer.StepNorms;
import dev.convoy.worker.training.WorkerSettings;
import java.util.List;

/**
 * A network before its first step.
 *
 * @param segments the parts of its parameters
 * @param parameters flat
 * @param loss the mean of some batches, in training, in nats
 * @param gradients by segment: norms of the mean loss's gradient, the mean of these batches
 * @param activations of its layers
 */
record Beginning(
    List<Segment> segments,
    float[] parameters,
    double loss,
    double[] gradients,
    List<LayerActivations> activations) {
  private static final int BATCHES = 4;

  /** Measures it; a step of rate 0 changes nothing that is used here. */
  static Beginning of(WorkerSettings settings, Material material) {
    try (ShortTraining network = new ShortTraining(settings, material)) {
      float[] parameters = network.parameters();
      List<LayerActivations> activations = network.activations(material);
      double[] gradients = new double[network.segments().size()];
      double[] loss = {0};
      network.train(
          material,
          BATCHES,
          step -> 0,
          step -> {
            StepNorms norms = step.norms();
            for (int i = 0; i < gradients.length; i++) {
              gradients[i] += norms.gradients()[i] / BATCHES;
            }
            loss[0] += step.loss() / BATCHES;
            return true;
          });
      return new Beginning(network.segments(), parameters, loss[0], gradients, activations);
    }
  }

  /** The places of layers' weights among the segments, in the order of the network. */
  int[] weights() {
    return StepNorms.weights(segments);
  }
}
