package dev.convoy.worker.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class AcceleratedBatchNormalizationTest {
  /** A few roundings of 6e-8 each, in sums of up to some thousand values of both signs. */
  private static final double ROUNDING = 2e-5;

  /**
   * Of the gradient of the weights in front, batch normalisation cancels the part along the
   * weights; the rounding of that part stays.
   */
  private static final double CANCELLED_ROUNDING = 2e-4;

  /** The rounding of one step, grown by the five steps that build on it. */
  private static final double FIVE_STEPS = 2e-4;

  private static final LayerHelpers.Settings ONLY_BATCH_NORMALIZATION =
      new LayerHelpers.Settings(Set.of(LayerKind.BATCH_NORMALIZATION));

  @ParameterizedTest
  @CsvSource({"1,1,5", "3,3,8", "3,17,7", "2,64,4", "4,5,33", "8,3,1", "2,2,40"})
  void agreesWithTheStockLayerForwardAndBackward(int batch, int channels, int size) {
    Twins twins = twins(channels, size, true);
    DataSet data = Twins.batch(batch, 4, batch, channels, size, size);
    assertThat(twins.outputDifference(data.getFeatures())).isLessThan(ROUNDING);
    assertThat(twins.worstGradientDifference(data)).isLessThan(CANCELLED_ROUNDING);
  }

  @Test
  void theHelperForOtherBackendsAgreesToo() {
    Twins twins = twins(3, 8, false);
    HelperField.BATCH_NORMALIZATION.set(
        twins.accelerated().getLayer("norm"), LayerHelpers.nativeBatchNormalization());
    DataSet data = Twins.batch(4, 4, 4, 3, 8, 8);
    assertThat(twins.worstGradientDifference(data)).isLessThan(CANCELLED_ROUNDING);
    assertThat(twins.outputDifference(data.getFeatures())).isLessThan(ROUNDING);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsTheSameRunningStatisticsOverTraining(boolean logarithmic) {
    Twins twins = twins(3, 8, logarithmic);
    INDArray before = twins.accelerated().params().dup();
    for (int step = 0; step < 5; step++) {
      twins.fit(Twins.batch(step, 4, 6, 3, 8, 8));
    }
    twins
        .stock()
        .paramTable()
        .forEach(
            (name, expected) ->
                assertThat(Twins.difference(expected, twins.accelerated().getParam(name)))
                    .as(name)
                    .isLessThan(FIVE_STEPS));
    assertThat(twins.outputDifference(Twins.images(9, 2, 3, 8, 8))).isLessThan(FIVE_STEPS);
    assertThat(Twins.difference(before, twins.accelerated().params())).isGreaterThan(0.01);
  }

  @Test
  void aLargeMeanCostsNoDigitsOfTheVariance() {
    float mean = 1000f;
    INDArray images = Twins.images(3, 8, 1, 16, 16);
    var planes = new ChannelPlanes();
    var extent = ChannelPlanes.Extent.of(images);
    double[] still = new double[1];
    double[] expected = new double[1];
    planes.moments(HostMemory.of(images), extent, still, expected);
    double[] moved = new double[1];
    double[] actual = new double[1];
    planes.moments(HostMemory.of(images.add(mean)), extent, moved, actual);
    // Adding 1000 rounds every value to 6e-5, which moves the variance of 1 by about as little.
    assertThat(actual[0]).isCloseTo(expected[0], within(1e-4));
    assertThat(moved[0] - mean).isCloseTo(still[0], within(1e-4));
  }

  @Test
  void layersWithFixedScaleAndShiftStayOnTheStockPath() {
    ComputationGraph network =
        network(3, 8, new BatchNormalization.Builder().lockGammaBeta(true).build());
    assertThat(LayerHelpers.install(network, LayerHelpers.Settings.all()))
        .isEqualTo(
            new LayerHelpers.Report(
                Map.of(LayerKind.CONVOLUTION, 1), Map.of(LayerKind.BATCH_NORMALIZATION, 1)));
  }

  private static Twins twins(int channels, int size, boolean logarithmic) {
    ComputationGraph stock =
        network(
            channels,
            size,
            new BatchNormalization.Builder()
                .useLogStd(logarithmic)
                .gamma(1.5)
                .beta(0.25)
                .eps(1e-3)
                .build());
    return Twins.of(stock, ONLY_BATCH_NORMALIZATION);
  }

  /**
   * A convolution in front, so that batch normalisation's input gradient shows in its weights. It
   * has no bias: behind batch normalisation a bias has gradient zero, and rounding would be all.
   */
  private static ComputationGraph network(int channels, int size, BatchNormalization norm) {
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
                    new ConvolutionLayer.Builder(1, 1).nOut(channels).hasBias(false).build(),
                    "input")
                .addLayer("norm", norm, "conv")
                .addLayer(
                    "output",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(4)
                        .build(),
                    "norm")
                .setOutputs("output")
                .setInputTypes(InputType.convolutional(size, size, channels))
                .build());
    network.init();
    return network;
  }
}
