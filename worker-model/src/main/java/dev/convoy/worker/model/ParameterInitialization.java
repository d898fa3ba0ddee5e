package dev.convoy.worker.model;

import dev.convoy.worker.model.initialization.Initialization;
import dev.convoy.worker.model.initialization.Initializations;
import dev.convoy.worker.model.initialization.WeightShape;
import dev.convoy.worker.model.layer.LengthsInitializer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Draws a network's weights from a seed by the {@link Initialization} of each layer's
 * configuration, every parameter from its own generator keyed by (seed, layer, parameter).
 * Deeplearning4j draws all of them from one generator of the thread; here a weight depends neither
 * on the thread nor on the layers before it.
 *
 * <p>Biases, the parameters of batch normalisation, and the slopes of parametric rectifiers keep
 * their configured constants.
 */
final class ParameterInitialization {
  private ParameterInitialization() {}

  static void draw(ComputationGraph network, long seed) {
    for (Layer layer : network.getLayers()) {
      if (layer.conf().getLayer() instanceof BaseLayer configured
          && !(configured instanceof PReLULayer)) {
        for (String parameter : configured.initializer().weightKeys(configured)) {
          INDArray weights = layer.getParam(parameter);
          WeightShape shape = WeightShape.of(configured, parameter, weights.shape());
          // The algorithm of java.util.Random is part of its specification: the same on every JDK.
          Random random = new Random(key(seed, configured.getLayerName() + '/' + parameter));
          assign(weights, initialization(configured).draw(shape, random));
        }
        if (configured.initializer() instanceof LengthsInitializer lengths) {
          lengths.beginWithDirections(layer.paramTable());
        }
      }
    }
  }

  private static Initialization initialization(BaseLayer layer) {
    return Initializations.of(layer.getWeightInitFn())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot initialise layer "
                        + layer.getLayerName()
                        + ": expected the weightInit of one of "
                        + String.join(", ", Initializations.FAMILY.names())
                        + ", found "
                        + layer.getWeightInitFn()
                        + "."));
  }

  private static void assign(INDArray weights, float[] values) {
    try (INDArray drawn = Nd4j.create(values, weights.shape(), 'c')) {
      weights.assign(drawn);
    }
  }

  private static long key(long seed, String name) {
    long key = mix(seed);
    for (byte character : name.getBytes(StandardCharsets.UTF_8)) {
      key = mix(key ^ character);
    }
    return key;
  }

  /** The finaliser of MurmurHash3 after a step by the golden ratio. */
  private static long mix(long value) {
    long mixed = value + 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }
}
