package dev.convoy.worker.loss;

import dev.convoy.data.batch.Targets;

/**
 * A loss of how far outputs are from what they are to be: the mean over the outputs, as PyTorch and
 * Deeplearning4j have it. Targets are the classes' probabilities, or numbers to be learned.
 */
interface DeviationLoss extends Loss {
  /** The loss of an output that is too large by so much. */
  double loss(double deviation);

  /** Its derivative. */
  double slope(double deviation);

  @Override
  default double derive(double[] outputs, Targets targets, int image) {
    double loss = 0;
    for (int label = 0; label < outputs.length; label++) {
      double deviation = outputs[label] - targets.probability(image, label);
      loss += loss(deviation);
      outputs[label] = slope(deviation) / outputs.length;
    }
    return loss / outputs.length;
  }

  @Override
  default boolean takesNumbers() {
    return true;
  }

  @Override
  default OutputFunction function() {
    return OutputFunction.NEAREST_DISTRIBUTION;
  }
}
