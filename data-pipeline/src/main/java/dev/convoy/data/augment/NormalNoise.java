package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.NormalQuantiles;
import java.util.function.IntToDoubleFunction;

/** Adds a normal number to every value, with a standard deviation that depends on the value. */
final class NormalNoise extends OccasionalChange {
  private final float[] deviations = new float[256];

  /**
   * Describes the noise.
   *
   * @param deviation of the noise that is added to a value, both in [0, 255]
   */
  NormalNoise(OptionValues options, IntToDoubleFunction deviation) {
    super(options, ALWAYS);
    for (int value = 0; value < deviations.length; value++) {
      deviations[value] = (float) deviation.applyAsDouble(value);
    }
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    byte[] pixels = picture.pixels();
    long bits = 0;
    for (int i = 0; i < pixels.length; i++) {
      bits = i % NormalQuantiles.PER_LONG == 0 ? random.nextLong() : bits >>> Short.SIZE;
      int value = pixels[i] & 0xff;
      float noisy = value + deviations[value] * NormalQuantiles.at((short) bits);
      pixels[i] = (byte) Math.max(0, Math.min(255, (int) (noisy + 0.5f)));
    }
    return picture;
  }
}
