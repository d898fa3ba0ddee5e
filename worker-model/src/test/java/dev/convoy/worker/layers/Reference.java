package dev.convoy.worker.layers;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What layers compute, in double precision and straight from their formulas: slow, and easy to
 * check by eye. Images have axes [batch][channels][height][width].
 */
final class Reference {
  private Reference() {}

  /** Kernel, stride, padding in front and dilation along one axis. */
  record Axis(int kernel, int stride, int padding, int dilation) {
    /** The pixel that an output reads with one tap of the kernel; may lie in padding. */
    int pixel(int output, int tap) {
      return output * stride - padding + tap * dilation;
    }
  }

  /** The gradients of a convolution. */
  record ConvolutionGradients(double[][][][] input, double[][][][] weights, double[] bias) {}

  /** Gradients of an affine normalisation. */
  record NormalizationGradients(double[][][][] input, double[] gamma, double[] beta) {}

  /** One use of a weight in a convolution, or of a pixel in a window. */
  private interface Tap {
    void at(int y, int x, int inputY, int inputX, int tapY, int tapX);
  }

  /** Visits every pair of an output and a pixel of the image (not of its padding) that it reads. */
  private static void visit(
      Axis rows, Axis columns, int[] outputSize, int[] inputSize, Tap visitor) {
    for (int y = 0; y < outputSize[0]; y++) {
      for (int x = 0; x < outputSize[1]; x++) {
        for (int tapY = 0; tapY < rows.kernel(); tapY++) {
          for (int tapX = 0; tapX < columns.kernel(); tapX++) {
            int inputY = rows.pixel(y, tapY);
            int inputX = columns.pixel(x, tapX);
            if (inputY >= 0 && inputY < inputSize[0] && inputX >= 0 && inputX < inputSize[1]) {
              visitor.at(y, x, inputY, inputX, tapY, tapX);
            }
          }
        }
      }
    }
  }

  /**
   * y[n][o][y][x] = bias[o] + the sum over i, j and k of w[o][i][j][k] × x[n][i][pixel of j][pixel
   * of k].
   */
  static double[][][][] convolution(
      double[][][][] input,
      double[][][][] weights,
      double[] bias,
      Axis rows,
      Axis columns,
      int[] outputSize) {
    var output = new double[input.length][weights.length][outputSize[0]][outputSize[1]];
    for (int n = 0; n < input.length; n++) {
      for (int o = 0; o < weights.length; o++) {
        double[][] sums = output[n][o];
        for (double[] row : sums) {
          Arrays.fill(row, bias[o]);
        }
        for (int i = 0; i < input[n].length; i++) {
          double[][] image = input[n][i];
          double[][] kernel = weights[o][i];
          visit(
              rows,
              columns,
              outputSize,
              size(input),
              (y, x, inputY, inputX, tapY, tapX) ->
                  sums[y][x] += kernel[tapY][tapX] * image[inputY][inputX]);
        }
      }
    }
    return output;
  }

  /** Each product of the convolution, differentiated by its factors. */
  static ConvolutionGradients convolutionGradients(
      double[][][][] input,
      double[][][][] weights,
      double[][][][] outputGradient,
      Axis rows,
      Axis columns) {
    double[][][][] inputGradient = zerosLike(input);
    double[][][][] weightGradient = zerosLike(weights);
    double[] biasGradient = new double[weights.length];
    for (int n = 0; n < input.length; n++) {
      for (int o = 0; o < weights.length; o++) {
        double[][] errors = outputGradient[n][o];
        for (double[] row : errors) {
          for (double error : row) {
            biasGradient[o] += error;
          }
        }
        for (int i = 0; i < input[n].length; i++) {
          double[][] image = input[n][i];
          double[][] kernel = weights[o][i];
          double[][] imageGradient = inputGradient[n][i];
          double[][] kernelGradient = weightGradient[o][i];
          visit(
              rows,
              columns,
              size(outputGradient),
              size(input),
              (y, x, inputY, inputX, tapY, tapX) -> {
                imageGradient[inputY][inputX] += errors[y][x] * kernel[tapY][tapX];
                kernelGradient[tapY][tapX] += errors[y][x] * image[inputY][inputX];
              });
        }
      }
    }
    return new ConvolutionGradients(inputGradient, weightGradient, biasGradient);
  }

  /** The largest pixel of every window; padding does not count. */
  static double[][][][] maximumPooling(
      double[][][][] input, Axis rows, Axis columns, int[] outputSize) {
    var output = new double[input.length][input[0].length][outputSize[0]][outputSize[1]];
    for (int n = 0; n < input.length; n++) {
      for (int c = 0; c < input[n].length; c++) {
        double[][] image = input[n][c];
        double[][] maxima = output[n][c];
        for (double[] row : maxima) {
          Arrays.fill(row, Double.NEGATIVE_INFINITY);
        }
        visit(
            rows,
            columns,
            outputSize,
            size(input),
            (y, x, inputY, inputX, tapY, tapX) ->
                maxima[y][x] = Math.max(maxima[y][x], image[inputY][inputX]));
      }
    }
    return output;
  }

