package dev.convoy.worker.onednn;

import dev.convoy.data.batch.Targets;
import dev.convoy.worker.Probabilities;

/** Softmax and cross-entropy on the network's last values, in double precision. */
final class Classification {
  private final int classes;
  private final float[] values;
  private final double[] probabilities;

  Classification(int batchSize, int classes) {
    this.classes = classes;
    this.values = new float[Math.multiplyExact(batchSize, classes)];
    this.probabilities = new double[classes];
  }

  /**
   * Computes a batch's loss and its gradient, summed over the batch. With targets q and
   * probabilities p, an image's loss is the cross-entropy -Σ q log p, whose gradient is p - q where
   * q adds up to 1; both times the image's weight.
   *
   * @param logits axes [batch, classes], plain
   * @param gradient the same; overwritten with weight × (probability - target)
   * @return mean loss in nats
   */
  double lossAndGradient(Tensor logits, Targets targets, int size, Tensor gradient) {
    logits.values().get(values, 0, size * classes);
    double loss = 0;
    for (int example = 0; example < size; example++) {
      softmax(example);
      double weight = targets.weight(example);
      for (int label = 0; label < classes; label++) {
        double target = targets.probability(example, label);
        if (target != 0) { // of a single label, the others take no time
          loss += weight * target * Probabilities.crossEntropy(probabilities[label]);
        }
        values[example * classes + label] = (float) (weight * (probabilities[label] - target));
      }
    }
    gradient.values().put(values, 0, size * classes);
    return loss / size;
  }

  /**
   * Computes a batch's class probabilities.
   *
   * @param logits axes [batch, classes], plain
   * @param into axes [batch, classes], from an offset on
   */
  void probabilities(Tensor logits, int size, float[] into, int offset) {
    logits.values().get(values, 0, size * classes);
    for (int example = 0; example < size; example++) {
      softmax(example);
      for (int label = 0; label < classes; label++) {
        into[offset + example * classes + label] = (float) probabilities[label];
      }
    }
  }

  private void softmax(int example) {
    for (int label = 0; label < classes; label++) {
      probabilities[label] = values[example * classes + label];
    }
    Probabilities.softmax(probabilities);
  }
}
