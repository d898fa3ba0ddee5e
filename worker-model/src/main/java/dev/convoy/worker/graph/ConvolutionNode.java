package dev.convoy.worker.graph;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;

/**
 * A 2-D convolution, its bias if it has one, and a function of the result.
 *
 * @param layer whose parameters {@code W} [filters, channels, height, width] and {@code b}
 *     [filters] are used
 */
public record ConvolutionNode(
    String name,
    List<String> inputs,
    String layer,
    Window window,
    long channels,
    long filters,
    boolean hasBias,
    Activation activation)
    implements Node.Activated {

  static void read(Reading reading, ConvolutionLayer layer) throws UnsupportedNetworkException {
    reading.requireChannelsFirst(layer.getCnn2dDataFormat());
    Window window =
        reading.window(
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getDilation(),
            layer.getConvolutionMode());
    reading.addWithFunction(
        new ConvolutionNode(
            reading.name(),
            List.of(reading.behindDropout(layer)),
            reading.name(),
            window,
            layer.getNIn(),
            layer.getNOut(),
            layer.hasBias(),
            Activation.NONE),
        layer);
  }

  @Override
  public ConvolutionNode reading(List<String> others) {
    return new ConvolutionNode(name, others, layer, window, channels, filters, hasBias, activation);
  }

  @Override
  public ConvolutionNode activated(String newName, Activation function) {
    return new ConvolutionNode(
        newName, inputs, layer, window, channels, filters, hasBias, function);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return window.result(filters);
  }
}