  /** Every window's gradient goes to the first of its largest pixels. */
  static double[][][][] maximumPoolingGradient(
      double[][][][] input, double[][][][] outputGradient, Axis rows, Axis columns) {
    double[][][][] output = maximumPooling(input, rows, columns, size(outputGradient));
    double[][][][] inputGradient = zerosLike(input);
    for (int n = 0; n < input.length; n++) {
      for (int c = 0; c < input[n].length; c++) {
        double[][] image = input[n][c];
        double[][] maxima = output[n][c];
        double[][] errors = outputGradient[n][c];
        double[][] sums = inputGradient[n][c];
        var found = new boolean[maxima.length][maxima[0].length];
        visit(
            rows,
            columns,
            size(outputGradient),
            size(input),
            (y, x, inputY, inputX, tapY, tapX) -> {
              if (!found[y][x] && image[inputY][inputX] == maxima[y][x]) {
                found[y][x] = true;
                sums[inputY][inputX] += errors[y][x];
              }
            });
      }
    }
    return inputGradient;
  }

  /** The pixels in every window of an image: those that an average is of. */
  private static double[][] populations(
      Axis rows, Axis columns, int[] outputSize, int[] inputSize, boolean countPadding) {
    var populations = new double[outputSize[0]][outputSize[1]];
    if (countPadding) {
      for (double[] row : populations) {
        Arrays.fill(row, (double) rows.kernel() * columns.kernel());
      }
    } else {
      visit(
          rows,
          columns,
          outputSize,
          inputSize,
          (y, x, inputY, inputX, tapY, tapX) -> populations[y][x]++);
    }
    return populations;
  }

  /** The mean of every window. */
  static double[][][][] averagePooling(
      double[][][][] input, Axis rows, Axis columns, int[] outputSize, boolean countPadding) {
    var output = new double[input.length][input[0].length][outputSize[0]][outputSize[1]];
    double[][] populations = populations(rows, columns, outputSize, size(input), countPadding);
    for (int n = 0; n < input.length; n++) {
      for (int c = 0; c < input[n].length; c++) {
        double[][] image = input[n][c];
        double[][] means = output[n][c];
        visit(
            rows,
            columns,
            outputSize,
            size(input),
            (y, x, inputY, inputX, tapY, tapX) ->
                means[y][x] += image[inputY][inputX] / populations[y][x]);
      }
    }
    return output;
  }

  /** Every window's gradient goes to all of its pixels in equal shares. */
  static double[][][][] averagePoolingGradient(
      double[][][][] input,
      double[][][][] outputGradient,
      Axis rows,
      Axis columns,
      boolean countPadding) {
    double[][][][] inputGradient = zerosLike(input);
    double[][] populations =
        populations(rows, columns, size(outputGradient), size(input), countPadding);
    for (int n = 0; n < input.length; n++) {
      for (int c = 0; c < input[n].length; c++) {
        double[][] errors = outputGradient[n][c];
        double[][] sums = inputGradient[n][c];
        visit(
            rows,
            columns,
            size(outputGradient),
            size(input),
            (y, x, inputY, inputX, tapY, tapX) ->
                sums[inputY][inputX] += errors[y][x] / populations[y][x]);
      }
    }
    return inputGradient;
  }

  /** The mean and the variance (of the population, not a sample) of every channel. */
  static double[][] moments(double[][][][] input) {
    int channels = input[0].length;
    double population = (double) input.length * input[0][0].length * input[0][0][0].length;
    var mean = new double[channels];
    var variance = new double[channels];
    visit(input, (n, c, y, x) -> mean[c] += input[n][c][y][x] / population);
    visit(
        input,
        (n, c, y, x) -> variance[c] += Math.pow(input[n][c][y][x] - mean[c], 2) / population);
    return new double[][] {mean, variance};
  }

  /** y = gamma (x - mean) / sqrt(variance + epsilon) + beta, channel by channel. */
  static double[][][][] normalization(
      double[][][][] input, double[][] moments, double[] gamma, double[] beta, double epsilon) {
    double[][][][] output = zerosLike(input);
    visit(
        input,
        (n, c, y, x) ->
            output[n][c][y][x] =
                gamma[c] * normalized(input[n][c][y][x], moments, c, epsilon) + beta[c]);
    return output;
  }

  private static double normalized(double value, double[][] moments, int c, double epsilon) {
    return (value - moments[0][c]) / Math.sqrt(moments[1][c] + epsilon);
  }

