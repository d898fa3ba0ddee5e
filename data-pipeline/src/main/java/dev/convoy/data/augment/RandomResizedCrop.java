package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;

/**
 * Cuts a part of random area, aspect and place out of a picture and resizes it to the network's
 * input, in one antialiased step from the pixels that are stored: with {@code data.store} the
 * original's. As in torchvision, ten parts are drawn until one lies within the picture; else it is
 * the middle, as large as the aspects allow.
 */
final class RandomResizedCrop implements GeometricAugmentation {
  private static final Option<Double> MIN_AREA =
      Option.number(
          "min-area", 0.08, Range.openClosed(0, 1), "least share of the picture's area to cut out");

  private static final Option<Double> MAX_AREA =
      Option.number(
          "max-area",
          1.0,
          Range.openClosed(0, 1),
          "largest share, drawn uniformly; below min-area it is that");

  private static final Option<Double> MAX_ASPECT =
      Option.number(
          "max-aspect",
          4.0 / 3,
          Range.closed(1, 10),
          "how many times wider or narrower than the input a part is at most, log-uniformly");

  static final Component<Augmentation> COMPONENT =
      Component.named("random-resized-crop", "cuts out a part at random, and resizes it")
          .from(
              "Szegedy, Liu, Jia, Sermanet, Reed, Anguelov, Erhan, Vanhoucke and Rabinovich 2015,"
                  + " Going deeper with convolutions")
          .with(MIN_AREA, MAX_AREA, MAX_ASPECT)
          .createdBy(RandomResizedCrop::new);

  private final RandomBox boxes;
  private final double maxAspect;

  private RandomResizedCrop(OptionValues options) {
    this.maxAspect = options.value(MAX_ASPECT);
    this.boxes = new RandomBox(options.value(MIN_AREA), options.value(MAX_AREA), maxAspect);
  }

  @Override
  public Warp draw(ImageShape picture, ImageShape input, KeyedRandom random) {
    return Warp.resize(box(picture, input, random), input.height(), input.width());
  }

  /** The part of a picture that is cut out. */
  CropBox box(ImageShape picture, ImageShape input, KeyedRandom random) {
    double inputAspect = (double) input.width() / input.height();
    return boxes.draw(picture, inputAspect, random).orElseGet(() -> middle(picture, inputAspect));
  }

  /** The largest part in the middle whose aspect is one of those that are drawn. */
  private CropBox middle(ImageShape picture, double inputAspect) {
    double aspect =
        Math.max(
            inputAspect / maxAspect,
            Math.min(inputAspect * maxAspect, (double) picture.width() / picture.height()));
    return CropBox.centred(
        picture,
        Math.max(1, Math.min(picture.height(), (int) Math.round(picture.width() / aspect))),
        Math.max(1, Math.min(picture.width(), (int) Math.round(picture.height() * aspect))));
  }
}
