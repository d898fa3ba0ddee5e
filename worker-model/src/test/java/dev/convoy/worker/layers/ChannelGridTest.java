package dev.convoy.worker.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Normalisations and relu against the stock path and against double precision. */
class ChannelGridTest {
  /** Sums of 507 values: 2e-7 was seen here, and 3e-6 on the stock path, which adds in float. */
  private static final double BATCH_NORMALIZATION_ROUNDING = 5e-6;

  /** Three roundings in s, a power of it and three products; 2.3e-7 was seen. */
  private static final double LOCAL_RESPONSE_ROUNDING = 1e-6;

  private static final double EPSILON = 1e-3;

  static Stream<Grid.Images> images() {
    return Grid.images();
  }

  @ParameterizedTest
  @MethodSource("images")
  void batchNormalizationIsRightForwardAndBackward(Grid.Images shape) {
    BatchNormalization layer = batchNormalization(CNN2DFormat.NCHW);
    SingleLayer fast = SingleLayer.accelerated(layer, input(shape, CNN2DFormat.NCHW));
    assertThat(fast.report().accelerated()).isEqualTo(Map.of(LayerKind.BATCH_NORMALIZATION, 1));
    INDArray images = Twins.images(1, shape.shape()).muli(3).addi(2);
    INDArray errors = Twins.images(2, shape.shape());
    SingleLayer.Pass pass = fast.pass(images, errors);

    SingleLayer stock = SingleLayer.stock(layer, input(shape, CNN2DFormat.NCHW));
    assertThat(stock.pass(images, errors).difference(pass))
        .isLessThan(BATCH_NORMALIZATION_ROUNDING);

    var values = Reference.images(images);
    double[] gamma = Reference.vector(fast.parameter("gamma"));
    double[] beta = Reference.vector(fast.parameter("beta"));
    double[][] running = {
      Reference.vector(fast.parameter("mean")), Reference.vector(fast.parameter("var"))
    };
    assertThat(
            Reference.difference(
                Reference.normalization(values, running, gamma, beta, EPSILON), pass.inference()))
        .isLessThan(BATCH_NORMALIZATION_ROUNDING);
    assertThat(
            Reference.difference(
                Reference.normalization(values, Reference.moments(values), gamma, beta, EPSILON),
                pass.output()))
        .isLessThan(BATCH_NORMALIZATION_ROUNDING);
    var gradients =
        Reference.batchNormalizationGradients(values, Reference.images(errors), gamma, EPSILON);
    assertThat(Reference.difference(gradients.input(), pass.inputGradient()))
        .isLessThan(BATCH_NORMALIZATION_ROUNDING);
    assertThat(Reference.difference(gradients.gamma(), pass.gradients().get("gamma")))
        .isLessThan(BATCH_NORMALIZATION_ROUNDING);
    assertThat(Reference.difference(gradients.beta(), pass.gradients().get("beta")))
        .isLessThan(BATCH_NORMALIZATION_ROUNDING);
  }

  /** Strong responses, in which channels weigh on each other; even depths count as the next odd. */
  static Stream<Arguments> localResponses() {
    var responses =
        new Reference.LocalResponse[] {
          new Reference.LocalResponse(2, 5, 1e-4, 0.75),
          new Reference.LocalResponse(1, 3, 0.5, 0.75),
          new Reference.LocalResponse(2, 4, 0.25, 0.5),
          new Reference.LocalResponse(1, 9, 0.1, 1.25)
        };
    int[] number = {0};
    return Grid.images()
        .map(images -> Arguments.of(images, responses[number[0]++ % responses.length]));
  }

  @ParameterizedTest
  @MethodSource("localResponses")
  void localResponseNormalizationIsRightForwardAndBackward(
      Grid.Images shape, Reference.LocalResponse response) {
    LocalResponseNormalization layer = localResponse(response, CNN2DFormat.NCHW);
    SingleLayer fast = SingleLayer.accelerated(layer, input(shape, CNN2DFormat.NCHW));
    assertThat(fast.report().accelerated())
        .isEqualTo(Map.of(LayerKind.LOCAL_RESPONSE_NORMALIZATION, 1));
    INDArray images = Twins.images(1, shape.shape());
    INDArray errors = Twins.images(2, shape.shape());
    SingleLayer.Pass pass = fast.pass(images, errors);

    var values = Reference.images(images);
    var output = Reference.localResponseNormalization(values, response);
    assertThat(Reference.difference(output, pass.output())).isLessThan(LOCAL_RESPONSE_ROUNDING);
    assertThat(Reference.difference(output, pass.inference())).isLessThan(LOCAL_RESPONSE_ROUNDING);
    assertThat(
            Reference.difference(
                Reference.localResponseNormalizationGradient(
                    values, Reference.images(errors), response),
                pass.inputGradient()))
        .isLessThan(LOCAL_RESPONSE_ROUNDING);

    if (shape.channels() > response.n() / 2) { // with fewer, the stock layer throws
      SingleLayer stock = SingleLayer.stock(layer, input(shape, CNN2DFormat.NCHW));
      assertThat(Twins.difference(stock.pass(images, errors).output(), pass.output()))
          .isLessThan(LOCAL_RESPONSE_ROUNDING);
    }
  }

  @Test
  void theStockGradientOfLocalResponseNormalizationIsOnlyNearlyRight() {
    var shape = new Grid.Images(3, 17, 7, 7);
    INDArray images = Twins.images(1, shape.shape());
    INDArray errors = Twins.images(2, shape.shape());
    var weak = new Reference.LocalResponse(2, 5, 1e-4, 0.75);
    var strong = new Reference.LocalResponse(1, 5, 0.5, 0.75);
    assertThat(stockError(weak, shape, images, errors)).isLessThan(LOCAL_RESPONSE_ROUNDING);
    assertThat(stockError(strong, shape, images, errors)).isGreaterThan(0.05);
  }

