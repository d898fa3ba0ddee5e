package dev.convoy.worker.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.convolution.ConvolutionHelper;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Deeplearning4j's own check of gradients against finite differences, in double precision, of what
 * runs on operations that know that type: convolution and relu.
 */
class GradientCheckTest {
  @BeforeAll
  static void doublePrecisionEverywhere() {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE); // the check insists on it
  }

  @AfterAll
  static void asItWas() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  private static final double STEP = 1e-6;

  /** Central differences with a step of 1e-6 leave about 1e-10 of rounding. */
  private static final double RELATIVE_ERROR = 1e-5;

  /** Gradients below this are zero up to that rounding. */
  private static final double NEGLIGIBLE = 1e-8;

  private static final int PARAMETERS_CHECKED = 8;

  static Stream<Grid.Windows> shapes() {
    return Grid.windows(8, shape -> shape.images().channels() <= 3 && shape.images().height() <= 7);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void gradientsAreThoseOfFiniteDifferences(Grid.Windows shape) {
    ComputationGraph network = network(shape);
    assertThat(LayerHelpers.install(network, LayerHelpers.Settings.all()))
        .isEqualTo(
            new LayerHelpers.Report(
                Map.of(LayerKind.CONVOLUTION, 2, LayerKind.ACTIVATION, 1), Map.of()));
    DataSet batch = Twins.batch(1, 3, shape.images().shape());
    var check =
        new GradientCheckUtil.GraphConfig()
            .net(network)
            .inputs(new INDArray[] {batch.getFeatures().castTo(DataType.DOUBLE)})
            .labels(new INDArray[] {batch.getLabels().castTo(DataType.DOUBLE)})
            .epsilon(STEP)
            .maxRelError(RELATIVE_ERROR)
            .minAbsoluteError(NEGLIGIBLE)
            .subset(true)
            .maxPerParam(PARAMETERS_CHECKED)
            .print(GradientCheckUtil.PrintMode.FAILURES_ONLY);
    assertThat(GradientCheckUtil.checkGradients(check)).isTrue();
  }

  @Test
  void convolutionInDoublePrecisionIsComputedByTheHelper() {
    var shape =
        new Grid.Windows(
            new Grid.Images(2, 3, 7, 7), 3, 3, 1, 0, 2, ConvolutionMode.Same, true, false);
    ComputationGraph network = network(shape);
    LayerHelpers.install(network, LayerHelpers.Settings.all());
    var layer = network.getLayer("first");
    var helper = (ConvolutionHelper) layer.getHelper();
    INDArray images = Twins.images(1, shape.images().shape()).castTo(DataType.DOUBLE);
    INDArray output =
        helper.preOutput(
            images,
            layer.getParam("W"),
            layer.getParam("b"),
            shape.kernel(),
            new int[] {1, 1},
            new int[] {0, 0},
            null,
            null,
            shape.mode(),
            new int[] {2, 2},
            org.deeplearning4j.nn.conf.CNN2DFormat.NCHW,
            LayerWorkspaceMgr.noWorkspaces());
    double doubleRounding = 1e-14;
    assertThat(
            Reference.difference(
                Reference.convolution(
                    Reference.images(images),
                    Reference.images(layer.getParam("W")),
                    Reference.vector(layer.getParam("b")),
                    shape.rows(),
                    shape.columns(),
                    shape.outputSize()),
                output))
        .isLessThan(doubleRounding);
  }

  /** The second convolution's input gradient shows in the first one's weights. */
  private static ComputationGraph network(Grid.Windows shape) {
    var network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .graphBuilder()
                .addInputs("input")
                .addLayer("first", convolution(shape, ConvolutionMode.Same, 0), "input")
                .addLayer(
                    "relu",
                    new ActivationLayer.Builder().activation(Activation.RELU).build(),
                    "first")
                .addLayer("second", convolution(shape, shape.mode(), shape.padding()), "relu")
                .addLayer(
                    "output",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(3)
                        .build(),
                    "second")
                .setOutputs("output")
                .setInputTypes(
                    InputType.convolutional(
                        shape.images().height(), shape.images().width(), shape.images().channels()))
                .build());
    network.init();
    return network;
  }

  private static ConvolutionLayer convolution(
      Grid.Windows shape, ConvolutionMode mode, int padding) {
    int[] strides = mode == ConvolutionMode.Same ? new int[] {1, 1} : shape.strides();
    return new ConvolutionLayer.Builder(shape.kernel())
        .stride(strides)
        .padding(padding, padding)
        .dilation(shape.dilations())
        .convolutionMode(mode)
        .nOut(4)
        .hasBias(shape.first())
        .activation(Activation.IDENTITY)
        .build();
  }
}
