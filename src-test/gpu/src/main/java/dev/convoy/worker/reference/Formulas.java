package dev.convoy.worker.reference;

import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A network's loss and gradient by the formulas of its layers, in double precision and plain Java.
 *
 * @param loss the mean over the images
 * @param gradient the sum over the images, flat, in the network's order; where parameters are
 *     running statistics, what the batch would take off them
 */
public record Formulas(double loss, double[] gradient) {
  /**
   * Those of a batch in training.
   *
   * @param images axes [image, channel, row, column], normalised
   * @param labels a class for each image
   * @param key what dropout masks are drawn from
   */
  public static Formulas of(
      ComputationGraph network, InputShape input, float[] images, int[] labels, long key)
      throws UnsupportedNetworkException {
    Graph graph = GraphReader.read(network.getConfiguration(), input);
    double[] targets = new double[labels.length * input.classes()];
    for (int i = 0; i < labels.length; i++) {
      targets[i * input.classes() + labels[i]] = 1;
    }
    Pass pass = new Pass(true, new long[] {key}, new Parameters(network));
    double loss = new ReferenceNetwork(graph).gradient(images, targets, labels.length, pass);
    return new Formulas(loss, pass.parameters().gradients());
  }
}
