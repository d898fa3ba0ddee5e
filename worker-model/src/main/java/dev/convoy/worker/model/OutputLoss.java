package dev.convoy.worker.model;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.loss.CrossEntropy;
import dev.convoy.worker.loss.Loss;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.loss.PerceptronCriterion;
import dev.convoy.worker.model.layer.LayerLoss;
import dev.convoy.worker.model.layer.PerceptronLoss;
import dev.convoy.worker.model.layer.ScaledCrossEntropy;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The loss of an output layer of Deeplearning4j's, as a loss of Convoy's.
 *
 * @param loss of the layer's values, before its function
 * @param weight by which it is multiplied, positive
 */
public record OutputLoss(Loss loss, double weight) {
  /** What a layer learns with; empty if it is no loss of Convoy's. */
  public static Optional<OutputLoss> of(OutputLayer layer) {
    ILossFunction loss = layer.getLossFn();
    IActivation function = layer.getActivationFn();
    Optional<OutputLoss> known;
    if (loss instanceof LayerLoss member) {
      known = Optional.of(new OutputLoss(member.loss(), member.factor()));
    } else if (loss instanceof PerceptronLoss) {
      known = Optional.of(new OutputLoss(new PerceptronCriterion(), 1));
    } else if (loss instanceof ScaledCrossEntropy scaled) {
      known = Optional.of(new OutputLoss(new CrossEntropy(), scaled.factor()));
    } else {
      known = Losses.of(loss, function).map(stock -> new OutputLoss(stock, 1));
    }
    return known.filter(it -> it.loss().function().layerFunction().equals(function));
  }

  /**
   * Has a network learn with another loss: with Deeplearning4j's own, where it has it, so that it
   * is saved as an ordinary model.
   *
   * @param configuration whose outputs have cross-entropy, or the loss of another rule, which stays
   * @param settings a member of {@link Losses#FAMILY}
   */
  static void assign(ComputationGraphConfiguration configuration, ComponentSettings settings) {
    Loss loss = Losses.FAMILY.create(settings);
    if (loss.equals(new CrossEntropy())) {
      return;
    }
    for (String output : configuration.getNetworkOutputs()) {
      LayerVertex vertex = (LayerVertex) configuration.getVertices().get(output);
      OutputLayer layer = (OutputLayer) vertex.getLayerConf().getLayer();
      OutputLoss before = of(layer).orElseThrow();
      if (before.loss().equals(new CrossEntropy())) {
        LayerLoss own = new LayerLoss(settings, before.weight());
        layer.setLossFn(before.weight() == 1 ? loss.stock().orElse(own) : own);
        layer.setActivationFn(loss.function().layerFunction());
      }
    }
  }
}
