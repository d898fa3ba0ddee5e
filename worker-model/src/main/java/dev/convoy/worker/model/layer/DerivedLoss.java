package dev.convoy.worker.model.layer;

import dev.convoy.data.batch.Targets;
import dev.convoy.worker.loss.Loss;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A loss of Convoy's, times a constant, in the form of Deeplearning4j's. */
public abstract class DerivedLoss extends LossOfImages {
  private static final long serialVersionUID = 1L;

  /** The loss without the factor. */
  public abstract Loss loss();

  /** What the loss is multiplied by, positive. */
  public abstract double factor();

  @Override
  public final INDArray computeScoreArray(
      INDArray labels, INDArray outputs, IActivation activation, INDArray mask) {
    return derive(loss(), labels, outputs).losses.muli(factor());
  }

  @Override
  public final INDArray computeGradient(
      INDArray labels, INDArray outputs, IActivation activation, INDArray mask) {
    return derive(loss(), labels, outputs).gradients.muli(factor());
  }

  /**
   * Of a batch.
   *
   * @param losses axes [image, 1]
   * @param gradients axes [image, class]
   */
  private record Derived(INDArray losses, INDArray gradients) {}

  private static Derived derive(Loss loss, INDArray labels, INDArray outputs) {
    int images = Math.toIntExact(outputs.size(0));
    int classes = Math.toIntExact(outputs.size(1));
    Targets targets = Targets.ofDistributions(labels.dup('c').data().asFloat(), classes);
    double[] values = outputs.dup('c').data().asDouble();
    double[] losses = new double[images];
    double[] row = new double[classes];
    for (int image = 0; image < images; image++) {
      System.arraycopy(values, image * classes, row, 0, classes);
      losses[image] = loss.derive(row, targets, image);
      System.arraycopy(row, 0, values, image * classes, classes);
    }
    return new Derived(
        Nd4j.create(losses, new long[] {images, 1}, 'c').castTo(outputs.dataType()),
        Nd4j.create(values, new long[] {images, classes}, 'c').castTo(outputs.dataType()));
  }
}
