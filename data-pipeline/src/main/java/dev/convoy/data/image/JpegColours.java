package dev.convoy.data.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What the components of a JPEG mean, and how they become grey values or colours: as in libjpeg, to
 * the last bit. Colour profiles are not looked at.
 *
 * <p>Four components are inks for print: cyan, magenta, yellow and black (CMYK), or the first three
 * as luma and chroma. They are converted as Pillow does it, with Adobe's convention that 255 is no
 * ink, so that the result does not depend on what a machine has installed.
 */
enum JpegColours {
  GREY(1),
  RGB(3),
  LUMA_CHROMA(3),
  CMYK(4),
  LUMA_CHROMA_BLACK(4);

  private static final int NO_ADOBE_MARKER = -1;
  private static final int FRACTION_BITS = 16;
  private static final int HALF = 1 << (FRACTION_BITS - 1);

  private static final VarHandle FOUR_VALUES =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /**
   * What a component adds to red, green and blue, side by side in one number. Green comes last,
   * with the fraction that it is rounded by.
   */
  private static final long[] OF_LUMA = new long[256];

  private static final long[] OF_BLUE = new long[256];
  private static final long[] OF_RED = new long[256];
  private static final int BLUE_AT = 12;
  private static final int GREEN_AT = 24;

  /** Values of 0 to 255 by values of -256 and more. */
  private static final byte[] CLIPPED = new byte[1024];

  private static final int CLIP_BELOW = 256;

  static {
    for (int chroma = 0; chroma < 256; chroma++) {
      long signed = chroma - 128L;
      long luma = (long) CLIP_BELOW + chroma;
      OF_LUMA[chroma] = sum(luma, luma << FRACTION_BITS, luma);
      OF_RED[chroma] = sum((91881 * signed + HALF) >> FRACTION_BITS, -46802 * signed + HALF, 0);
      OF_BLUE[chroma] = sum(0, -22554 * signed, (116130 * signed + HALF) >> FRACTION_BITS);
    }
    for (int i = 0; i < CLIPPED.length; i++) {
      CLIPPED[i] = (byte) Math.max(0, Math.min(255, i - CLIP_BELOW));
    }
  }

  private final int components;

  JpegColours(int components) {
    this.components = components;
  }

  /** What a JPEG's header says about its components. */
  static final class Markers {
    boolean jfif;
    int adobeTransform = NO_ADOBE_MARKER;
    int[] componentIds;
  }

  /** The meaning of the components, by libjpeg's rules. */
  static JpegColours of(Markers markers) throws UnreadableImageException {
    int[] ids = markers.componentIds;
    return switch (ids.length) {
      case 1 -> GREY;
      case 3 -> isRgb(markers) ? RGB : LUMA_CHROMA;
      case 4 ->
          markers.adobeTransform == NO_ADOBE_MARKER || markers.adobeTransform == 0
              ? CMYK
              : LUMA_CHROMA_BLACK;
      default ->
          throw new UnreadableImageException(
              "broken JPEG data: " + ids.length + " components, where 1, 3 or 4 have a meaning");
    };
  }

  private static boolean isRgb(Markers markers) {
    if (markers.jfif) {
      return false;
    }
    return markers.adobeTransform == NO_ADOBE_MARKER
        ? areRgb(markers.componentIds)
        : markers.adobeTransform == 0;
  }

  private static boolean areRgb(int[] ids) {
    return ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B';
  }

  /** Whether libjpeg comes to the same meaning without any marker of JFIF's or Adobe's. */
  boolean areSeenWithoutMarkers(Markers markers) {
    return this == GREY || (this == LUMA_CHROMA && !areRgb(markers.componentIds));
  }

  /** Stored components of a pixel. */
  int components() {
    return components;
  }

  /** 1 for grey, 3 for colour. */
  int channels() {
    return this == GREY ? 1 : 3;
  }

  /**
   * Converts one row.
   *
   * @param stored the components, interleaved; not changed
   * @param from where the row begins
   * @param row receives the channels
   */
  void convert(byte[] stored, int from, int width, byte[][] row) {
    switch (this) {
      case GREY -> System.arraycopy(stored, from, row[0], 0, width);
      case RGB -> separate(stored, from, 3, width, row);
      case LUMA_CHROMA -> lumaToRgb(stored, from, 3, width, row);
      case CMYK -> {
        separate(stored, from, 4, width, row);
        print(stored, from, width, row);
      }
      case LUMA_CHROMA_BLACK -> {
        lumaToRgb(stored, from, 4, width, row);
        for (byte[] channel : row) {
          for (int x = 0; x < width; x++) {
            channel[x] = (byte) ~channel[x];
          }
        }
        print(stored, from, width, row);
      }
    }
  }

  /**
   * Three values of a pixel are fetched as one number, but of the last, which may end the array.
   */
  private static void separate(byte[] stored, int from, int step, int width, byte[][] row) {
    byte[] first = row[0];
    byte[] second = row[1];
    byte[] third = row[2];
    int last = width - 1;
    for (int x = 0, at = from; x < last; x++, at += step) {
      int values = (int) FOUR_VALUES.get(stored, at);
      first[x] = (byte) values;
      second[x] = (byte) (values >> 8);
      third[x] = (byte) (values >> 16);
    }
    first[last] = stored[from + last * step];
    second[last] = stored[from + last * step + 1];
    third[last] = stored[from + last * step + 2];
  }

  private static void lumaToRgb(byte[] stored, int from, int step, int width, byte[][] row) {
    byte[] reds = row[0];
    byte[] greens = row[1];
    byte[] blues = row[2];
    for (int x = 0, at = from; x < width; x++, at += step) {
      long colour =
          OF_LUMA[stored[at] & 0xff]
              + OF_BLUE[stored[at + 1] & 0xff]
              + OF_RED[stored[at + 2] & 0xff];
      reds[x] = clip(colour);
      greens[x] = clip(colour >> (GREEN_AT + FRACTION_BITS));
      blues[x] = clip(colour >> BLUE_AT);
    }
  }

  /** From light that the three inks let through to what is left under the black. */
  private static void print(byte[] stored, int from, int width, byte[][] row) {
    for (byte[] channel : row) {
      for (int x = 0; x < width; x++) {
        channel[x] = printed(channel[x] & 0xff, stored[from + 4 * x + 3] & 0xff);
      }
    }
  }

  /** What is left of the light that an ink lets through under that of the black. */
  static byte printed(int through, int light) {
    int product = (255 - through) * light + 128;
    int covered = ((product >> 8) + product) >> 8;
    return (byte) (light - covered);
  }

  /** Parts may be negative; those of all components together are not. */
  private static long sum(long red, long green, long blue) {
    return red + (blue << BLUE_AT) + (green << GREEN_AT);
  }

  private static byte clip(long value) {
    return CLIPPED[(int) value & CLIPPED.length - 1];
  }
}
