package dev.convoy.data.augment;

import dev.convoy.data.Picture;

/** Lightness by ITU-R 601, in Pillow's fixed-point arithmetic. */
final class Luma {
  /** Of a picture in colour. */
  static final int CHANNELS = 3;

  private Luma() {}

  /** One value for each pixel; those of a grey picture are a copy of its own. */
  static byte[] of(Picture picture) {
    byte[] pixels = picture.pixels();
    if (picture.shape().channels() != CHANNELS) {
      return pixels.clone();
    }
    byte[] luma = new byte[picture.shape().planeSize()];
    for (int i = 0; i < luma.length; i++) {
      int red = pixels[i] & 0xff;
      int green = pixels[luma.length + i] & 0xff;
      int blue = pixels[2 * luma.length + i] & 0xff;
      luma[i] = (byte) ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
    }
    return luma;
  }
}
