package dev.convoy.data.image;

import dev.convoy.data.Picture;

/** Lightness by ITU-R 601, in Pillow's fixed-point arithmetic. */
public final class Luma {
  /** Of a picture in colour. */
  public static final int CHANNELS = 3;

  private Luma() {}

  /** One value for each pixel; those of a grey picture are a copy of its own. */
  public static byte[] of(Picture picture) {
    byte[] pixels = picture.pixels();
    if (picture.shape().channels() != CHANNELS) {
      return pixels.clone();
    }
    byte[] luma = new byte[picture.shape().planeSize()];
    for (int i = 0; i < luma.length; i++) {
      luma[i] = of(pixels[i], pixels[luma.length + i], pixels[2 * luma.length + i]);
    }
    return luma;
  }

  /** Of one pixel; all values are 8 bits without a sign. */
  static byte of(byte red, byte green, byte blue) {
    int weighted = (red & 0xff) * 19595 + (green & 0xff) * 38470 + (blue & 0xff) * 7471;
    return (byte) ((weighted + 0x8000) >> 16);
  }
}
