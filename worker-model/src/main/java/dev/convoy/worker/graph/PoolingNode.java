package dev.convoy.worker.graph;

import dev.convoy.worker.model.layer.AdaptivePooling;
import dev.convoy.worker.model.layer.AdaptiveWindows;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/**
 * The largest value or the mean of each window.
 *
 * @param flattens whether the result is a vector, of one window over the whole image
 */
public record PoolingNode(
    String name, List<String> inputs, Kind kind, Window window, boolean flattens) implements Node {
  /** What is taken of a window. */
  public enum Kind {
    /** The largest value; padding is never it. */
    MAXIMUM,
    /** The sum, divided by the number of values and of padding. */
    MEAN_WITH_PADDING,
    /** The sum, divided by the number of values. */
    MEAN_WITHOUT_PADDING
  }

  private static final int[] HEIGHT_AND_WIDTH = {2, 3};

  static void read(Reading reading, SubsamplingLayer layer) throws UnsupportedNetworkException {
    reading.requireChannelsFirst(layer.getCnn2dDataFormat());
    Window window =
        reading.window(
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getDilation(),
            layer.getConvolutionMode());
    reading.require(!window.isDilated(), "is a dilated pooling");
    reading.add(
        new PoolingNode(
            reading.name(),
            List.of(reading.behindDropout(layer)),
            kind(reading, layer.getPoolingType(), layer.isAvgPoolIncludePadInDivisor()),
            window,
            false));
  }

  static void read(Reading reading, GlobalPoolingLayer layer) throws UnsupportedNetworkException {
    int[] dimensions = layer.getPoolingDimensions();
    reading.require(
        dimensions == null || Arrays.equals(dimensions, HEIGHT_AND_WIDTH),
        "has dimensions of its own");
    reading.requireImages();
    reading.add(
        new PoolingNode(
            reading.name(),
            List.of(reading.behindDropout(layer)),
            kind(reading, layer.getPoolingType(), true),
            Window.whole(reading.shape().plane()),
            layer.isCollapseDimensions()));
  }

  /** To a given extent: by equal windows if there are such, else by windows of several sizes. */
  static void read(Reading reading, AdaptivePooling layer) throws UnsupportedNetworkException {
    reading.requireImages();
    AdaptiveWindows rows = new AdaptiveWindows(reading.shape().height(), layer.height());
    AdaptiveWindows columns = new AdaptiveWindows(reading.shape().width(), layer.width());
    List<String> inputs = List.of(reading.behindDropout(layer));
    Kind kind = kind(reading, layer.type(), false);
    reading.add(
        rows.isRegular() && columns.isRegular()
            ? new PoolingNode(reading.name(), inputs, kind, Window.about(rows, columns), false)
            : new AdaptivePoolingNode(reading.name(), inputs, kind, rows, columns));
  }

  private static Kind kind(Reading reading, PoolingType type, boolean withPadding)
      throws UnsupportedNetworkException {
    return switch (type) {
      case MAX -> Kind.MAXIMUM;
      case AVG -> withPadding ? Kind.MEAN_WITH_PADDING : Kind.MEAN_WITHOUT_PADDING;
      default -> throw reading.unsupported("pools by " + type);
    };
  }

  /** Whether it takes the largest value. */
  public boolean isMaximum() {
    return kind == Kind.MAXIMUM;
  }

  @Override
  public PoolingNode reading(List<String> others) {
    return new PoolingNode(name, others, kind, window, flattens);
  }

  PoolingNode named(String newName) {
    return new PoolingNode(newName, inputs, kind, window, flattens);
  }

  @Override
  public Optional<Window> windowOverImages() {
    return Optional.of(window);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    long channels = arguments.get(0).channels();
    return flattens ? Shape.vector(channels) : window.result(channels);
  }
}