  private static double stockError(
      Reference.LocalResponse response, Grid.Images shape, INDArray images, INDArray errors) {
    LocalResponseNormalization layer = localResponse(response, CNN2DFormat.NCHW);
    SingleLayer stock = SingleLayer.stock(layer, input(shape, CNN2DFormat.NCHW));
    return Reference.difference(
        Reference.localResponseNormalizationGradient(
            Reference.images(images), Reference.images(errors), response),
        stock.pass(images, errors).inputGradient());
  }

  @ParameterizedTest
  @MethodSource("images")
  void reluIsTheStockLayersBitForBit(Grid.Images shape) {
    var layer = new ActivationLayer.Builder().activation(Activation.RELU).build();
    for (CNN2DFormat format : CNN2DFormat.values()) {
      SingleLayer fast = SingleLayer.accelerated(layer, input(shape, format));
      assertThat(fast.report().accelerated()).isEqualTo(Map.of(LayerKind.ACTIVATION, 1));
      INDArray images = SingleLayer.tiedImages(1, shape.shape()); // some are zero
      INDArray errors = Twins.images(2, shape.shape());
      SingleLayer.Pass pass = fast.pass(images, errors);
      SingleLayer stock = SingleLayer.stock(layer, input(shape, format));
      assertThat(stock.pass(images, errors).difference(pass)).isZero();
      assertThat(pass.inputGradient().amaxNumber().floatValue()).isPositive();
    }
  }

  @Test
  void otherActivationsStayOnTheStockPath() {
    var shape = new Grid.Images(1, 3, 5, 5);
    for (var activation :
        new org.nd4j.linalg.activations.IActivation[] {
          Activation.TANH.getActivationFunction(), new ActivationReLU(6.0, 0.0, 0.0)
        }) {
      var layer = new ActivationLayer.Builder().activation(activation).build();
      SingleLayer accelerated = SingleLayer.accelerated(layer, input(shape, CNN2DFormat.NCHW));
      assertThat(accelerated.report().stock()).isEqualTo(Map.of(LayerKind.ACTIVATION, 1));
    }
  }

  @Test
  void channelsLastStaysOnTheStockPathAndIsRight() {
    var shape = new Grid.Images(3, 8, 7, 5);
    INDArray images = Twins.images(1, shape.shape());
    INDArray last = images.permute(0, 2, 3, 1).dup('c');
    INDArray errors = Twins.images(2, last.shape());

    SingleLayer batch =
        SingleLayer.accelerated(
            batchNormalization(CNN2DFormat.NHWC), input(shape, CNN2DFormat.NHWC));
    assertThat(batch.report().stock()).isEqualTo(Map.of(LayerKind.BATCH_NORMALIZATION, 1));
    var values = Reference.images(images);
    assertThat(
            Reference.difference(
                Reference.normalization(
                    values,
                    Reference.moments(values),
                    Reference.vector(batch.parameter("gamma")),
                    Reference.vector(batch.parameter("beta")),
                    EPSILON),
                batch.pass(last, errors).output().permute(0, 3, 1, 2)))
        .isLessThan(BATCH_NORMALIZATION_ROUNDING);

    var response = new Reference.LocalResponse(1, 3, 0.5, 0.75);
    SingleLayer local =
        SingleLayer.accelerated(
            localResponse(response, CNN2DFormat.NHWC), input(shape, CNN2DFormat.NHWC));
    assertThat(local.report().stock()).isEqualTo(Map.of(LayerKind.LOCAL_RESPONSE_NORMALIZATION, 1));
    assertThat(
            Reference.difference(
                Reference.localResponseNormalization(values, response),
                local.pass(last, errors).output().permute(0, 3, 1, 2)))
        .isLessThan(LOCAL_RESPONSE_ROUNDING);
  }

  @Test
  void whatIsComputedInHostMemoryIsFloatAlone() {
    var shape = new Grid.Images(2, 3, 5, 5);
    INDArray images = Twins.images(1, shape.shape()).castTo(DataType.DOUBLE);
    INDArray errors = Twins.images(2, shape.shape()).castTo(DataType.DOUBLE);
    for (var layer :
        new org.deeplearning4j.nn.conf.layers.Layer[] {
          batchNormalization(CNN2DFormat.NCHW),
          localResponse(new Reference.LocalResponse(2, 5, 1e-4, 0.75), CNN2DFormat.NCHW)
        }) {
      InputType input = input(shape, CNN2DFormat.NCHW);
      SingleLayer stock =
          SingleLayer.of(layer, input, DataType.DOUBLE, LayerHelpers.Settings.none());
      SingleLayer accelerated =
          SingleLayer.of(layer, input, DataType.DOUBLE, LayerHelpers.Settings.all());
      assertThat(stock.pass(images, errors).difference(accelerated.pass(images, errors))).isZero();
    }
  }

  private static InputType input(Grid.Images images, CNN2DFormat format) {
    return InputType.convolutional(images.height(), images.width(), images.channels(), format);
  }

  private static BatchNormalization batchNormalization(CNN2DFormat format) {
    return new BatchNormalization.Builder()
        .useLogStd(false)
        .eps(EPSILON)
        .dataFormat(format)
        .build();
  }

  private static LocalResponseNormalization localResponse(
      Reference.LocalResponse response, CNN2DFormat format) {
    return new LocalResponseNormalization.Builder()
        .k(response.k())
        .n(response.n())
        .alpha(response.alpha())
        .beta(response.beta())
        .dataFormat(format)
        .build();
  }
}
