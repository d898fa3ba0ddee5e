package dev.convoy.worker.layers;

import dev.convoy.data.batch.Targets;
import dev.convoy.worker.loss.CrossEntropy;
import dev.convoy.worker.loss.Loss;
import dev.convoy.worker.loss.OutputFunction;
import dev.convoy.worker.model.OutputLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The output layers of a network of Deeplearning4j's, which for a while have other losses or
 * another function. Deeplearning4j's cross-entropy is used as it is; of the other losses, targets
 * and numerics differ from Convoy's.
 */
final class OutputLayers {
  private final List<BaseOutputLayer> layers = new ArrayList<>();
  private final Loss answering;

  OutputLayers(ComputationGraph network) {
    for (int output = 0; output < network.getNumOutputArrays(); output++) {
      layers.add((BaseOutputLayer) network.getOutputLayer(output).conf().getLayer());
    }
    answering = known(layers.get(0)).map(OutputLoss::loss).orElse(new CrossEntropy());
  }

  private static Optional<OutputLoss> known(BaseOutputLayer layer) {
    return layer instanceof OutputLayer output ? OutputLoss.of(output) : Optional.empty();
  }

  /** What the layer that answers learns with. */
  Loss loss() {
    return answering;
  }

  /** Whether the layer that answers gives class probabilities. */
  boolean areProbabilities() {
    return answering.function() == OutputFunction.SOFTMAX
        || answering.function() == OutputFunction.SIGMOIDS;
  }

  /** Does work in which the layers have Convoy's losses, with the weights of the images. */
  void learning(Targets targets, int size, Runnable work) {
    UnaryOperator<ILossFunction> weighted = weighted(targets, size);
    learning(weighted, weighted, work);
  }

  /**
   * The same of a batch whose second half are partners of the first, without targets, and to have
   * the same answers.
   *
   * @param coefficient of the squared distance between the answers of partners
   * @param size images in one half
   */
  void learningOfPairs(Targets targets, double coefficient, int size, Runnable work) {
    float[] ofImages = new float[size];
    for (int image = 0; image < size; image++) {
      ofImages[image] = targets.weight(image);
    }
    float[] ofAll = Arrays.copyOf(ofImages, Math.multiplyExact(2, size));
    INDArray pairs = Nd4j.create(ofImages, new long[] {size, 1}, 'c');
    INDArray all = Nd4j.create(ofAll, new long[] {ofAll.length, 1}, 'c');
    learning(
        loss -> new PairedLoss(new WeightedLoss(loss, all), coefficient, pairs),
        loss -> new WeightedLoss(loss, all),
        work);
  }

  private void learning(
      UnaryOperator<ILossFunction> ofAnswer, UnaryOperator<ILossFunction> ofOthers, Runnable work) {
    List<ILossFunction> before = layers.stream().map(BaseOutputLayer::getLossFn).toList();
    try {
      for (int i = 0; i < layers.size(); i++) {
        BaseOutputLayer layer = layers.get(i);
        layer.setLossFn((i == 0 ? ofAnswer : ofOthers).apply(own(layer)));
      }
      work.run();
    } finally {
      for (int i = 0; i < before.size(); i++) {
        layers.get(i).setLossFn(before.get(i));
      }
    }
  }

  private static ILossFunction own(BaseOutputLayer layer) {
    ILossFunction stock = layer.getLossFn();
    return known(layer)
        .filter(output -> output.loss().stock().filter(stock::equals).isPresent())
        .filter(output -> !output.loss().equals(new CrossEntropy()))
        .<ILossFunction>map(output -> new AppliedLoss(output.loss(), output.weight()))
        .orElse(stock);
  }

  /** What makes losses count for images as much as these do; nothing where all count 1. */
  private static UnaryOperator<ILossFunction> weighted(Targets targets, int size) {
    return BatchArrays.weights(targets, size)
        .<UnaryOperator<ILossFunction>>map(weights -> loss -> new WeightedLoss(loss, weights))
        .orElse(UnaryOperator.identity());
  }

  /** Does work in which the layer that answers gives its values as they are. */
  <T> T withoutFunction(Supplier<T> work) {
    BaseOutputLayer layer = layers.get(0);
    IActivation before = layer.getActivationFn();
    layer.setActivationFn(new ActivationIdentity());
    try {
      return work.get();
    } finally {
      layer.setActivationFn(before);
    }
  }
}
