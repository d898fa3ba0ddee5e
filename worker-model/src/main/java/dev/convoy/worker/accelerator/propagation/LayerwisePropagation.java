package dev.convoy.worker.accelerator.propagation;

import dev.convoy.worker.model.InputShape;
import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Deeplearning4j's own propagation, layer by layer, with whatever helpers the layers have. */
public final class LayerwisePropagation implements Propagation {
  private final ComputationGraph network;
  private final InputShape input;
  private final String description;
  private final DropoutSampling sampling;

  /**
   * Propagates through a network.
   *
   * @param network initialised, with one input of images and one softmax output
   * @param input its images and the number of classes
   * @param description of its layers' helpers, for a log
   */
  public LayerwisePropagation(ComputationGraph network, InputShape input, String description) {
    this.network = network;
    this.input = input;
    this.description = description;
    this.sampling = new DropoutSampling(network);
  }

  @Override
  public double gradient(float[] images, int[] labels, int size, long dropoutKey) {
    return gradient(images, oneHot(labels, size), size, dropoutKey);
  }

  @Override
  public double gradient(float[] images, float[] targets, int size, long dropoutKey) {
    return gradient(images, array(targets, size, input.classes()), size, dropoutKey);
  }

  private double gradient(float[] images, INDArray targets, int size, long dropoutKey) {
    Nd4j.getRandom().setSeed(dropoutKey);
    network.setInput(0, images(images, size));
    network.setLabel(0, targets);
    network.computeGradientAndScore();
    return network.score();
  }

  @Override
  public float[] probabilities(float[] images, int size) {
    return network.outputSingle(images(images, size)).dup('c').data().asFloat();
  }

  @Override
  public float[] sampledProbabilities(float[] images, long[] keys, int size) {
    if (!hasDropout()) {
      return probabilities(images, size);
    }
    return sampling
        .probabilities(images(images, size), Arrays.copyOf(keys, size))
        .dup('c')
        .data()
        .asFloat();
  }

  @Override
  public boolean hasDropout() {
    return sampling.hasDropout();
  }

  private INDArray images(float[] images, int size) {
    return array(images, size, input.channels(), input.height(), input.width());
  }

  /** The first values of a Java array that may be longer. */
  private static INDArray array(float[] values, long... shape) {
    int length = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    return Nd4j.create(
        values.length == length ? values : Arrays.copyOf(values, length), shape, 'c');
  }

  private INDArray oneHot(int[] labels, int size) {
    INDArray oneHot = Nd4j.zeros(DataType.FLOAT, size, input.classes());
    for (int i = 0; i < size; i++) {
      oneHot.putScalar(i, labels[i], 1f);
    }
    return oneHot;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public void close() {
    // The network's memory is Deeplearning4j's own.
  }
}