  /**
   * Ioffe and Szegedy's, with z the normalised values, m of them in a channel, and g the gradient:
   * gamma / sqrt(variance + epsilon) × (g - sum(g) / m - z sum(g z) / m).
   */
  static NormalizationGradients batchNormalizationGradients(
      double[][][][] input, double[][][][] outputGradient, double[] gamma, double epsilon) {
    double[][] moments = moments(input);
    double population = (double) input.length * input[0][0].length * input[0][0][0].length;
    var gammaGradient = new double[gamma.length];
    var betaGradient = new double[gamma.length];
    visit(
        input,
        (n, c, y, x) -> {
          double g = outputGradient[n][c][y][x];
          betaGradient[c] += g;
          gammaGradient[c] += g * normalized(input[n][c][y][x], moments, c, epsilon);
        });
    double[][][][] inputGradient = zerosLike(input);
    visit(
        input,
        (n, c, y, x) -> {
          double z = normalized(input[n][c][y][x], moments, c, epsilon);
          inputGradient[n][c][y][x] =
              gamma[c]
                  / Math.sqrt(moments[1][c] + epsilon)
                  * (outputGradient[n][c][y][x]
                      - betaGradient[c] / population
                      - z * gammaGradient[c] / population);
        });
    return new NormalizationGradients(inputGradient, gammaGradient, betaGradient);
  }

  /** k, n, alpha and beta of local response normalisation. */
  record LocalResponse(double k, double n, double alpha, double beta) {
    /** s = k + alpha × the sum of the squares of up to n / 2 channels on either side. */
    double scale(double[][][] image, int c, int y, int x) {
      double sum = 0;
      for (int j = 0; j < image.length; j++) {
        sum += isNeighbour(c, j) ? image[j][y][x] * image[j][y][x] : 0;
      }
      return k + alpha * sum;
    }

    boolean isNeighbour(int c, int j) {
      return Math.abs(c - j) <= (int) n / 2;
    }
  }

  /** y = x s^-beta. */
  static double[][][][] localResponseNormalization(double[][][][] input, LocalResponse response) {
    double[][][][] output = zerosLike(input);
    visit(
        input,
        (n, c, y, x) ->
            output[n][c][y][x] =
                input[n][c][y][x] * Math.pow(response.scale(input[n], c, y, x), -response.beta()));
    return output;
  }

  /** The derivative of every output y[j] by every input x[c] that it depends on. */
  static double[][][][] localResponseNormalizationGradient(
      double[][][][] input, double[][][][] outputGradient, LocalResponse response) {
    double[][][][] inputGradient = zerosLike(input);
    visit(
        input,
        (n, j, y, x) -> {
          double s = response.scale(input[n], j, y, x);
          double g = outputGradient[n][j][y][x];
          inputGradient[n][j][y][x] += g * Math.pow(s, -response.beta());
          for (int c = 0; c < input[n].length; c++) {
            if (response.isNeighbour(c, j)) {
              double scaleByInput = 2 * response.alpha() * input[n][c][y][x];
              inputGradient[n][c][y][x] -=
                  g
                      * input[n][j][y][x]
                      * response.beta()
                      * Math.pow(s, -response.beta() - 1)
                      * scaleByInput;
            }
          }
        });
    return inputGradient;
  }

  private interface Value {
    void at(int n, int c, int y, int x);
  }

  private static void visit(double[][][][] images, Value visitor) {
    for (int n = 0; n < images.length; n++) {
      for (int c = 0; c < images[n].length; c++) {
        for (int y = 0; y < images[n][c].length; y++) {
          for (int x = 0; x < images[n][c][y].length; x++) {
            visitor.at(n, c, y, x);
          }
        }
      }
    }
  }

  private static int[] size(double[][][][] images) {
    return new int[] {images[0][0].length, images[0][0][0].length};
  }

  private static double[][][][] zerosLike(double[][][][] images) {
    return new double[images.length][images[0].length][images[0][0].length][images[0][0][0].length];
  }

  /** The values of an array of four axes. */
  static double[][][][] images(INDArray array) {
    var images =
        new double[(int) array.size(0)][(int) array.size(1)][(int) array.size(2)]
            [(int) array.size(3)];
    double[] values = array.dup('c').data().asDouble();
    int[] next = {0};
    visit(images, (n, c, y, x) -> images[n][c][y][x] = values[next[0]++]);
    return images;
  }

  /** The values of a vector. */
  static double[] vector(INDArray array) {
    return array.dup('c').data().asDouble();
  }

  /** The largest difference, as a share of the largest expected value. */
  static double difference(double[][][][] expected, INDArray actual) {
    double[][][][] found = images(actual);
    double[] largest = {Float.MIN_NORMAL, 0};
    visit(
        expected,
        (n, c, y, x) -> {
          largest[0] = Math.max(largest[0], Math.abs(expected[n][c][y][x]));
          // Not Math.max: the difference of a NaN is to be the largest.
          double difference = Math.abs(expected[n][c][y][x] - found[n][c][y][x]);
          largest[1] = difference <= largest[1] ? largest[1] : difference;
        });
    return largest[1] / largest[0];
  }

  /** The largest difference, as a share of the largest expected value. */
  static double difference(double[] expected, INDArray actual) {
    return difference(new double[][][][] {{{expected}}}, actual.reshape(1, 1, 1, actual.length()));
  }
}
