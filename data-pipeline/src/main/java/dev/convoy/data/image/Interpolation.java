package dev.convoy.data.image;

/** How the value of a pixel is made of the values around the position that it comes from. */
public enum Interpolation {
  /** The value of the pixel in which the position lies. */
  NEAREST(0) {
    @Override
    double weight(double distance) {
      return 0;
    }
  },

  /**
   * Linear between the four pixels around the position. Where the picture shrinks, the triangle
   * widens with it, so that no detail aliases.
   */
  BILINEAR(1) {
    @Override
    double weight(double distance) {
      return Math.max(0, 1 - Math.abs(distance));
    }
  },

  /** Linear between the four pixels around the position, even where the picture shrinks. */
  PLAIN_BILINEAR(1) {
    @Override
    double weight(double distance) {
      return BILINEAR.weight(distance);
    }
  },

  /** The mean of the area that a pixel covers, in whole pixels. */
  AREA(0.5) {
    @Override
    double weight(double distance) {
      return distance > -0.5 && distance <= 0.5 ? 1 : 0;
    }
  },

  /**
   * Cubic over sixteen pixels (Keys, "Cubic convolution interpolation for digital image
   * processing", 1981, with a = -1/2), widened where the picture shrinks.
   */
  BICUBIC(2) {
    @Override
    double weight(double distance) {
      double d = Math.abs(distance);
      if (d < 1) {
        return (1.5 * d - 2.5) * d * d + 1;
      }
      return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
    }
  };

  private final double reach;

  Interpolation(double reach) {
    this.reach = reach;
  }

  /** From what distance on weights are 0, in pixels where nothing shrinks. */
  double reach() {
    return reach;
  }

  /** How much a value counts at a distance; a common factor makes the sum 1. */
  abstract double weight(double distance);
}
