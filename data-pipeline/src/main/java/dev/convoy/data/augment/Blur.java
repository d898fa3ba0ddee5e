package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.random.KeyedRandom;
import java.util.Arrays;

/**
 * Smooths a picture with a Gaussian kernel, cut off at {@code radius} and normalised, as
 * torchvision's {@code GaussianBlur}. Beyond its border a picture is mirrored.
 */
final class Blur extends OccasionalChange {
  private static final Option<Integer> RADIUS =
      Option.wholeNumber(
          "radius", 2, 1, 64, "pixels that the kernel reaches; its sides have 2 radius + 1");

  private static final Option<Double> MIN_SIGMA =
      Option.number(
          "min-sigma", 0.1, Range.closed(0, 100), "least standard deviation of the kernel, pixels");

  private static final Option<Double> MAX_SIGMA =
      Option.number(
          "max-sigma",
          2,
          Range.closed(0, 100),
          "largest standard deviation, drawn uniformly; below min-sigma it is that");

  static final Component<Augmentation> COMPONENT =
      Component.named("blur", "smooths an image with a Gaussian kernel")
          .with(RADIUS, MIN_SIGMA, MAX_SIGMA, HALF)
          .createdBy(Blur::new);

  private final int radius;
  private final double minSigma;
  private final double maxSigma;

  private Blur(OptionValues options) {
    super(options, HALF);
    this.radius = options.value(RADIUS);
    this.minSigma = options.value(MIN_SIGMA);
    this.maxSigma = Math.max(minSigma, options.value(MAX_SIGMA));
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    double sigma = draw(random);
    if (sigma > 0) {
      smooth(picture, kernel(radius, sigma));
    }
    return picture;
  }

  /** Draws a standard deviation. */
  double draw(KeyedRandom random) {
    return random.nextDouble(minSigma, maxSigma);
  }

  /** The weights of one axis, which add up to 1. */
  static float[] kernel(int radius, double sigma) {
    double[] density = new double[2 * radius + 1];
    double sum = 0;
    for (int i = 0; i < density.length; i++) {
      double distance = (i - radius) / sigma;
      density[i] = StrictMath.exp(-0.5 * distance * distance);
      sum += density[i];
    }
    float[] kernel = new float[density.length];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = (float) (density[i] / sum);
    }
    return kernel;
  }

  /** Changes a picture in place. */
  static void smooth(Picture picture, float[] kernel) {
    ImageShape shape = picture.shape();
    byte[] pixels = picture.pixels();
    float[][] rows = new float[shape.height()][shape.width()];
    for (int start = 0; start < shape.size(); start += shape.planeSize()) {
      for (int i = 0; i < shape.planeSize(); i++) {
        rows[i / shape.width()][i % shape.width()] = pixels[start + i] & 0xff;
      }
      float[][] smooth = smooth(rows, kernel, 0.5f); // so that they are rounded to the nearest
      for (int i = 0; i < shape.planeSize(); i++) {
        float value = smooth[i / shape.width()][i % shape.width()];
        pixels[start + i] = (byte) Math.min(255, (int) value);
      }
    }
  }

  /**
   * Smooths values along rows first, then along columns.
   *
   * @param rows at least one; smoothed along rows afterwards
   * @param added to every value of the result
   * @return new rows
   */
  static float[][] smooth(float[][] rows, float[] kernel, float added) {
    int width = rows[0].length;
    float[] padded = new float[width + kernel.length - 1];
    for (float[] row : rows) {
      for (int i = 0; i < padded.length; i++) {
        padded[i] = row[mirrored(i - kernel.length / 2, width)];
      }
      Arrays.fill(row, 0);
      for (int i = 0; i < kernel.length; i++) {
        add(kernel[i], padded, i, row);
      }
    }
    float[][] sums = new float[rows.length][width];
    for (int y = 0; y < rows.length; y++) {
      Arrays.fill(sums[y], added);
      for (int i = 0; i < kernel.length; i++) {
        add(kernel[i], rows[mirrored(y + i - kernel.length / 2, rows.length)], 0, sums[y]);
      }
    }
    return sums;
  }

  private static void add(float weight, float[] values, int from, float[] sums) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += weight * values[from + x];
    }
  }

  /** A position, mirrored at the first and the last one as often as it takes to lie within. */
  private static int mirrored(int position, int length) {
    int period = Math.max(1, 2 * (length - 1));
    int within = Math.floorMod(position, period);
    return Math.min(within, period - within);
  }
}
