package dev.convoy.data.augment;

import dev.convoy.data.component.Component;

/**
 * Makes the values of each channel about equally frequent, as Pillow's {@code ImageOps.equalize}.
 */
final class Equalize {
  static final Component<Augmentation> COMPONENT =
      Component.named("equalize", "spreads the values of each channel evenly")
          .with(OccasionalChange.HALF)
          .createdBy(options -> new ChannelwiseChange(options, Equalize::spread));

  private Equalize() {}

  /** Changes one channel in place; see {@link ChannelwiseChange}. */
  static void spread(byte[] pixels, int from, int to) {
    int[] counts = ValueTable.histogram(pixels, from, to);
    int highest = 255;
    while (counts[highest] == 0) {
      highest--;
    }
    // The highest value stays the highest: its pixels do not count.
    int step = (to - from - counts[highest]) / 255;
    if (step == 0) {
      return;
    }
    int[] ranks = new int[counts.length];
    for (int value = 0, below = step / 2; value < ranks.length; value++) {
      ranks[value] = Math.min(255, below / step);
      below += counts[value];
    }
    new ValueTable(value -> ranks[value]).apply(pixels, from, to);
  }
}
