package dev.convoy.worker.backend;

import dev.convoy.data.batch.Targets;
import dev.convoy.worker.graph.Head;
import java.util.function.Consumer;

/**
 * The loss of a network's last values, and what they answer; in double precision, on the host.
 * Holds the values of one batch: whoever has them writes them to {@link #values}, and reads the
 * gradient there.
 */
public final class Classification {
  private final int classes;
  private final float[] values;
  private final double[] row;

  /** For batches of a size, whose last values are as many as there are classes. */
  public Classification(int batchSize, int classes) {
    this.classes = classes;
    this.values = new float[Math.multiplyExact(batchSize, classes)];
    this.row = new double[classes];
  }

  /** Axes [image, class], plain: last values, and behind the loss their gradient. Not copied. */
  public float[] values() {
    return values;
  }

  /**
   * Computes a batch's loss and replaces its last values by their gradient, summed over the batch;
   * each image's times its weight and the head's. Behind the images there can be partners of
   * theirs.
   *
   * @param size images that have targets: all of the batch, or half of it
   * @param pairing coefficient of the squared distance between partners, in the gradient alone
   * @return mean loss of the images
   */
  public double lossAndGradient(Head head, Targets targets, int size, double pairing) {
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
   * @param into axes [batch, classes], from an offset on
   */
  public void answers(Consumer<double[]> function, int size, float[] into, int offset) {
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
