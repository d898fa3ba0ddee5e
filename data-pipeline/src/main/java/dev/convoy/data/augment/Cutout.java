package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;
import java.util.Arrays;

/**
 * Blacks out a square whose middle lies anywhere in the picture, so that parts of it may lie
 * outside.
 */
final class Cutout extends OccasionalChange {
  private static final Option<Integer> SIZE =
      Option.wholeNumber("size", 8, 1, 4096, "side of the square, in pixels");

  static final Component<Augmentation> COMPONENT =
      Component.named("cutout", "blacks out a square at a random place")
          .from(
              "DeVries and Taylor, \"Improved regularization of convolutional neural networks with cutout\", 2017")
          .with(SIZE, ALWAYS)
          .createdBy(Cutout::new);

  private final int size;

  private Cutout(OptionValues options) {
    super(options, ALWAYS);
    this.size = options.value(SIZE);
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    int height = picture.shape().height();
    int width = picture.shape().width();
    int top = random.nextInt(height) - size / 2;
    int left = random.nextInt(width) - size / 2;
    int from = Math.max(0, left);
    int to = Math.min(width, left + size);
    for (int channel = 0; channel < picture.shape().channels(); channel++) {
      for (int y = Math.max(0, top); y < Math.min(height, top + size); y++) {
        int row = (channel * height + y) * width;
        Arrays.fill(picture.pixels(), row + from, row + to, (byte) 0);
      }
    }
    return picture;
  }
}
