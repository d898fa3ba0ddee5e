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
   * and the head's.
   *
   * @param logits axes [batch, classes], plain
   * @param gradient the same; overwritten
   * @return mean loss
   */
  double lossAndGradient(Head head, Tensor logits, Targets targets, int size, Tensor gradient) {
    logits.values().get(values, 0, size * classes);
    double loss = 0;
    for (int example = 0; example < size; example++) {
      read(example);
      double weight = head.weight() * targets.weight(example);
      loss += weight * head.loss().derive(row, targets, example);
      for (int label = 0; label < classes; label++) {
        values[example * classes + label] = (float) (weight * row[label]);
      }
    }
    gradient.values().put(values, 0, size * classes);
    return loss / size;
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
