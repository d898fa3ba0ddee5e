package dev.convoy.worker.model;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;

/** Models without branches: softmax regression, the multilayer perceptron and LeNet-5. */
final class FeedForwardModels {
  private FeedForwardModels() {}

  static ComputationGraphConfiguration linear(InputShape input) {
    return new NetworkSketch(input).classify();
  }

  static ComputationGraphConfiguration perceptron(OptionValues options, InputShape input) {
    var sketch = new NetworkSketch(input);
    return classifyBehindHidden(sketch, options);
  }

  /**
   * LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition",
   * 1998, in its usual present form: full connections between the convolutions, max pooling, relu
   * and softmax. The first convolution is padded by 2, so that 28 × 28 digits need no border.
   */
  static ComputationGraphConfiguration leNet(OptionValues options, InputShape input) {
    List<Integer> filters = options.sizes("filters");
    var sketch = new NetworkSketch(input);
    sketch
        .then("conv1", convolution(filters.get(0), 2))
        .then("pool1", halving())
        .then("conv2", convolution(filters.get(1), 0))
        .then("pool2", halving());
    return classifyBehindHidden(sketch, options);
  }

  /** Dropout goes behind every hidden layer, never on the image or the convolutions' features. */
  private static ComputationGraphConfiguration classifyBehindHidden(
      NetworkSketch sketch, OptionValues options) {
    double dropout = 0;
    int number = 1;
    for (int size : options.sizes("hidden")) {
      var dense = new DenseLayer.Builder().nOut(size).activation(Activation.RELU);
      sketch.then("dense" + number++, NetworkSketch.dropping(dropout, dense).build());
      dropout = options.number("dropout");
    }
    return sketch.classify(dropout);
  }

  private static ConvolutionLayer convolution(int filters, int padding) {
    return new ConvolutionLayer.Builder(5, 5)
        .padding(padding, padding)
        .nOut(filters)
        .activation(Activation.RELU)
        .build();
  }

  private static SubsamplingLayer halving() {
    return new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build();
  }
}
