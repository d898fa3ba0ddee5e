package dev.convoy.worker.layers;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.ActivationMemory;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.loss.Loss;
import dev.convoy.worker.model.InputShape;
import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Deeplearning4j's own propagation, layer by layer. */
public final class LayerwisePropagation implements Propagation {
  private final ComputationGraph network;
  private final InputShape input;
  private final String description;
  private final int imagesAtOnce;
  private final DropoutSampling sampling;
  private final OutputLayers layers;

  /**
   * Propagates through a network.
   *
   * @param network initialised, with one input of images; its first output is its answer
   * @param input its images and the number of classes
   * @param description of who computes, for a log
   */
  public LayerwisePropagation(ComputationGraph network, InputShape input, String description) {
    this(network, input, description, ActivationMemory.imagesAtOnce(network, input));
  }

  LayerwisePropagation(
      ComputationGraph network, InputShape input, String description, int imagesAtOnce) {
    this.network = network;
    this.input = input;
    this.description = description;
    this.imagesAtOnce = imagesAtOnce;
    this.sampling = new DropoutSampling(network);
    this.layers = new OutputLayers(network);
  }

  @Override
  public double gradient(Images images, Targets targets, int size, long dropoutKey) {
    Nd4j.getRandom().setSeed(dropoutKey);
    network.setInput(0, BatchArrays.images(images, 0, size, input));
    for (int output = 0; output < network.getNumOutputArrays(); output++) {
      network.setLabel(output, BatchArrays.distributions(targets, size, input.classes()));
    }
    layers.learning(targets, size, network::computeGradientAndScore);
    return network.score();
  }

  @Override
  public double pairedGradient(
      Images pairs, Targets targets, double coefficient, int size, long dropoutKey) {
    sampling.requireNoNoise();
    int all = Math.multiplyExact(2, size);
    network.setInput(0, BatchArrays.images(pairs, 0, all, input));
    for (int output = 0; output < network.getNumOutputArrays(); output++) {
      INDArray ofImages = BatchArrays.distributions(targets, size, input.classes());
      network.setLabel(output, Nd4j.concat(0, ofImages, ofImages));
    }
    layers.learningOfPairs(targets, coefficient, size, network::computeGradientAndScore);
    return 2 * network.score(); // which is a mean over partners, too
  }

  @Override
  public float[] probabilities(Images images, int size) {
    return answered(
        size, (from, to) -> network.output(BatchArrays.images(images, from, to, input))[0]);
  }

  @Override
  public float[] sampledProbabilities(Images images, long[] keys, int size) {
    if (!hasDropout()) {
      return probabilities(images, size);
    }
    return answered(
        size,
        (from, to) ->
            sampling.probabilities(
                BatchArrays.images(images, from, to, input), Arrays.copyOfRange(keys, from, to)));
  }

  @Override
  public Loss loss() {
    return layers.loss();
  }

  @Override
  public float[] outputs(Images images, int size) {
    return layers.withoutFunction(
        () ->
            answers(
                size,
                (from, to) -> network.output(BatchArrays.images(images, from, to, input))[0]));
  }

  /** Probabilities, which are what the output layer gives where its function makes them. */
  private float[] answered(int size, Answer answer) {
    if (layers.areProbabilities()) {
      return answers(size, answer);
    }
    float[] outputs = answers(size, answer);
    double[] row = new double[input.classes()];
    for (int from = 0; from < outputs.length; from += row.length) {
      for (int i = 0; i < row.length; i++) {
        row[i] = outputs[from + i];
      }
      loss().function().apply(row);
      for (int i = 0; i < row.length; i++) {
        outputs[from + i] = (float) row[i];
      }
    }
    return outputs;
  }

  /** The network's answers to some images of a batch. */
  private interface Answer {
    INDArray to(int from, int to);
  }

  /** Answers to so many images at once as find room. */
  private float[] answers(int size, Answer answer) {
    float[] all = new float[Math.multiplyExact(size, input.classes())];
    for (int from = 0; from < size; ) {
      int to = from + Math.min(imagesAtOnce, size - from);
      float[] some = answer.to(from, to).dup('c').data().asFloat();
      System.arraycopy(some, 0, all, from * input.classes(), some.length);
      from = to;
    }
    return all;
  }

  @Override
  public void parametersChanged() {
    // Deeplearning4j prepares nothing of them.
  }

  @Override
  public boolean hasDropout() {
    return sampling.hasDropout();
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
