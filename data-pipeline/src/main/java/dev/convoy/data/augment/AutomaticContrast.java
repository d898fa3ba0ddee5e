package dev.convoy.data.augment;

import dev.convoy.data.component.Component;

/**
 * Stretches each channel so that its least value becomes 0 and its largest 255, as Pillow's {@code
 * ImageOps.autocontrast}.
 */
final class AutomaticContrast {
  static final Component<Augmentation> COMPONENT =
      Component.named("autocontrast", "stretches the values of each channel over the whole range")
          .with(OccasionalChange.HALF)
          .createdBy(options -> new ChannelwiseChange(options, AutomaticContrast::stretch));

  private AutomaticContrast() {}

  /** Changes one channel in place; see {@link ChannelwiseChange}. */
  static void stretch(byte[] pixels, int from, int to) {
    int least = 255;
    int largest = 0;
    for (int i = from; i < to; i++) {
      least = Math.min(least, pixels[i] & 0xff);
      largest = Math.max(largest, pixels[i] & 0xff);
    }
    if (largest > least) {
      double scale = 255.0 / (largest - least);
      double offset = -least * scale;
      new ValueTable(value -> (int) Math.max(0, Math.min(255, value * scale + offset)))
          .apply(pixels, from, to);
    }
  }
}
