package dev.convoy.worker.layers;

import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The same network twice, once on the stock path and once accelerated. */
record Twins(ComputationGraph stock, ComputationGraph accelerated) {

  static Twins of(ComputationGraph stock, LayerHelpers.Settings settings) {
    ComputationGraph accelerated = stock.clone();
    LayerHelpers.install(accelerated, settings);
    for (Layer layer : accelerated.getLayers()) {
      failLoudly(layer.conf().getLayer());
    }
    return new Twins(stock, accelerated);
  }

  /** Makes a helper that throws a failure; by default it is a warning and the stock path. */
  static void failLoudly(org.deeplearning4j.nn.conf.layers.Layer layer) {
    if (layer instanceof ConvolutionLayer convolution) {
      convolution.setCudnnAllowFallback(false);
    } else if (layer instanceof BatchNormalization normalization) {
      normalization.setCudnnAllowFallback(false);
    } else if (layer instanceof SubsamplingLayer pooling) {
      pooling.setCudnnAllowFallback(false);
    } else if (layer instanceof LocalResponseNormalization normalization) {
      normalization.setCudnnAllowFallback(false);
    }
  }

  /** The largest difference between two arrays, as a share of the first one's largest value. */
  static double difference(INDArray expected, INDArray actual) {
    if (!Double.isFinite(actual.sumNumber().doubleValue())) {
      return Double.NaN; // which ND4J's maximum overlooks, and which is less than nothing
    }
    double scale = Math.max(expected.amaxNumber().doubleValue(), Float.MIN_NORMAL);
    return expected.sub(actual).amaxNumber().doubleValue() / scale;
  }

  /** The difference of the outputs in inference. */
  double outputDifference(INDArray images) {
    return difference(stock.outputSingle(images), accelerated.outputSingle(images));
  }

  /** The difference of all gradients, as one vector, of one training step without its update. */
  double gradientDifference(DataSet batch) {
    return difference(gradient(stock, batch), gradient(accelerated, batch));
  }

  /** The largest difference of any one parameter's gradient. */
  double worstGradientDifference(DataSet batch) {
    gradient(stock, batch);
    gradient(accelerated, batch);
    var expected = stock.gradient().gradientForVariable();
    var actual = accelerated.gradient().gradientForVariable();
    return expected.entrySet().stream()
        .mapToDouble(entry -> difference(entry.getValue(), actual.get(entry.getKey())))
        .max()
        .orElseThrow();
  }

  private static INDArray gradient(ComputationGraph network, DataSet batch) {
    Nd4j.getRandom().setSeed(1); // so that dropout, if any, drops the same values
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
    return network.getFlattenedGradients();
  }

  void fit(DataSet batch) {
    stock.fit(batch);
    accelerated.fit(batch);
  }

  /** Seeded standard-normal images of axes [batch, channels, height, width]. */
  static INDArray images(long seed, long... shape) {
    var random = new Random(seed);
    int length =
        (int) IntStream.range(0, shape.length).mapToLong(i -> shape[i]).reduce(1, (a, b) -> a * b);
    var values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.create(values, shape, 'c');
  }

  /** Images with labels that go round the classes. */
  static DataSet batch(long seed, int classes, long... shape) {
    INDArray labels = Nd4j.zeros(shape[0], classes);
    for (int i = 0; i < shape[0]; i++) {
      labels.putScalar(i, i % classes, 1);
    }
    return new DataSet(images(seed, shape), labels);
  }
}
