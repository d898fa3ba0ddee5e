package dev.convoy.data.image;

import java.awt.image.Raster;

/**
 * JPEGs for print, with four components: cyan, magenta, yellow and black, or the first three as
 * luma and chroma. Converted as libjpeg and Pillow do, with Adobe's convention that 255 is no ink
 * and without colour profiles, so that the result does not depend on what a machine has installed.
 */
final class Inks {
  private static final int COMPONENTS = 4;
  private static final int START_OF_SCAN = 0xda;
  private static final int ADOBE = 0xee;
  private static final int ADOBE_TRANSFORM_AT = 11;
  private static final int COMPONENTS_AT = 5;

  /** What the header of a JPEG says about its components. */
  enum Coding {
    /** One or three components: not for print. */
    NONE,
    /** The inks themselves. */
    CMYK,
    /** Luma, chroma and black. */
    YCCK
  }

  private Inks() {}

  /** Walks the segments of a JPEG up to its first scan. */
  static Coding codingOf(byte[] jpeg) {
    int components = 0;
    int transform = 0;
    int at = 2;
    while (at + 4 <= jpeg.length && (jpeg[at] & 0xff) == 0xff) {
      int marker = jpeg[at + 1] & 0xff;
      if (marker == 0xff) {
        at++;
        continue;
      }
      int start = at + 4;
      int length = (jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff);
      if (marker == START_OF_SCAN || start + length - 2 > jpeg.length) {
        break;
      }
      if (isStartOfFrame(marker) && length > 2 + COMPONENTS_AT) {
        components = jpeg[start + COMPONENTS_AT];
      } else if (marker == ADOBE
          && length > 2 + ADOBE_TRANSFORM_AT
          && jpeg[start] == 'A'
          && jpeg[start + 1] == 'd') {
        transform = jpeg[start + ADOBE_TRANSFORM_AT];
      }
      at += 2 + length;
    }
    if (components != COMPONENTS) {
      return Coding.NONE;
    }
    return transform == 0 ? Coding.CMYK : Coding.YCCK;
  }

  /** The colours of a raster of stored components. */
  static Planes toColours(Raster raster, Coding coding) {
    if (raster.getNumBands() != COMPONENTS) {
      throw new IllegalArgumentException(raster.getNumBands() + " components instead of 4");
    }
    int height = raster.getHeight();
    int width = raster.getWidth();
    byte[] values = new byte[3 * height * width];
    int[] row = null;
    int[] inverted = new int[3];
    for (int y = 0; y < height; y++) {
      row = raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int from = x * COMPONENTS;
        invertedInks(row, from, coding, inverted);
        int light = row[from + 3];
        for (int channel = 0; channel < 3; channel++) {
          int covered = multiply(255 - inverted[channel], light);
          values[(channel * height + y) * width + x] = (byte) (light - covered);
        }
      }
    }
    return new Planes(height, width, 3, values);
  }

  private static void invertedInks(int[] row, int from, Coding coding, int[] inverted) {
    if (coding == Coding.CMYK) {
      System.arraycopy(row, from, inverted, 0, 3);
      return;
    }
    int luma = row[from];
    int blue = row[from + 1] - 128;
    int red = row[from + 2] - 128;
    inverted[0] = 255 - clip(luma + ((91881 * red + 32768) >> 16));
    inverted[1] = 255 - clip(luma + ((-22554 * blue - 46802 * red + 32768) >> 16));
    inverted[2] = 255 - clip(luma + ((116130 * blue + 32768) >> 16));
  }

  /** a·b / 255, rounded. */
  private static int multiply(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
  }

  private static int clip(int value) {
    return Math.max(0, Math.min(255, value));
  }

  private static boolean isStartOfFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }
}
