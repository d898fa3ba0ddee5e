package dev.convoy.data.format;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.random.KeyedRandom;

/**
 * Paints one shape on a background that fades from side to side, then adds noise. Uses only
 * arithmetic that is exact by specification. Not thread-safe.
 */
final class SyntheticPainter {
  private static final double MIN_RADIUS = 0.3;
  private static final double MAX_RADIUS = 0.42;
  private static final double MAX_ANGLE = StrictMath.PI / 6;
  private static final double MIN_CONTRAST = 70;
  private static final double FADE = 25;

  /** Four 16-bit numbers are summed; these are the sum's mean and standard deviation. */
  private static final double NOISE_MEAN = 2 * 65535.0;

  private static final double NOISE_DEVIATION = 37837.2;

  private final ImageShape shape;
  private final double noiseScale;
  private final byte[] pixels;
  private final float[] coverage;

  /** A painter of images with noise of the given standard deviation, as a share of the range. */
  SyntheticPainter(ImageShape shape, double noise) {
    this.shape = shape;
    this.noiseScale = noise * 255 / NOISE_DEVIATION;
    this.pixels = new byte[shape.size()];
    this.coverage = new float[shape.planeSize()];
  }

  /** The image of {@code figure} for one key; valid until the next call. */
  Picture paint(SyntheticShape figure, KeyedRandom random) {
    cover(figure, random);
    double[] background = new double[shape.channels()];
    double[] foreground = new double[shape.channels()];
    chooseColours(background, foreground, random);
    double fadeRight = random.nextDouble(-FADE, FADE);
    double fadeDown = random.nextDouble(-FADE, FADE);
    int next = 0;
    for (int channel = 0; channel < shape.channels(); channel++) {
      double contrast = foreground[channel] - background[channel];
      for (int y = 0; y < shape.height(); y++) {
        double rowValue = background[channel] + fadeDown * (2.0 * y / shape.height() - 1);
        for (int x = 0; x < shape.width(); x++) {
          double value = rowValue + fadeRight * (2.0 * x / shape.width() - 1);
          value += contrast * coverage[y * shape.width() + x] + noise(random);
          pixels[next++] = (byte) (int) Math.max(0, Math.min(255, value + 0.5));
        }
      }
    }
    return new Picture(shape, pixels);
  }

  /** How much of every pixel the figure covers, from 0 to 1. */
  private void cover(SyntheticShape figure, KeyedRandom random) {
    int height = shape.height();
    int width = shape.width();
    double radius = Math.min(height, width) * random.nextDouble(MIN_RADIUS, MAX_RADIUS);
    double centerX = width / 2.0 + random.nextDouble(-1, 1) * (width / 2.0 - radius);
    double centerY = height / 2.0 + random.nextDouble(-1, 1) * (height / 2.0 - radius);
    double angle = random.nextDouble(-MAX_ANGLE, MAX_ANGLE);
    double cosine = StrictMath.cos(angle) / radius;
    double sine = StrictMath.sin(angle) / radius;
    for (int y = 0; y < height; y++) {
      double down = y + 0.5 - centerY;
      for (int x = 0; x < width; x++) {
        double right = x + 0.5 - centerX;
        double distance =
            figure.distance(right * cosine + down * sine, right * sine - down * cosine);
        coverage[y * width + x] = (float) Math.max(0, Math.min(1, 0.5 - distance * radius));
      }
    }
  }

  /** Draws until the two colours differ enough on average to tell figure and ground apart. */
  private static void chooseColours(double[] background, double[] foreground, KeyedRandom random) {
    double difference;
    do {
      difference = 0;
      for (int channel = 0; channel < background.length; channel++) {
        background[channel] = random.nextDouble(0, 255);
        foreground[channel] = random.nextDouble(0, 255);
        difference += foreground[channel] - background[channel];
      }
    } while (Math.abs(difference) < MIN_CONTRAST * background.length);
  }

  private double noise(KeyedRandom random) {
    if (noiseScale == 0) {
      return 0;
    }
    long bits = random.nextLong();
    long sum = (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48);
    return (sum - NOISE_MEAN) * noiseScale;
  }
}
