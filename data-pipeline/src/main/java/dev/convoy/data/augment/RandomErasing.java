package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.random.KeyedRandom;

/** Overwrites a part of random area, aspect and place with noise. */
final class RandomErasing extends OccasionalChange {
  private static final Option<Double> MIN_AREA =
      Option.number(
          "min-area", 0.02, Range.openClosed(0, 1), "least share of the picture's area to erase");

  private static final Option<Double> MAX_AREA =
      Option.number(
          "max-area",
          0.33,
          Range.openClosed(0, 1),
          "largest share, drawn uniformly; below min-area it is that");

  private static final Option<Double> MAX_ASPECT =
      Option.number(
          "max-aspect",
          10.0 / 3,
          Range.closed(1, 10),
          "how many times wider than high, or higher than wide, a part is at most, log-uniformly");

  static final Component<Augmentation> COMPONENT =
      Component.named("random-erasing", "overwrites a part of random size and place with noise")
          .from("Zhong, Zheng, Kang, Li and Yang, \"Random erasing data augmentation\", 2020")
          .with(MIN_AREA, MAX_AREA, MAX_ASPECT, HALF)
          .createdBy(RandomErasing::new);

  private final RandomBox boxes;

  private RandomErasing(OptionValues options) {
    super(options, HALF);
    this.boxes =
        new RandomBox(options.value(MIN_AREA), options.value(MAX_AREA), options.value(MAX_ASPECT));
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    boxes.draw(picture.shape(), 1, random).ifPresent(box -> erase(picture, box, random));
    return picture;
  }

  private static void erase(Picture picture, CropBox box, KeyedRandom random) {
    ImageShape shape = picture.shape();
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int y = box.top(); y < box.top() + box.height(); y++) {
        int row = (channel * shape.height() + y) * shape.width();
        for (int x = box.left(); x < box.left() + box.width(); x++) {
          picture.pixels()[row + x] = (byte) random.nextInt();
        }
      }
    }
  }
}
