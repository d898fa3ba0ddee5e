package dev.convoy.worker.model.initialization;

import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;

/**
 * What an initialisation must know of a layer's weights.
 *
 * @param count how many there are, at least 1
 * @param rows of the matrix that they are, in C order, with an axis for what they read and one for
 *     what they give; divides the count
 * @param in how many values an output is summed over, at least 1
 * @param out how many outputs a value goes into, at least 1
 */
public record WeightShape(int count, int rows, long in, long out) {
  /** Of a parameter with the axes that Deeplearning4j gives it. */
  public static WeightShape of(BaseLayer layer, String parameter, long... axes) {
    if (axes.length == 2) {
      return of(axes, axes[0], axes[0], axes[1]); // [inputs, outputs]
    }
    if (layer instanceof DepthwiseConvolution2D) {
      long area = axes[0] * axes[1]; // [height, width, channels, outputs of each channel]
      return of(axes, area, area, axes[3] * area);
    }
    long area = axes[2] * axes[3];
    if (layer instanceof SeparableConvolution2D
        && parameter.equals(SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY)) {
      // [outputs of each channel, channels, height, width]
      return of(axes, axes[0] * axes[1], area, axes[0] * area);
    }
    return layer instanceof Deconvolution2D
        ? of(axes, axes[0], axes[0] * area, axes[1] * area) // [inputs, outputs, height, width]
        : of(axes, axes[0], axes[1] * area, axes[0] * area); // [outputs, inputs, height, width]
  }

  private static WeightShape of(long[] axes, long rows, long in, long out) {
    long count = LongStream.of(axes).reduce(1, Math::multiplyExact);
    return new WeightShape(Math.toIntExact(count), Math.toIntExact(rows), in, out);
  }
}
