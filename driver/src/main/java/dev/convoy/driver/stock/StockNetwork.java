package dev.convoy.driver.stock;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.GradientClips;
import dev.convoy.worker.optimizer.HostVector;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.Penalties;
import dev.convoy.worker.training.WorkerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * A run's network with Deeplearning4j's own layers, loss, penalties, clips and update rule, as a
 * program that knows nothing of Convoy would train it.
 */
public final class StockNetwork {
  private static final String OWN_PACKAGE = "dev.convoy.";

  private StockNetwork() {}

  /** The names of the optimizers that Deeplearning4j has. */
  public static SortedSet<String> optimizers() {
    return StockRules.names();
  }

  /** Whether Deeplearning4j has the loss. */
  public static boolean hasLoss(ComponentSettings loss) {
    return Losses.FAMILY.create(loss).stock().isPresent();
  }

  /**
   * What a network is made of that Deeplearning4j lacks: names of layers' kinds, without repeats.
   */
  public static List<String> missingLayers(ComponentSettings model, InputShape input) {
    return Models.configuration(model, input).getVertices().values().stream()
        .flatMap(
            vertex ->
                vertex instanceof LayerVertex layer
                    ? Stream.of(layer.getLayerConf().getLayer())
                    : Stream.of(vertex))
        .map(Object::getClass)
        .filter(type -> type.getName().startsWith(OWN_PACKAGE))
        .map(Class::getSimpleName)
        .distinct()
        .toList();
  }

  /** How many answers a network gives: that, and those of its auxiliary classifiers. */
  public static int outputs(ComponentSettings model, InputShape input) {
    return Models.configuration(model, input).getNetworkOutputs().size();
  }

  /**
   * Makes the network.
   *
   * @param settings of a run that Deeplearning4j can train
   * @param rate the learning rate
   * @param parameters to begin with, flat; copied
   * @param state of the update rule to begin with, as {@link #state} has it; empty for zeros;
   *     copied
   */
  public static ComputationGraph of(
      WorkerSettings settings, ISchedule rate, float[] parameters, float[] state) {
    ComputationGraphConfiguration configuration =
        Models.configuration(settings.model(), settings.loss(), settings.input());
    configuration.getVertices().values().stream()
        .filter(LayerVertex.class::isInstance)
        .map(vertex -> ((LayerVertex) vertex).getLayerConf().getLayer())
        .filter(BaseLayer.class::isInstance)
        .map(BaseLayer.class::cast)
        .forEach(layer -> teach(layer, settings.optimizer(), rate));
    ComputationGraph network = new ComputationGraph(configuration);
    network.init(Nd4j.createFromArray(parameters).reshape(1, parameters.length), false);
    if (state.length > 0) {
      network.setUpdater(new ComputationGraphUpdater(network, Nd4j.createFromArray(state)));
    }
    return network;
  }

  /**
   * The state of a network's update rule, in Deeplearning4j's order; a copy, empty if it has none.
   */
  public static float[] state(ComputationGraph network) {
    INDArray state = network.getUpdater().getStateViewArray();
    return state == null ? new float[0] : HostVector.copy(state);
  }

  private static void teach(BaseLayer layer, OptimizerSettings optimizer, ISchedule rate) {
    layer.setIUpdater(StockRules.of(optimizer.rule(), rate));
    layer.setRegularization(penalties(optimizer.regularization().penalties()));
    if (!(layer instanceof BatchNormalization)) { // whose running statistics are no gradients
      clip(layer, optimizer.regularization().clips());
    }
  }

  private static List<Regularization> penalties(Penalties penalties) {
    List<Regularization> all = new ArrayList<>();
    if (penalties.l1() > 0) {
      all.add(new L1Regularization(penalties.l1()));
    }
    if (penalties.l2() > 0) {
      all.add(new L2Regularization(penalties.l2()));
    }
    if (penalties.weightDecay() > 0) {
      all.add(new WeightDecay(penalties.weightDecay(), true));
    }
    return all;
  }

  private static void clip(BaseLayer layer, GradientClips clips) {
    if (clips.value() > 0) {
      layer.setGradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue);
      layer.setGradientNormalizationThreshold(clips.value());
    } else if (clips.layerNorm() > 0) {
      layer.setGradientNormalization(GradientNormalization.ClipL2PerLayer);
      layer.setGradientNormalizationThreshold(clips.layerNorm());
    }
  }
}
