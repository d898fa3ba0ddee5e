package dev.convoy.worker.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class AcceleratedPoolingTest {
  /** Pooling adds at most nine values; what differs is the order of the sums around it. */
  private static final double ROUNDING = 1e-5;

  private static final LayerHelpers.Settings ONLY_POOLING =
      new LayerHelpers.Settings(Set.of(LayerKind.POOLING));

  /** One shape of pooling. */
  record Shape(
      PoolingType type,
      int batch,
      int size,
      int channels,
      int kernel,
      int stride,
      ConvolutionMode mode,
      boolean paddingCounts) {}

  static Stream<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    int number = 0;
    for (PoolingType type : new PoolingType[] {PoolingType.MAX, PoolingType.AVG}) {
      for (int kernel : new int[] {2, 3}) {
        for (int stride : new int[] {1, 2}) {
          for (ConvolutionMode mode :
              new ConvolutionMode[] {ConvolutionMode.Same, ConvolutionMode.Truncate}) {
            for (int channels : new int[] {1, 3, 17}) {
              boolean odd = number++ % 2 == 1;
              shapes.add(
                  new Shape(
                      type,
                      odd ? 3 : 1,
                      number % 3 == 0 ? 9 : 12,
                      channels,
                      kernel,
                      stride,
                      mode,
                      number % 4 == 0));
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
    Twins twins = Twins.of(network(shape), ONLY_POOLING);
    DataSet batch = Twins.batch(7, 4, shape.batch(), shape.channels(), shape.size(), shape.size());
    assertThat(twins.outputDifference(batch.getFeatures())).isLessThan(ROUNDING);
    assertThat(twins.worstGradientDifference(batch)).isLessThan(ROUNDING);
  }

  private static ComputationGraph network(Shape shape) {
    int padding = shape.mode() == ConvolutionMode.Same ? 0 : 1;
    var network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(WeightInit.XAVIER)
                .updater(new Sgd(0.1))
                .graphBuilder()
                .addInputs("input")
                .addLayer(
                    "conv",
                    new ConvolutionLayer.Builder(1, 1).nOut(shape.channels()).build(),
                    "input")
                .addLayer(
                    "pool",
                    new SubsamplingLayer.Builder(shape.type())
                        .kernelSize(shape.kernel(), shape.kernel())
                        .stride(shape.stride(), shape.stride())
                        .padding(padding, padding)
                        .convolutionMode(shape.mode())
                        .avgPoolIncludePadInDivisor(shape.paddingCounts())
                        .build(),
                    "conv")
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
}
