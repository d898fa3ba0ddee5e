package dev.convoy.worker.graph;

import dev.convoy.worker.model.layer.GroupedConvolution;
import dev.convoy.worker.model.layer.WeightNormalizedConvolution;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;

/**
 * A 2-D convolution, its bias if it has one, and a function of the result.
 *
 * @param layer whose weights and bias {@code b} [filters] are used
 */
public record ConvolutionNode(
    String name,
    List<String> inputs,
    String layer,
    Kernels kernels,
    Window window,
    boolean hasBias,
    Weighting weighting,
    Activation activation)
    implements Node.Activated {
  private static final String WEIGHTS = SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY;
  private static final String POINTWISE =
      SeparableConvolutionParamInitializer.POINT_WISE_WEIGHT_KEY;

  static void read(Reading reading, ConvolutionLayer layer) throws UnsupportedNetworkException {
    Window window = window(reading, layer);
    add(
        reading,
        layer,
        reading.behindDropout(layer),
        Kernels.plain(WEIGHTS, layer.getNOut(), layer.getNIn(), window),
        window);
  }

  /** The weights of a filter have a length that is a parameter of its own. */
  static void read(Reading reading, WeightNormalizedConvolution layer)
      throws UnsupportedNetworkException {
    reading.require(layer.getWeightNoise() == null, "has weight noise");
    Window window = window(reading, layer);
    add(
        reading,
        layer,
        reading.behindDropout(layer),
        Kernels.plain(WEIGHTS, layer.getNOut(), layer.getNIn(), window),
        window,
        new Weighting.Normalized(WeightNormalizedConvolution.LENGTH, layer.getNOut()));
  }

  /** Every group of channels is convolved with filters of its own. */
  static void read(Reading reading, GroupedConvolution layer) throws UnsupportedNetworkException {
    Window window = window(reading, layer);
    add(
        reading,
        layer,
        reading.behindDropout(layer),
        Kernels.grouped(WEIGHTS, layer.groups(), layer.getNOut(), layer.getNIn(), window),
        window);
  }

  /** Every channel is convolved with filters of its own. */
  static void read(Reading reading, DepthwiseConvolution2D layer)
      throws UnsupportedNetworkException {
    add(
        reading,
        layer,
        reading.behindDropout(layer),
        Kernels.depthwise(WEIGHTS, layer.getDepthMultiplier(), layer.getNIn()),
        window(reading, layer));
  }

  /** A depthwise convolution, and a convolution of its result's pixels. */
  static void read(Reading reading, SeparableConvolution2D layer)
      throws UnsupportedNetworkException {
    reading.require(layer.getWeightNoise() == null, "has weight noise");
    Window window = window(reading, layer);
    Kernels depthwise =
        Kernels.separable(WEIGHTS, layer.getDepthMultiplier(), layer.getNIn(), window);
    ConvolutionNode first =
        new ConvolutionNode(
            reading.name() + " depthwise",
            List.of(reading.behindDropout(layer)),
            reading.name(),
            depthwise,
            window,
            false,
            Weighting.PLAIN,
            Activation.NONE);
    reading.add(first);
    Window pixel = Window.pixel(window.output());
    Kernels pointwise = Kernels.plain(POINTWISE, layer.getNOut(), first.filters(), pixel);
    add(reading, layer, first.name(), pointwise, pixel);
  }

  private static Window window(Reading reading, ConvolutionLayer layer)
      throws UnsupportedNetworkException {
    reading.requireChannelsFirst(layer.getCnn2dDataFormat());
    return reading.window(
        layer.getKernelSize(),
        layer.getStride(),
        layer.getPadding(),
        layer.getDilation(),
        layer.getConvolutionMode());
  }

  private static void add(
      Reading reading, ConvolutionLayer layer, String input, Kernels kernels, Window window)
      throws UnsupportedNetworkException {
    add(reading, layer, input, kernels, window, reading.weighting(layer));
  }

  private static void add(
      Reading reading,
      ConvolutionLayer layer,
      String input,
      Kernels kernels,
      Window window,
      Weighting weighting)
      throws UnsupportedNetworkException {
    reading.addWithFunction(
        new ConvolutionNode(
            reading.name(),
            List.of(input),
            reading.name(),
            kernels,
            window,
            layer.hasBias(),
            weighting,
            Activation.NONE),
        layer);
  }

  /** How many channels the result has. */
  public long filters() {
    return kernels.groups() * kernels.filters();
  }

  /** Whether each pixel of the result is computed from the same pixel of the argument alone. */
  public boolean isPointwise() {
    return window.isPixel();
  }

  /** Whether every filter meets all channels at every place: one group, no steps and no gaps. */
  public boolean isOrdinary() {
    return kernels.groups() == 1 && !window.isStrided() && !window.isDilated();
  }

  /** The same weights over other images. */
  public ConvolutionNode over(Window other) {
    return with(kernels, other);
  }

  /** Other weights over other images. */
  public ConvolutionNode with(Kernels otherKernels, Window other) {
    return new ConvolutionNode(
        name, inputs, layer, otherKernels, other, hasBias, weighting, activation);
  }

  @Override
  public ConvolutionNode reading(List<String> others) {
    return new ConvolutionNode(
        name, others, layer, kernels, window, hasBias, weighting, activation);
  }

  @Override
  public ConvolutionNode activated(String newName, Activation function) {
    return new ConvolutionNode(
        newName, inputs, layer, kernels, window, hasBias, weighting, function);
  }

  @Override
  public Work work(List<Shape> arguments) {
    long ofFilter = kernels.channels() * window.elements();
    return new Work(
        filters() * (ofFilter + (hasBias ? 1 : 0)) + weighting.parameters(),
        0,
        result(arguments).values() * ofFilter);
  }

  @Override
  public Optional<Window> windowOverImages() {
    return Optional.of(window);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return window.result(filters());
  }
}
