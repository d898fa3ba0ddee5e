package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;

/** What is done to each channel by itself, without chance, to half of all pictures by default. */
final class ChannelwiseChange extends OccasionalChange {
  private final OfChannel change;

  /** Changes the values from one position up to another, which are one channel's, in place. */
  @FunctionalInterface
  interface OfChannel {
    void change(byte[] pixels, int from, int to);
  }

  ChannelwiseChange(OptionValues options, OfChannel change) {
    super(options, HALF);
    this.change = change;
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    apply(picture, change);
    return picture;
  }

  /** Changes all channels of a picture in place. */
  static void apply(Picture picture, OfChannel change) {
    byte[] pixels = picture.pixels();
    int plane = picture.shape().planeSize();
    for (int from = 0; from < pixels.length; from += plane) {
      change.change(pixels, from, from + plane);
    }
  }
}
