package dev.convoy.worker.layers;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Maximum and average pooling of images in host memory, one channel of one image at a time. ND4J's
 * operations, which the stock layer calls, take two to five times as long; and the stock layer asks
 * its helper in the backward pass alone. Of equal values the first is the maximum, as there.
 */
final class HostPooling extends SubsamplingLayer {
  private static final long serialVersionUID = 1;

  private float[] image = new float[0];
  private float[] pooled = new float[0];

  HostPooling(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /**
   * Whether a layer is of the kind that is pooled here. No window may lie in padding alone. Windows
   * with dilation stay with ND4J, so that a model gives the same answers wherever it is restored:
   * M2.1 pools other pixels then than the dilation says.
   */
  static boolean handles(SubsamplingLayer layer) {
    var pooling = layer.layerConf();
    int[] padding = pooling.getPadding();
    int[] kernel = pooling.getKernelSize();
    int[] dilation = pooling.getDilation();
    PoolingType type = pooling.getPoolingType();
    return layer.getDataType() == DataType.FLOAT
        && pooling.getCnn2dDataFormat() == CNN2DFormat.NCHW
        && (type == PoolingType.MAX || type == PoolingType.AVG)
        && dilation[0] == 1
        && dilation[1] == 1
        && (pooling.getConvolutionMode() == ConvolutionMode.Same
            || (padding[0] < kernel[0] && padding[1] < kernel[1]));
  }

  /** Where the windows lie along one axis, from first to before end; padding is left out. */
  private record Windows(int[] first, int[] end) {
    static Windows of(int extent, int count, int kernel, int stride, int padding) {
      int[] first = new int[count];
      int[] end = new int[count];
      for (int i = 0; i < count; i++) {
        int start = i * stride - padding;
        first[i] = Math.max(0, start);
        end[i] = Math.min(extent, start + kernel);
      }
      return new Windows(first, end);
    }

    int count() {
      return first.length;
    }

    /** Pixels in a window. */
    int population(int window) {
      return end[window] - first[window];
    }
  }

  /** The windows of one channel of one image. */
  private record Grid(Windows rows, Windows columns, int height, int width) {
    int pixels() {
      return height * width;
    }

    int windows() {
      return rows.count() * columns.count();
    }
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    if (!Arrays4d.areFloatImages(input)) {
      return super.activate(training, workspaces);
    }
    Grid grid = grid();
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS,
            input.dataType(),
            new long[] {input.size(0), input.size(1), grid.rows().count(), grid.columns().count()},
            'c');
    FloatBuffer from = HostMemory.of(Arrays4d.contiguous(input));
    FloatBuffer to = HostMemory.of(output);
    fit(grid);
    int planes = Math.toIntExact(input.size(0) * input.size(1));
    for (int plane = 0; plane < planes; plane++) {
      from.get(plane * grid.pixels(), image, 0, grid.pixels());
      if (isMaximum()) {
        maxima(grid, image, pooled);
      } else {
        means(grid, image, pooled, countsPadding());
      }
      to.put(plane * grid.windows(), pooled, 0, grid.windows());
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray outputGradient, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (!Arrays4d.areFloatImages(input, outputGradient)) {
      return super.backpropGradient(outputGradient, workspaces);
    }
    Grid grid = grid();
    INDArray inputGradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
    FloatBuffer values = HostMemory.of(Arrays4d.contiguous(input));
    FloatBuffer from = HostMemory.of(Arrays4d.contiguous(outputGradient));
    FloatBuffer to = HostMemory.of(inputGradient);
    fit(grid);
    float[] gradient = new float[grid.pixels()];
    int planes = Math.toIntExact(input.size(0) * input.size(1));
    for (int plane = 0; plane < planes; plane++) {
      from.get(plane * grid.windows(), pooled, 0, grid.windows());
      Arrays.fill(gradient, 0f);
      if (isMaximum()) {
        values.get(plane * grid.pixels(), image, 0, grid.pixels());
        addToMaxima(grid, image, pooled, gradient);
      } else {
        addToAll(grid, pooled, gradient, countsPadding());
      }
      to.put(plane * grid.pixels(), gradient, 0, grid.pixels());
    }
    return new Pair<>(new DefaultGradient(), inputGradient);
  }

  private Grid grid() {
    var pooling = layerConf();
    int[] size = {(int) input.size(2), (int) input.size(3)};
    int[] kernel = pooling.getKernelSize();
    int[] strides = pooling.getStride();
    int[] dilation = pooling.getDilation();
    boolean same = pooling.getConvolutionMode() == ConvolutionMode.Same;
    int[] count =
        ConvolutionUtils.getOutputSize(
            input,
            kernel,
            strides,
            same ? null : pooling.getPadding(),
            pooling.getConvolutionMode(),
            dilation,
            CNN2DFormat.NCHW);
    int[] padding =
        same
            ? ConvolutionUtils.getSameModeTopLeftPadding(count, size, kernel, strides, dilation)
            : pooling.getPadding();
    return new Grid(
        Windows.of(size[0], count[0], kernel[0], strides[0], padding[0]),
        Windows.of(size[1], count[1], kernel[1], strides[1], padding[1]),
        size[0],
        size[1]);
  }

  private void fit(Grid grid) {
    if (image.length < grid.pixels()) {
      image = new float[grid.pixels()];
    }
    if (pooled.length < grid.windows()) {
      pooled = new float[grid.windows()];
    }
  }

  private boolean isMaximum() {
    return layerConf().getPoolingType() == PoolingType.MAX;
  }

  /** Pixels of a window that padding counts among, or 0 if an average is of the image's alone. */
  private int countsPadding() {
    int[] kernel = layerConf().getKernelSize();
    return layerConf().isAvgPoolIncludePadInDivisor() ? kernel[0] * kernel[1] : 0;
  }

  private static void maxima(Grid grid, float[] image, float[] maxima) {
    Windows rows = grid.rows();
    Windows columns = grid.columns();
    int window = 0;
    for (int row = 0; row < rows.count(); row++) {
      for (int column = 0; column < columns.count(); column++) {
        float maximum = Float.NEGATIVE_INFINITY;
        for (int y = rows.first[row]; y < rows.end[row]; y++) {
          int line = y * grid.width();
          for (int x = columns.first[column]; x < columns.end[column]; x++) {
            maximum = Math.max(maximum, image[line + x]);
          }
        }
        maxima[window++] = maximum;
      }
    }
  }

  private static void addToMaxima(Grid grid, float[] image, float[] gradients, float[] sums) {
    Windows rows = grid.rows();
    Windows columns = grid.columns();
    int window = 0;
    for (int row = 0; row < rows.count(); row++) {
      for (int column = 0; column < columns.count(); column++) {
        int place = rows.first[row] * grid.width() + columns.first[column];
        float maximum = image[place];
        for (int y = rows.first[row]; y < rows.end[row]; y++) {
          int line = y * grid.width();
          for (int x = columns.first[column]; x < columns.end[column]; x++) {
            // Conditional moves: these branches would be mispredicted every other time.
            float value = image[line + x];
            place = value > maximum ? line + x : place;
            maximum = Math.max(maximum, value);
          }
        }
        sums[place] += gradients[window++];
      }
    }
  }

  private static void means(Grid grid, float[] image, float[] means, int fixedPopulation) {
    Windows rows = grid.rows();
    Windows columns = grid.columns();
    int window = 0;
    for (int row = 0; row < rows.count(); row++) {
      for (int column = 0; column < columns.count(); column++) {
        float sum = 0;
        for (int y = rows.first[row]; y < rows.end[row]; y++) {
          int line = y * grid.width();
          for (int x = columns.first[column]; x < columns.end[column]; x++) {
            sum += image[line + x];
          }
        }
        means[window++] = sum / population(grid, row, column, fixedPopulation);
      }
    }
  }

  private static void addToAll(Grid grid, float[] gradients, float[] sums, int fixedPopulation) {
    Windows rows = grid.rows();
    Windows columns = grid.columns();
    int window = 0;
    for (int row = 0; row < rows.count(); row++) {
      for (int column = 0; column < columns.count(); column++) {
        float share = gradients[window++] / population(grid, row, column, fixedPopulation);
        for (int y = rows.first[row]; y < rows.end[row]; y++) {
          int line = y * grid.width();
          for (int x = columns.first[column]; x < columns.end[column]; x++) {
            sums[line + x] += share;
          }
        }
      }
    }
  }

  private static int population(Grid grid, int row, int column, int fixedPopulation) {
    return fixedPopulation > 0
        ? fixedPopulation
        : grid.rows().population(row) * grid.columns().population(column);
  }
}
