package dev.convoy.worker.training;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.loss.CrossEntropy;
import dev.convoy.worker.loss.Loss;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/** What a network says of a batch, as it is measured. */
abstract class Answers {
  private final float[] deciding;
  private final int classes;

  /**
   * Answers of a batch.
   *
   * @param deciding values by image and class, of which an image's largest is its answer; kept
   */
  private Answers(float[] deciding, int classes) {
    this.deciding = deciding;
    this.classes = classes;
  }

  /**
   * The answers of a network to a batch, to be measured by the loss that it learns with. Where
   * views of an image follow each other, the means of their probabilities answer.
   *
   * @param images that there are views of, at least 1
   * @param views of each image, at least 1
   */
  static Answers of(Session network, Images batch, int images, int views, int classes) {
    Loss loss = network.loss().ofValidation();
    int size = images * views;
    if (loss.equals(new CrossEntropy())) {
      float[] probabilities = network.probabilities(batch, size);
      Probabilities.average(probabilities, images, views, classes);
      return new OfProbabilities(probabilities, classes);
    }
    if (views == 1) {
      float[] outputs = network.outputs(batch, size);
      return new OfOutputs(outputs, classes, loss, outputs, same -> {});
    }
    Optional<Consumer<double[]>> inverse = loss.function().inverse();
    if (inverse.isEmpty()) {
      return ofMeans(network.outputs(batch, size), images, views, classes, loss);
    }
    float[] probabilities = network.probabilities(batch, size);
    Probabilities.average(probabilities, images, views, classes);
    return new OfOutputs(probabilities, classes, loss, probabilities, inverse.get());
  }

  /** Mean probabilities answer; the loss, which they do not tell, is that of mean outputs. */
  private static Answers ofMeans(float[] outputs, int images, int views, int classes, Loss loss) {
    float[] probabilities = outputs.clone();
    double[] row = new double[classes];
    for (int view = 0; view < images * views; view++) {
      int first = view * classes;
      Arrays.setAll(row, label -> outputs[first + label]);
      loss.function().apply(row);
      for (int label = 0; label < classes; label++) {
        probabilities[first + label] = (float) row[label];
      }
    }
    Probabilities.average(probabilities, images, views, classes);
    Probabilities.average(outputs, images, views, classes);
    return new OfOutputs(probabilities, classes, loss, outputs, same -> {});
  }

  /** The class that is taken for an image's. */
  final int predicted(int image) {
    return Probabilities.argmax(deciding, image * classes, classes);
  }

  /** The loss of an image of a class. */
  abstract double loss(int image, int label);

  /** The value of a class that decides. */
  final float value(int image, int label) {
    return deciding[image * classes + label];
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

  /** Any loss of the network's last values, or of what becomes them again. */
  private static final class OfOutputs extends Answers {
    private final Loss loss;
    private final float[] measured;
    private final Consumer<double[]> toOutputs;
    private final double[] row;

    OfOutputs(
        float[] deciding, int classes, Loss loss, float[] measured, Consumer<double[]> toOutputs) {
      super(deciding, classes);
      this.loss = loss;
      this.measured = measured;
      this.toOutputs = toOutputs;
      this.row = new double[classes];
    }

    @Override
    double loss(int image, int label) {
      int first = image * row.length;
      Arrays.setAll(row, other -> measured[first + other]);
      toOutputs.accept(row);
      return loss.derive(row, Targets.ofClasses(new int[] {label}), 0);
    }
  }
}
