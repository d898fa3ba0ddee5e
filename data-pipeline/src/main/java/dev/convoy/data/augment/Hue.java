package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.image.Luma;
import dev.convoy.data.random.KeyedRandom;

/**
 * Turns the colours of a picture around the circle of hues, as torchvision does with Pillow's 8-bit
 * hue, saturation and value. A grey picture, and a turn of less than 1/255, change nothing.
 */
final class Hue extends OccasionalChange {
  static final double HALF_A_TURN = 0.5;

  private static final Option<Double> STRENGTH =
      Option.number(
          "strength",
          0.1,
          Range.closed(0, HALF_A_TURN),
          "hues are turned by a uniformly drawn part of a circle, from -strength to strength");

  static final Component<Augmentation> COMPONENT =
      Component.named("hue", "turns an image's colours around the circle of hues")
          .with(STRENGTH, ALWAYS)
          .createdBy(Hue::new);

  /** Steps of a whole turn. */
  private static final double STEPS = 255;

  private static final double SECTORS = 6;

  /** In which sector of the circle a hue of 8 bits lies, and how far beyond its beginning. */
  private static final float[] SECTOR_OF_HUE = new float[256];

  /** What part of the whole a value of 8 bits is. */
  private static final float[] SHARE = new float[256];

  static {
    for (int value = 0; value < SHARE.length; value++) {
      SECTOR_OF_HUE[value] = (float) (value * SECTORS / STEPS);
      SHARE[value] = (float) (value / STEPS);
    }
  }

  private final double strength;

  private Hue(OptionValues options) {
    super(options, ALWAYS);
    this.strength = options.value(STRENGTH);
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    turn(picture, draw(strength, random));
    return picture;
  }

  /** Draws by which part of a circle hues are turned. */
  static double draw(double strength, KeyedRandom random) {
    return random.nextDouble(-strength, strength);
  }

  /** Changes a picture in place. */
  static void turn(Picture picture, double turns) {
    int steps = (int) (turns * STEPS);
    if (steps == 0 || picture.shape().channels() != Luma.CHANNELS) {
      return;
    }
    byte[] pixels = picture.pixels();
    int green = picture.shape().planeSize();
    int blue = 2 * green;
    for (int i = 0; i < green; i++) {
      int turned = turn(pixels[i] & 0xff, pixels[green + i] & 0xff, pixels[blue + i] & 0xff, steps);
      pixels[i] = (byte) (turned >> 16);
      pixels[green + i] = (byte) (turned >> 8);
      pixels[blue + i] = (byte) turned;
    }
  }

  /** A colour whose hue is turned; red, green and blue have 8 bits each. */
  private static int turn(int red, int green, int blue, int steps) {
    int value = Math.max(red, Math.max(green, blue));
    float chroma = value - Math.min(red, Math.min(green, blue));
    if (chroma == 0) {
      return colour(red, green, blue);
    }
    float sectors;
    if (red == value) {
      sectors = (value - blue) / chroma - (value - green) / chroma;
    } else if (green == value) {
      sectors = 2 + (value - red) / chroma - (value - blue) / chroma;
    } else {
      sectors = 4 + (value - green) / chroma - (value - red) / chroma;
    }
    double turnsFromMinusOne = sectors / SECTORS + 1;
    float turns = (float) (turnsFromMinusOne < 1 ? turnsFromMinusOne : turnsFromMinusOne - 1);
    int hue = (int) (turns * STEPS) + steps & 0xff;
    int saturation = (int) (chroma / value * STEPS);
    return ofHue(SECTOR_OF_HUE[hue], SHARE[saturation], value);
  }

  /**
   * The colour of a hue, a saturation and a value.
   *
   * @param hue in sectors of the circle, which begins with red
   */
  private static int ofHue(float hue, float saturation, int value) {
    int sector = (int) hue;
    float beyond = hue - sector;
    int least = (int) (value * (1 - (double) saturation) + 0.5);
    int falling = (int) (value * (1 - (double) saturation * beyond) + 0.5);
    int rising = (int) (value * (1 - (double) saturation * (1 - beyond)) + 0.5);
    return switch (sector) {
      case 1 -> colour(falling, value, least);
      case 2 -> colour(least, value, rising);
      case 3 -> colour(least, falling, value);
      case 4 -> colour(rising, least, value);
      case 5 -> colour(value, least, falling);
      default -> colour(value, rising, least);
    };
  }

  private static int colour(int red, int green, int blue) {
    return red << 16 | green << 8 | blue;
  }
}
