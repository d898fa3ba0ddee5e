package dev.convoy.worker.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class AcceleratedConvolutionTest {
  /**
   * Sums of up to 17 × 7 × 7 products in another order: a few hundred roundings of 6e-8, most of
   * which cancel.
   */
  private static final double ROUNDING = 2e-5;

  /** One shape of convolution; two of them in a row make the network under test. */
  record Shape(
      int batch,
      int size,
      int channels,
      int kernel,
      int stride,
      int dilation,
      ConvolutionMode mode,
      boolean bias,
      Activation activation) {}

  static Stream<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    int number = 0;
    for (int kernel : new int[] {1, 3, 5, 7}) {
      for (int stride : new int[] {1, 2}) {
        for (int dilation : new int[] {1, 2}) {
          for (ConvolutionMode mode :
              new ConvolutionMode[] {ConvolutionMode.Same, ConvolutionMode.Truncate}) {
            for (int channels : new int[] {3, 17}) {
              boolean odd = number++ % 2 == 1;
              shapes.add(
                  new Shape(
                      odd ? 3 : 1,
                      odd ? 15 : 16,
                      channels,
                      kernel,
                      stride,
                      dilation,
                      mode,
                      number % 3 != 0,
                      number % 5 == 0
                          ? Activation.TANH
                          : odd ? Activation.RELU : Activation.IDENTITY));
            }
          }
        }
      }
    }
    return shapes.stream();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithTheStockLayerForwardAndBackward(Shape shape) {
    Twins twins = Twins.of(network(shape), LayerHelpers.Settings.all());
    DataSet batch = batch(shape);
    assertThat(twins.outputDifference(batch.getFeatures())).isLessThan(ROUNDING);
    assertThat(twins.worstGradientDifference(batch)).isLessThan(ROUNDING);
  }

  @Test
  void followsChangesOfBatchAndImageSize() {
    Shape shape = new Shape(2, 16, 3, 3, 2, 1, ConvolutionMode.Same, true, Activation.RELU);
    Twins twins = Twins.of(network(shape), LayerHelpers.Settings.all());
    for (int size : new int[] {16, 15, 16}) {
      for (int examples : new int[] {3, 1}) {
        DataSet batch = Twins.batch(size, 4, examples, 3, size, size);
        assertThat(twins.worstGradientDifference(batch)).isLessThan(ROUNDING);
      }
    }
  }

  static Stream<IDropout> dropouts() {
    return Stream.of(new Dropout(0.5), new GaussianNoise(1), new GaussianDropout(0.5));
  }

  @ParameterizedTest
  @MethodSource("dropouts")
  void agreesWhateverTheLayersBehindDoToItsOutput(IDropout dropout) {
    Shape shape = new Shape(3, 16, 3, 3, 1, 1, ConvolutionMode.Same, true, Activation.RELU);
    ComputationGraph stock = network(shape, dropout);
    Twins twins = Twins.of(stock, LayerHelpers.Settings.all());
    assertThat(twins.worstGradientDifference(batch(shape))).isLessThan(ROUNDING);
  }

  @Test
  void weightNoiseStaysOnTheStockPath() {
    Shape shape = new Shape(1, 16, 3, 3, 1, 1, ConvolutionMode.Same, true, Activation.RELU);
    ComputationGraph network = network(shape);
    assertThat(LayerHelpers.install(network, LayerHelpers.Settings.all()))
        .isEqualTo(new LayerHelpers.Report(Map.of(LayerKind.CONVOLUTION, 2), Map.of()));
    for (Layer layer : network.getLayers()) {
      if (layer.conf().getLayer() instanceof ConvolutionLayer convolution) {
        convolution.setWeightNoise(new DropConnect(0.5));
      }
    }
    assertThat(LayerHelpers.install(network, LayerHelpers.Settings.all()))
        .isEqualTo(new LayerHelpers.Report(Map.of(), Map.of(LayerKind.CONVOLUTION, 2)));
  }

  @Test
  void aForwardPassInTrainingModeDoesNotLeakIntoTheNextStep() {
    Shape shape = new Shape(2, 16, 3, 3, 1, 1, ConvolutionMode.Same, true, Activation.RELU);
    Twins twins = Twins.of(network(shape), LayerHelpers.Settings.all());
    DataSet batch = batch(shape);
    twins.accelerated().output(true, Twins.images(9, 2, 3, 16, 16));
    assertThat(twins.worstGradientDifference(batch)).isLessThan(ROUNDING);
    twins.accelerated().output(true, batch.getFeatures());
    twins.accelerated().output(false, Twins.images(9, 2, 3, 16, 16));
    assertThat(twins.worstGradientDifference(batch)).isLessThan(ROUNDING);
  }

  private static DataSet batch(Shape shape) {
    return Twins.batch(
        shape.hashCode(), 4, shape.batch(), shape.channels(), shape.size(), shape.size());
  }

  /** Two convolutions, since only the second one's input gradient shows in the first's weights. */
  private static ComputationGraph network(Shape shape) {
    return network(shape, null);
  }

  private static ComputationGraph network(Shape shape, IDropout dropout) {
    var network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(WeightInit.RELU)
                .updater(new Sgd(0.1))
                .convolutionMode(shape.mode())
                .graphBuilder()
                .addInputs("input")
                .addLayer("first", convolution(shape, 5, null), "input")
                .addLayer("second", convolution(shape, 6, dropout), "first")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "second")
                .addLayer(
                    "output",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(4)
                        .build(),
                    "pool")
                .setOutputs("output")
                .setInputTypes(
                    InputType.convolutional(shape.size(), shape.size(), shape.channels()))
                .build());
    network.init();
    return network;
  }

  private static ConvolutionLayer convolution(Shape shape, int outputs, IDropout dropout) {
    // Padding keeps the second convolution's input large enough for every kernel of the grid.
    int padding = shape.mode() == ConvolutionMode.Same ? 0 : shape.kernel() - 1;
    return new ConvolutionLayer.Builder(shape.kernel(), shape.kernel())
        .stride(shape.stride(), shape.stride())
        .dilation(shape.dilation(), shape.dilation())
        .padding(padding, padding)
        .nOut(outputs)
        .hasBias(shape.bias())
        .biasInit(0.1)
        .activation(shape.activation())
        .dropOut(dropout)
        .build();
  }
}
