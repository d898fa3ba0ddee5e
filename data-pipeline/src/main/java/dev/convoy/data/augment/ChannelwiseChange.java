package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;

/** What is done to each channel by itself, without chance, to half of all pictures by default. */
abstract class ChannelwiseChange extends OccasionalChange {
  ChannelwiseChange(OptionValues options) {
    super(options, HALF);
  }

  @Override
  final Picture change(Picture picture, KeyedRandom random) {
    byte[] pixels = picture.pixels();
    int plane = picture.shape().planeSize();
    for (int from = 0; from < pixels.length; from += plane) {
      changeChannel(pixels, from, from + plane);
    }
    return picture;
  }

  /** Changes the values from one position up to another, which are one channel's, in place. */
  abstract void changeChannel(byte[] pixels, int from, int to);
}
