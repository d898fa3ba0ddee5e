package dev.convoy.worker.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Convolution and pooling against the stock path and against double precision. */
class WindowGridTest {
  /**
   * Sums of up to 67 × 7 × 7 products of both signs, each rounded to 6e-8 of the sum so far: 3e-6
   * as a random walk of one after the other; 1.6e-6 was seen.
   */
  private static final double CONVOLUTION_ROUNDING = 5e-6;

  /** Sums of at most 49 values; 3e-7 was seen. */
  private static final double POOLING_ROUNDING = 1e-6;

  private static final int SHAPES = 120;

  static Stream<Grid.Windows> convolutions() {
    return Grid.windows(SHAPES, shape -> true);
  }

  @ParameterizedTest
  @MethodSource("convolutions")
  void convolutionIsRightForwardAndBackward(Grid.Windows shape) {
    int outputs = shape.second() ? 5 : 17;
    boolean hasBias = shape.first();
    ConvolutionLayer layer = convolution(shape, outputs, hasBias, CNN2DFormat.NCHW);
    SingleLayer fast = SingleLayer.accelerated(layer, input(shape.images(), CNN2DFormat.NCHW));
    assertThat(fast.report().accelerated()).isEqualTo(Map.of(LayerKind.CONVOLUTION, 1));
    INDArray images = Twins.images(1, shape.images().shape());
    INDArray errors = Twins.images(2, fast.outputShape(images));
    SingleLayer.Pass pass = fast.pass(images, errors);

    SingleLayer stock = SingleLayer.stock(layer, input(shape.images(), CNN2DFormat.NCHW));
    assertThat(stock.pass(images, errors).difference(pass)).isLessThan(CONVOLUTION_ROUNDING);

    var weights = Reference.images(fast.parameter("W"));
    double[] bias = hasBias ? Reference.vector(fast.parameter("b")) : new double[outputs];
    var output =
        Reference.convolution(
            Reference.images(images),
            weights,
            bias,
            shape.rows(),
            shape.columns(),
            shape.outputSize());
    var gradients =
        Reference.convolutionGradients(
            Reference.images(images),
            weights,
            Reference.images(errors),
            shape.rows(),
            shape.columns());
    assertThat(Reference.difference(output, pass.output())).isLessThan(CONVOLUTION_ROUNDING);
    assertThat(Reference.difference(output, pass.inference())).isLessThan(CONVOLUTION_ROUNDING);
    assertThat(Reference.difference(gradients.input(), pass.inputGradient()))
        .isLessThan(CONVOLUTION_ROUNDING);
    assertThat(Reference.difference(gradients.weights(), pass.gradients().get("W")))
        .isLessThan(CONVOLUTION_ROUNDING);
    assertThat(pass.gradients().containsKey("b")).isEqualTo(hasBias);
    if (hasBias) {
      assertThat(Reference.difference(gradients.bias(), pass.gradients().get("b")))
          .isLessThan(CONVOLUTION_ROUNDING);
    }
  }

  static Stream<Grid.Windows> poolings() {
    return Grid.windows(SHAPES, shape -> shape.dilation() == 1);
  }

  @ParameterizedTest
  @MethodSource("poolings")
  void maximumPoolingIsRightForwardAndBackward(Grid.Windows shape) {
    SubsamplingLayer layer = pooling(PoolingType.MAX, shape, CNN2DFormat.NCHW);
    INDArray images =
        shape.first()
            ? SingleLayer.tiedImages(1, shape.images().shape())
            : Twins.images(1, shape.images().shape());
    SingleLayer fast = SingleLayer.accelerated(layer, input(shape.images(), CNN2DFormat.NCHW));
    assertThat(fast.report().accelerated()).isEqualTo(Map.of(LayerKind.POOLING, 1));
    INDArray errors = Twins.images(2, fast.outputShape(images));
    SingleLayer.Pass pass = fast.pass(images, errors);

    var values = Reference.images(images);
    var output =
        Reference.maximumPooling(values, shape.rows(), shape.columns(), shape.outputSize());
    assertThat(Reference.difference(output, pass.output())).isZero();
    assertThat(Reference.difference(output, pass.inference())).isZero();
    assertThat(
            Reference.difference(
                Reference.maximumPoolingGradient(
                    values, Reference.images(errors), shape.rows(), shape.columns()),
                pass.inputGradient()))
        .isLessThan(POOLING_ROUNDING);

    SingleLayer stock = SingleLayer.stock(layer, input(shape.images(), CNN2DFormat.NCHW));
    assertThat(stock.pass(images, errors).difference(pass)).isLessThan(POOLING_ROUNDING);
  }

