package dev.convoy.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * A decoded image before resizing: 8-bit values in CHW order.
 *
 * @param height rows
 * @param width columns
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param values owned by whoever holds the planes
 */
// Lives within one decode call and is never compared, so the array as a component does no harm.
@SuppressWarnings("ArrayRecordComponent")
record Planes(int height, int width, int channels, byte[] values) {
  /**
   * The stored colours of an image. They are taken from its raster, because {@code getRGB} would
   * convert grey values between colour spaces. Of 16 bits the upper 8 count; alpha is dropped.
   */
  static Planes of(BufferedImage image) {
    if (image.getColorModel() instanceof IndexColorModel palette) {
      return ofPalette(image.getRaster(), palette);
    }
    if (image.getColorModel() instanceof ComponentColorModel colours) {
      return ofComponents(
          image.getRaster(), colours.getNumColorComponents(), colours.getComponentSize(0) - 8);
    }
    return ofPacked(image);
  }

  /** The same image as it was seen by who took it, from its EXIF orientation of 1 to 8. */
  Planes upright(int orientation) {
    if (orientation == ExifOrientation.UPRIGHT) {
      return this;
    }
    boolean turned = orientation >= 5;
    int newHeight = turned ? width : height;
    int newWidth = turned ? height : width;
    byte[] moved = new byte[values.length];
    int next = 0;
    for (int channel = 0; channel < channels; channel++) {
      for (int y = 0; y < newHeight; y++) {
        for (int x = 0; x < newWidth; x++) {
          moved[next++] = values[channel * height * width + source(orientation, y, x)];
        }
      }
    }
    return new Planes(newHeight, newWidth, channels, moved);
  }

  /** Where in the stored plane the upright pixel (y, x) comes from. */
  private int source(int orientation, int y, int x) {
    int bottom = height - 1;
    int right = width - 1;
    return switch (orientation) {
      case 2 -> y * width + right - x;
      case 3 -> (bottom - y) * width + right - x;
      case 4 -> (bottom - y) * width + x;
      case 5 -> x * width + y;
      case 6 -> (bottom - x) * width + y;
      case 7 -> (bottom - x) * width + right - y;
      case 8 -> x * width + right - y;
      default -> throw new IllegalArgumentException("No EXIF orientation: " + orientation);
    };
  }

  private static Planes ofPalette(Raster raster, IndexColorModel palette) {
    // As long as the pixels' bits allow: a damaged file may point beyond its colours.
    byte[][] colours = new byte[3][1 << palette.getPixelSize()];
    palette.getReds(colours[0]);
    palette.getGreens(colours[1]);
    palette.getBlues(colours[2]);
    int height = raster.getHeight();
    int width = raster.getWidth();
    byte[] values = new byte[3 * height * width];
    int[] row = null;
    for (int y = 0; y < height; y++) {
      row = raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int channel = 0; channel < 3; channel++) {
        int start = (channel * height + y) * width;
        for (int x = 0; x < width; x++) {
          values[start + x] = colours[channel][row[x]];
        }
      }
    }
    return new Planes(height, width, 3, values);
  }

  private static Planes ofComponents(Raster raster, int channels, int shift) {
    if ((channels != 1 && channels != 3) || shift < 0) {
      throw new IllegalArgumentException(
          "unknown colours, " + channels + " components of " + (shift + 8) + " bits");
    }
    int height = raster.getHeight();
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[] values = new byte[channels * height * width];
    int[] row = null;
    for (int y = 0; y < height; y++) {
      row = raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int channel = 0; channel < channels; channel++) {
        int start = (channel * height + y) * width;
        for (int x = 0; x < width; x++) {
          values[start + x] = (byte) (row[x * bands + channel] >> shift);
        }
      }
    }
    return new Planes(height, width, channels, values);
  }

  private static Planes ofPacked(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    byte[] values = new byte[3 * height * width];
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        values[y * width + x] = (byte) (row[x] >> 16);
        values[(height + y) * width + x] = (byte) (row[x] >> 8);
        values[(2 * height + y) * width + x] = (byte) row[x];
      }
    }
    return new Planes(height, width, 3, values);
  }
}
