package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.random.KeyedRandom;

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

  /** Side of the blocks that are transposed one by one. */
  private static final int BLOCK = 16;

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
   * @param rows at least one; not changed
   * @param kernel symmetric, of odd length
   * @param added to every value of the result
   * @return new rows
   */
  static float[][] smooth(float[][] rows, float[] kernel, float added) {
    return acrossRows(transposed(acrossRows(transposed(rows), kernel, 0)), kernel, added);
  }

  /**
   * Smooths along columns, whole rows at a time: a loop over a row is one that Java 17 vectorises,
   * which it is not where a sum is of neighbours.
   */
  private static float[][] acrossRows(float[][] rows, float[] kernel, float added) {
    int count = rows.length;
    int radius = kernel.length / 2;
    float[][] sums = new float[count][rows[0].length];
    for (int y = 0; y < count; y++) {
      float[] sum = sums[y];
      begin(sum, added, kernel[radius], rows[y]);
      int i = 1;
      for (; i < radius; i += 2) {
        add(
            sum,
            kernel[radius + i],
            rows[mirrored(y - i, count)],
            rows[mirrored(y + i, count)],
            kernel[radius + i + 1],
            rows[mirrored(y - i - 1, count)],
            rows[mirrored(y + i + 1, count)]);
      }
      if (i == radius) {
        add(sum, kernel[radius + i], rows[mirrored(y - i, count)], rows[mirrored(y + i, count)]);
      }
    }
    return sums;
  }

  private static void begin(float[] sums, float added, float weight, float[] middle) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] = added + weight * middle[x];
    }
  }

  private static void add(float[] sums, float weight, float[] above, float[] below) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += weight * (above[x] + below[x]);
    }
  }

  /** Two pairs at once, so that sums are read and written half as often. */
  private static void add(
      float[] sums,
      float weight,
      float[] above,
      float[] below,
      float outerWeight,
      float[] outerAbove,
      float[] outerBelow) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += weight * (above[x] + below[x]) + outerWeight * (outerAbove[x] + outerBelow[x]);
    }
  }

  /** Columns as rows, block by block, since both lie in the cache then. */
  private static float[][] transposed(float[][] rows) {
    int height = rows.length;
    int width = rows[0].length;
    float[][] columns = new float[width][height];
    for (int top = 0; top < height; top += BLOCK) {
      int bottom = Math.min(height, top + BLOCK);
      for (int left = 0; left < width; left += BLOCK) {
        int right = Math.min(width, left + BLOCK);
        for (int x = left; x < right; x++) {
          float[] column = columns[x];
          for (int y = top; y < bottom; y++) {
            column[y] = rows[y][x];
          }
        }
      }
    }
    return columns;
  }

  /** A position, mirrored at the first and the last one as often as it takes to lie within. */
  private static int mirrored(int position, int length) {
    int period = Math.max(1, 2 * (length - 1));
    int within = Math.floorMod(position, period);
    return Math.min(within, period - within);
  }
}
