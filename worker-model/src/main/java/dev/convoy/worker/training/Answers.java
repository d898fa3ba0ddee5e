package dev.convoy.worker.training;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.loss.CrossEntropy;
import dev.convoy.worker.loss.Loss;

/** What a network says of a batch, as it is measured. */
abstract class Answers {
  private final float[] values;
  private final int classes;

  private Answers(float[] values, int classes) {
    this.values = values;
    this.classes = classes;
  }

  /** The answers of a network to a batch, to be measured by the loss that it learns with. */
  static Answers of(Session network, Images images, int size, int classes) {
    Loss loss = network.loss().ofValidation();
    return loss.equals(new CrossEntropy())
        ? new OfProbabilities(network.probabilities(images, size), classes)
        : new OfOutputs(network.outputs(images, size), classes, loss);
  }

  /** Replaces answers to views that follow each other by their mean. */
  final void average(int images, int views) {
    Probabilities.average(values, images, views, classes);
  }

  /** The class that is taken for an image's. */
  final int predicted(int image) {
    return Probabilities.argmax(values, image * classes, classes);
  }

  /** The loss of an image of a class. */
  abstract double loss(int image, int label);

  /** The value of a class. */
  final float value(int image, int label) {
    return values[image * classes + label];
  }

  /** Cross-entropy, which probabilities tell. */
  private static final class OfProbabilities extends Answers {
    OfProbabilities(float[] probabilities, int classes) {
      super(probabilities, classes);
    }

    @Override
    double loss(int image, int label) {
      return Probabilities.crossEntropy(value(image, label));
    }
  }

  /** Any loss of the network's last values. */
  private static final class OfOutputs extends Answers {
    private final Loss loss;
    private final double[] row;

    OfOutputs(float[] outputs, int classes, Loss loss) {
      super(outputs, classes);
      this.loss = loss;
      this.row = new double[classes];
    }

    @Override
    double loss(int image, int label) {
      for (int other = 0; other < row.length; other++) {
        row[other] = value(image, other);
      }
      return loss.derive(row, Targets.ofClasses(new int[] {label}), 0);
    }
  }
}
