package dev.convoy.worker.graph;

import dev.convoy.worker.loss.CrossEntropy;
import dev.convoy.worker.loss.Loss;
import dev.convoy.worker.loss.PerceptronCriterion;
import dev.convoy.worker.model.layer.PerceptronLoss;
import dev.convoy.worker.model.layer.ScaledCrossEntropy;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Where a network answers.
 *
 * @param logits name of the values that go into the softmax
 * @param loss of them
 * @param weight by which the loss is multiplied, positive
 */
public record Head(String logits, Loss loss, double weight) {
  /** Of a network with one head and cross-entropy. */
  static Head of(String logits) {
    return new Head(logits, new CrossEntropy(), 1);
  }

  static Head of(String name, OutputLayer layer) throws UnsupportedNetworkException {
    if (!(layer.getActivationFn() instanceof ActivationSoftmax)) {
      throw new UnsupportedNetworkException(name + " is no softmax");
    }
    ILossFunction loss = layer.getLossFn();
    if (loss instanceof PerceptronLoss) {
      return new Head(name, new PerceptronCriterion(), 1);
    }
    if (loss instanceof LossMCXENT entropy && entropy.getWeights() == null) {
      return new Head(
          name,
          new CrossEntropy(),
          loss instanceof ScaledCrossEntropy scaled ? scaled.factor() : 1);
    }
    throw new UnsupportedNetworkException(name + " has a loss of its own");
  }
}
