package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.ValueType;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.LazyPicture;
import dev.convoy.data.image.Warp;
import dev.convoy.data.shard.Examples;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Several views of a picture, whose probabilities are averaged. Nothing is random. Crops are those
 * of Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural
 * networks", 2012: the corners and the middle of the part that is seen otherwise, each 7/8 as high
 * and as wide.
 */
public enum TestTimeAugmentation {
  /** The picture as it is. */
  NONE(1, false),
  /** The picture and its mirror image. */
  FLIP(1, true),
  /** Four corners and the middle. */
  FIVE_CROP(5, false),
  /** Four corners, the middle, and their mirror images. */
  TEN_CROP(5, true);

  /** Of a side; 224 of 256 pixels. */
  private static final double CROP = 7.0 / 8;

  private final int crops;
  private final boolean mirrors;

  TestTimeAugmentation(int crops, boolean mirrors) {
    this.crops = crops;
    this.mirrors = mirrors;
  }

  /** The kind of a name, which is that of the constant, in lower case with hyphens. */
  public static Optional<TestTimeAugmentation> named(String name) {
    return Stream.of(values()).filter(kind -> ValueType.nameOf(kind).equals(name)).findFirst();
  }

  /** How many views there are of a picture. */
  public int views() {
    return mirrors ? 2 * crops : crops;
  }

  /**
   * The views of examples, in the input's shape: those of the first example, those of the second,
   * and so on. A view of {@code examples}, which must stay open.
   */
  public Examples of(Examples examples) {
    return this == NONE ? examples : new ViewedExamples(examples, this);
  }

  /** Brings a picture to a view of it, in the input's shape. */
  void show(LazyPicture picture, ImageShape input, int view) {
    CropBox seen = CropBox.covering(picture.shape(), input);
    CropBox box = crops == 1 ? seen : corner(seen, view % crops);
    picture.warp(Warp.resize(box, input.height(), input.width()));
    if (view >= crops) {
      picture.warp(HorizontalFlip.of(picture.shape()));
    }
  }

  /** The middle comes last. */
  private static CropBox corner(CropBox of, int which) {
    int height = (int) Math.max(1, Math.round(CROP * of.height()));
    int width = (int) Math.max(1, Math.round(CROP * of.width()));
    int down = of.height() - height;
    int right = of.width() - width;
    return switch (which) {
      case 0 -> new CropBox(of.top(), of.left(), height, width);
      case 1 -> new CropBox(of.top(), of.left() + right, height, width);
      case 2 -> new CropBox(of.top() + down, of.left(), height, width);
      case 3 -> new CropBox(of.top() + down, of.left() + right, height, width);
      default -> new CropBox(of.top() + down / 2, of.left() + right / 2, height, width);
    };
  }
}
