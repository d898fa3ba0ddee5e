package dev.convoy.worker.graph;

import dev.convoy.worker.loss.CrossEntropy;
import dev.convoy.worker.loss.Loss;
import dev.convoy.worker.model.OutputLoss;
import org.deeplearning4j.nn.conf.layers.OutputLayer;

/**
 * Where a network answers.
 *
 * @param logits name of the values that the loss is of, which go into the softmax where it is one
 * @param loss of them
 * @param weight by which the loss is multiplied, positive
 */
public record Head(String logits, Loss loss, double weight) {
  /** Of a network with one head and cross-entropy. */
  static Head of(String logits) {
    return new Head(logits, new CrossEntropy(), 1);
  }

  static Head of(String name, OutputLayer layer) throws UnsupportedNetworkException {
    return OutputLoss.of(layer)
        .map(output -> new Head(name, output.loss(), output.weight()))
        .orElseThrow(() -> new UnsupportedNetworkException(name + " has a loss of its own"));
  }
}
