package dev.convoy.worker.model;

import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.nd4j.linalg.activations.Activation;

/** Models without branches: softmax regression, the multilayer perceptron, LeNet-5 and VGG. */
final class FeedForwardModels {
  private static final List<Stage> VGG_11 =
      List.of(new Stage(1, 1), new Stage(1, 2), new Stage(2, 4), new Stage(2, 8), new Stage(2, 8));

  /**
   * What stands before a pooling.
   *
   * @param convolutions how many
   * @param widths channels of each, in multiples of the network's width
   */
  private record Stage(int convolutions, int widths) {}

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
        .halve("pool1")
        .then("conv2", convolution(filters.get(1), 0))
        .halve("pool2");
    return classifyBehindHidden(sketch, options);
  }

  /**
   * Configuration A of Simonyan and Zisserman, "Very deep convolutional networks for large-scale
   * image recognition", 2014, in its usual form for small images: batch normalisation after every
   * convolution, and one softmax layer in place of three fully connected ones.
   */
  static ComputationGraphConfiguration vgg11(OptionValues options, InputShape input) {
    int width = options.size("width");
    var sketch = new NetworkSketch(input);
    for (int stage = 1; stage <= VGG_11.size(); stage++) {
      Stage layers = VGG_11.get(stage - 1);
      for (int number = 1; number <= layers.convolutions(); number++) {
        String name = String.format(Locale.ROOT, "stage%d-layer%d", stage, number);
        sketch
            .normalisedConvolution(sketch.last(), name, layers.widths() * width, 3, 1)
            .relu(name + "-relu");
      }
      sketch.halve(String.format(Locale.ROOT, "stage%d-pool", stage));
    }
    return sketch.classify(options.number("dropout"));
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
}