  @ParameterizedTest
  @MethodSource("poolings")
  void averagePoolingIsRightForwardAndBackward(Grid.Windows shape) {
    SubsamplingLayer layer = pooling(PoolingType.AVG, shape, CNN2DFormat.NCHW);
    INDArray images = Twins.images(1, shape.images().shape());
    SingleLayer fast = SingleLayer.accelerated(layer, input(shape.images(), CNN2DFormat.NCHW));
    assertThat(fast.report().accelerated()).isEqualTo(Map.of(LayerKind.POOLING, 1));
    INDArray errors = Twins.images(2, fast.outputShape(images));
    SingleLayer.Pass pass = fast.pass(images, errors);

    var values = Reference.images(images);
    var output =
        Reference.averagePooling(
            values, shape.rows(), shape.columns(), shape.outputSize(), shape.second());
    assertThat(Reference.difference(output, pass.output())).isLessThan(POOLING_ROUNDING);
    assertThat(Reference.difference(output, pass.inference())).isLessThan(POOLING_ROUNDING);
    assertThat(
            Reference.difference(
                Reference.averagePoolingGradient(
                    values,
                    Reference.images(errors),
                    shape.rows(),
                    shape.columns(),
                    shape.second()),
                pass.inputGradient()))
        .isLessThan(POOLING_ROUNDING);

    SingleLayer stock = SingleLayer.stock(layer, input(shape.images(), CNN2DFormat.NCHW));
    assertThat(stock.pass(images, errors).difference(pass)).isLessThan(POOLING_ROUNDING);
  }

  static Stream<Grid.Windows> channelsLast() {
    return Grid.windows(10, shape -> shape.dilation() == 1);
  }

  @ParameterizedTest
  @MethodSource("channelsLast")
  void channelsLastStaysOnTheStockPathAndIsRight(Grid.Windows shape) {
    INDArray images = Twins.images(1, shape.images().shape());
    INDArray last = images.permute(0, 2, 3, 1).dup('c');
    var layer = convolution(shape, 5, true, CNN2DFormat.NHWC);
    SingleLayer convolution =
        SingleLayer.accelerated(layer, input(shape.images(), CNN2DFormat.NHWC));
    assertThat(convolution.report().stock()).isEqualTo(Map.of(LayerKind.CONVOLUTION, 1));
    INDArray errors = Twins.images(2, convolution.outputShape(last));
    var output =
        Reference.convolution(
            Reference.images(images),
            Reference.images(convolution.parameter("W")),
            Reference.vector(convolution.parameter("b")),
            shape.rows(),
            shape.columns(),
            shape.outputSize());
    assertThat(
            Reference.difference(
                output, convolution.pass(last, errors).output().permute(0, 3, 1, 2)))
        .isLessThan(CONVOLUTION_ROUNDING);

    SingleLayer pooling =
        SingleLayer.accelerated(
            pooling(PoolingType.MAX, shape, CNN2DFormat.NHWC),
            input(shape.images(), CNN2DFormat.NHWC));
    assertThat(pooling.report().stock()).isEqualTo(Map.of(LayerKind.POOLING, 1));
    INDArray pooled = pooling.pass(last, Twins.images(2, pooling.outputShape(last))).output();
    assertThat(
            Reference.difference(
                Reference.maximumPooling(
                    Reference.images(images), shape.rows(), shape.columns(), shape.outputSize()),
                pooled.permute(0, 3, 1, 2)))
        .isZero();
  }

  @Test
  void whatThisPathDoesNotPoolStaysOnTheStockPath() {
    var images = new Grid.Images(1, 3, 7, 7);
    for (SubsamplingLayer layer :
        new SubsamplingLayer[] {
          new SubsamplingLayer.Builder(PoolingType.PNORM).kernelSize(2, 2).pnorm(2).build(),
          new SubsamplingLayer.Builder(PoolingType.SUM).kernelSize(2, 2).build(),
          new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).dilation(2, 1).build(),
          new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).padding(0, 2).build()
        }) {
      assertThat(SingleLayer.accelerated(layer, input(images, CNN2DFormat.NCHW)).report().stock())
          .isEqualTo(Map.of(LayerKind.POOLING, 1));
    }
  }

  private static InputType input(Grid.Images images, CNN2DFormat format) {
    return InputType.convolutional(images.height(), images.width(), images.channels(), format);
  }

  private static ConvolutionLayer convolution(
      Grid.Windows shape, int outputs, boolean hasBias, CNN2DFormat format) {
    return new ConvolutionLayer.Builder(shape.kernel())
        .stride(shape.strides())
        .padding(shape.padding(), shape.padding())
        .dilation(shape.dilations())
        .convolutionMode(shape.mode())
        .nOut(outputs)
        .hasBias(hasBias)
        .activation(Activation.IDENTITY)
        .dataFormat(format)
        .build();
  }

  private static SubsamplingLayer pooling(
      PoolingType type, Grid.Windows shape, CNN2DFormat format) {
    return new SubsamplingLayer.Builder(type)
        .kernelSize(shape.kernel())
        .stride(shape.strides())
        .padding(shape.padding(), shape.padding())
        .dilation(shape.dilations())
        .convolutionMode(shape.mode())
        .avgPoolIncludePadInDivisor(shape.second())
        .dataFormat(format)
        .build();
  }
}
