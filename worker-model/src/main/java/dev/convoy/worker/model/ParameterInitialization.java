package dev.convoy.worker.model;

import dev.convoy.worker.model.initialization.Initialization;
import dev.convoy.worker.model.initialization.Initializations;
import dev.convoy.worker.model.initialization.WeightShape;
import dev.convoy.worker.model.layer.LengthsInitializer;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitUtil;
import org.nd4j.linalg.api.ndarray.INDArray;

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

  /** A network whose weights are drawn. */
  static ComputationGraph drawn(ComputationGraphConfiguration configuration, long seed) {
    ComputationGraph network = constant(configuration);
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
    return network;
  }

  /**
   * A network whose weights are 0; what is not drawn has its constants. Deeplearning4j would draw
   * weights of its own, each in an array that lasts until a garbage collection.
   */
  static ComputationGraph constant(ComputationGraphConfiguration configuration) {
    var network = new ComputationGraph(configuration);
    IdentityHashMap<BaseLayer, IWeightInit> schemes = new IdentityHashMap<>();
    for (GraphVertex vertex : configuration.getVertices().values()) {
      if (vertex instanceof LayerVertex made
          && made.getLayerConf().getLayer() instanceof BaseLayer layer
          && !(layer instanceof PReLULayer)
          && layer.getWeightInitFn() != null) {
        schemes.put(layer, layer.getWeightInitFn());
        layer.setWeightInitFn(new Undrawn());
      }
    }
    network.init();
    schemes.forEach(BaseLayer::setWeightInitFn);
    return network;
  }

  /** Leaves the weights as they are. */
  private static final class Undrawn implements IWeightInit {
    private static final long serialVersionUID = 1;

    @Override
    public INDArray init(double in, double out, long[] shape, char order, INDArray weights) {
      return WeightInitUtil.reshapeWeights(shape, weights, order);
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

  /**
   * Writes where the weights lie, whose strides are any: a second copy could be most of a network.
   */
  private static void assign(INDArray weights, DoubleSupplier drawn) {
    FloatIndexer memory = (FloatIndexer) weights.data().indexer();
    long[] shape = weights.shape();
    long[] stride = weights.stride();
    long[] position = new long[shape.length];
    long at = 0; // the memory of a view begins where the view does
    for (long left = weights.length(); left > 0; left--) {
      memory.put(at, (float) drawn.getAsDouble());
      int axis = shape.length - 1;
      position[axis]++;
      at += stride[axis];
      while (axis > 0 && position[axis] == shape[axis]) {
        at -= position[axis] * stride[axis];
        position[axis] = 0;
        axis--;
        position[axis]++;
        at += stride[axis];
      }
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
