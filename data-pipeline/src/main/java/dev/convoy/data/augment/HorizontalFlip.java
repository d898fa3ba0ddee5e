package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.random.KeyedRandom;

/** Mirrors an image left to right with some probability. */
final class HorizontalFlip implements Augmentation {
  private final double probability;

  HorizontalFlip(double probability) {
    this.probability = probability;
  }

  @Override
  public void apply(byte[] pixels, ImageShape shape, KeyedRandom random) {
    if (random.nextDouble() >= probability) {
      return;
    }
    int width = shape.width();
    for (int row = 0; row < pixels.length; row += width) {
      for (int left = row, right = row + width - 1; left < right; left++, right--) {
        byte kept = pixels[left];
        pixels[left] = pixels[right];
        pixels[right] = kept;
      }
    }
  }
}
