package dev.convoy.worker.model;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Draws a network's weights from a seed, each parameter from its own generator keyed by (seed,
 * layer, parameter). Deeplearning4j draws all of them from one generator of the thread; here a
 * weight depends neither on the thread nor on the layers before it.
 *
 * <p>Weights that feed a relu follow He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015:
 * normal with variance 2 / fan-in. The softmax layer's have variance 1 / fan-in. Biases, and the
 * parameters of batch normalisation, keep their configured constants.
 */
final class ParameterInitialization {
  private static final double RELU_GAIN = 2.0;
  private static final double SOFTMAX_GAIN = 1.0;
  private static final String WEIGHTS = "W";

  private ParameterInitialization() {}

  static void draw(ComputationGraph network, long seed) {
    for (var layer : network.getLayers()) {
      String name = layer.conf().getLayer().getLayerName();
      INDArray weights = layer.paramTable().get(WEIGHTS);
      if (weights != null) {
        double gain = name.equals(NetworkSketch.OUTPUT) ? SOFTMAX_GAIN : RELU_GAIN;
        double deviation = Math.sqrt(gain / fanIn(weights));
        fillNormal(weights, deviation, key(seed, name + '/' + WEIGHTS));
      }
    }
  }

  /** Dense weights are [inputs, outputs]; convolutions are [outputs, inputs, height, width]. */
  private static long fanIn(INDArray weights) {
    return weights.rank() == 2 ? weights.size(0) : weights.length() / weights.size(0);
  }

  private static void fillNormal(INDArray weights, double deviation, long key) {
    // The algorithm of java.util.Random is part of its specification: the same on every JDK.
    var random = new Random(key);
    var values = new float[Math.toIntExact(weights.length())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
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
