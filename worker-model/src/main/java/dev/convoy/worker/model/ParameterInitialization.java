package dev.convoy.worker.model;

import dev.convoy.worker.model.layer.WeightNormalizedConvolution;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitNormal;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Draws a network's weights from a seed by the scheme of each layer's configuration, every
 * parameter from its own generator keyed by (seed, layer, parameter). Deeplearning4j draws all of
 * them from one generator of the thread; here a weight depends neither on the thread nor on the
 * layers before it.
 *
 * <p>Weights are normal. Their variance is 2 / fan-in by {@code RELU} (He, Zhang, Ren and Sun,
 * "Delving deep into rectifiers", 2015), 1 / fan-in by {@code NORMAL} (LeCun, Bottou, Orr and
 * Müller, "Efficient backprop", 1998), and 2 / (fan-in + fan-out) by {@code XAVIER} (Glorot and
 * Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010).
 * Biases, the parameters of batch normalisation, and the slopes of parametric rectifiers keep their
 * configured constants.
 */
final class ParameterInitialization {
  private ParameterInitialization() {}

  static void draw(ComputationGraph network, long seed) {
    for (Layer layer : network.getLayers()) {
      if (layer.conf().getLayer() instanceof BaseLayer configured
          && !(configured instanceof PReLULayer)) {
        for (String parameter : configured.initializer().weightKeys(configured)) {
          INDArray weights = layer.getParam(parameter);
          Fan fan = Fan.of(configured, parameter, weights.shape());
          double deviation = Math.sqrt(variance(configured, fan));
          fillNormal(weights, deviation, key(seed, configured.getLayerName() + '/' + parameter));
        }
        if (configured instanceof WeightNormalizedConvolution) {
          WeightNormalizedConvolution.beginWithDirections(layer.paramTable());
        }
      }
    }
  }

  private static double variance(BaseLayer layer, Fan fan) {
    IWeightInit scheme = layer.getWeightInitFn();
    if (scheme instanceof WeightInitRelu) {
      return 2.0 / fan.in();
    }
    if (scheme instanceof WeightInitNormal) {
      return 1.0 / fan.in();
    }
    if (scheme instanceof WeightInitXavier) {
      return 2.0 / (fan.in() + fan.out());
    }
    throw new IllegalArgumentException(
        "Cannot initialise layer "
            + layer.getLayerName()
            + ": expected weightInit RELU, NORMAL or XAVIER, found "
            + scheme
            + ".");
  }

  /**
   * How many values a weight's output is summed over, and how many outputs a value goes into.
   *
   * @param in at least 1
   * @param out at least 1
   */
  record Fan(long in, long out) {
    /** Of a parameter with the axes that Deeplearning4j gives it. */
    static Fan of(BaseLayer layer, String parameter, long... shape) {
      if (shape.length == 2) {
        return new Fan(shape[0], shape[1]); // [inputs, outputs]
      }
      if (layer instanceof DepthwiseConvolution2D) {
        long area = shape[0] * shape[1]; // [height, width, channels, outputs of each channel]
        return new Fan(area, shape[3] * area);
      }
      long area = shape[2] * shape[3];
      if (layer instanceof SeparableConvolution2D
          && parameter.equals(SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY)) {
        return new Fan(area, shape[0] * area); // [outputs of each channel, channels, height, width]
      }
      return layer instanceof Deconvolution2D
          ? new Fan(shape[0] * area, shape[1] * area) // [inputs, outputs, height, width]
          : new Fan(shape[1] * area, shape[0] * area); // [outputs, inputs, height, width]
    }
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
