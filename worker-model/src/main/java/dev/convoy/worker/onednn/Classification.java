package dev.convoy.worker.onednn;

import dev.convoy.data.batch.Targets;
import dev.convoy.worker.graph.Head;
import java.util.function.Consumer;

/** The loss of the network's last values, and what they answer; in double precision. */
final class Classification {
  private final int classes;
  private final float[] values;
  private final double[] row;

  Classification(int batchSize, int classes) {
    this.classes = classes;
    this.values = new float[Math.multiplyExact(batchSize, classes)];
    this.row = new double[classes];
  }

  /**
   * Computes a batch's loss and its gradient, summed over the batch; each image's times its weight
   * and the head's. Behind the images there can be partners of theirs.
   *
   * @param logits axes [batch, classes], plain
   * @param size images that have targets: all of the batch, or half of it
   * @param pairing coefficient of the squared distance between partners, in the gradient alone
   * @param gradient as the logits; overwritten
   * @return mean loss of the images
   */
  double lossAndGradient(
      Head head, Tensor logits, Targets targets, int size, double pairing, Tensor gradient) {
    logits.values().get(values);
    float[] pull = pull(targets, size, pairing);
    double loss = 0;
    for (int example = 0; example < size; example++) {
      read(example);
      double weight = head.weight() * targets.weight(example);
      loss += weight * head.loss().derive(row, targets, example);
      for (int label = 0; label < classes; label++) {
        values[example * classes + label] = (float) (weight * row[label]);
      }
    }
    for (int i = 0; i < pull.length; i++) {
      values[i] -= pull[i];
      values[size * classes + i] = pull[i];
    }
    gradient.values().put(values);
    return loss / size;
  }

  /** The gradient of the distances at the partners; nothing where there are none. */
  private float[] pull(Targets targets, int size, double pairing) {
    float[] pull = new float[values.length - size * classes];
    for (int i = 0; i < pull.length; i++) {
      double apart = (double) values[size * classes + i] - values[i];
      pull[i] = (float) (2 * pairing * targets.weight(i / classes) * apart);
    }
    return pull;
  }

  /**
   * Computes what a batch's images are answered.
   *
   * @param function that makes answers of the last values, in place
   * @param logits axes [batch, classes], plain
   * @param into axes [batch, classes], from an offset on
   */
  void answers(Consumer<double[]> function, Tensor logits, int size, float[] into, int offset) {
    logits.values().get(values, 0, size * classes);
    for (int example = 0; example < size; example++) {
      read(example);
      function.accept(row);
      for (int label = 0; label < classes; label++) {
        into[offset + example * classes + label] = (float) row[label];
      }
    }
  }

  private void read(int example) {
    for (int label = 0; label < classes; label++) {
      row[label] = values[example * classes + label];
    }
  }
}
