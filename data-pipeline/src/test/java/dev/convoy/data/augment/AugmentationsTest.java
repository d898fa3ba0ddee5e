package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.ArraySource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationsTest {
  private static final ImageShape SHAPE = new ImageShape(5, 7, 3);

  @Test
  void flippingTwiceIsTheIdentity() {
    Augmentations flip = augmentation("horizontal-flip", Map.of("probability", 1.0));
    byte[] pixels = pixels();

    pixels = apply(flip, pixels, random(0));
    assertThat(pixels).isNotEqualTo(pixels());
    pixels = apply(flip, pixels, random(1));

    assertThat(pixels).isEqualTo(pixels());
  }

  @Test
  void flippingMirrorsEveryRow() {
    ImageShape shape = new ImageShape(2, 3, 1);
    Picture picture = new Picture(shape, new byte[] {1, 2, 3, 4, 5, 6});

    Picture mirrored =
        augmentation("horizontal-flip", Map.of("probability", 1.0))
            .apply(picture, shape, random(0));

    assertThat(mirrored.pixels()).containsExactly(3, 2, 1, 6, 5, 4);
  }

  @Test
  void flippingHappensAboutAsOftenAsAsked() {
    Augmentations flip = augmentation("horizontal-flip", Map.of("probability", 0.25));
    int flipped = 0;
    for (int example = 0; example < 4000; example++) {
      ImageShape shape = new ImageShape(1, 2, 1);
      Picture picture = new Picture(shape, new byte[] {0, 1});
      flipped += flip.apply(picture, shape, random(example)).pixels()[0];
    }

    // 1000 expected, plus or minus six standard deviations of 27.
    assertThat(flipped).isBetween(836, 1164);
  }

  @Test
  void neverFlippingIsTheIdentity() {
    Augmentations flip = augmentation("horizontal-flip", Map.of("probability", 0.0));
    for (int example = 0; example < 100; example++) {
      assertThat(apply(flip, pixels(), random(example))).isEqualTo(pixels());
    }
  }

  @Test
  void croppingWithoutPaddingIsTheIdentity() {
    Augmentations crop = augmentation("random-crop", Map.of("padding", 0.0));

    assertThat(apply(crop, pixels(), random(0))).isEqualTo(pixels());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 2, 4, 9, 64})
  void croppingIsAWindowIntoTheZeroPaddedImage(double padding) {
    Augmentations crop = augmentation("random-crop", Map.of("padding", padding));
    Set<List<Integer>> offsets = new HashSet<>();
    for (int example = 0; example < 500; example++) {
      byte[] pixels = apply(crop, pixels(), random(example));

      KeyedRandom same = random(example);
      int down = same.nextInt(2 * (int) padding + 1) - (int) padding;
      int right = same.nextInt(2 * (int) padding + 1) - (int) padding;
      offsets.add(List.of(down, right));
      assertThat(pixels).isEqualTo(window(pixels(), down, right));
    }
    assertThat(offsets.size()).isGreaterThan((int) Math.min(100, 4 * padding * padding));
  }

  @Test
  void theSameKeyGivesTheSameBytes() {
    Augmentations both =
        Augmentations.of(
            List.of(
                new ComponentSettings("random-crop", Map.of()),
                new ComponentSettings("horizontal-flip", Map.of())));

    assertThat(apply(both, pixels(), random(5))).isEqualTo(apply(both, pixels(), random(5)));
  }

  @Test
  void augmentationsAreAppliedInTheirOrder() {
    ComponentSettings crop = new ComponentSettings("random-crop", Map.of("padding", 2.0));
    ComponentSettings flip = new ComponentSettings("horizontal-flip", Map.of("probability", 1.0));
    KeyedRandom random = random(9);
    byte[] expected = apply(Augmentations.of(List.of(crop)), pixels(), random);
    expected = apply(Augmentations.of(List.of(flip)), expected, random);

    byte[] pixels = apply(Augmentations.of(List.of(crop, flip)), pixels(), random(9));

    assertThat(pixels).isEqualTo(expected);
  }

  @Test
  void everyAugmentationCanBeMadeWithItsDefaults() {
    for (String name : Augmentations.FAMILY.names()) {
      Augmentations one = augmentation(name, Map.of());
      assertThat(one.changeImages() ^ one.changeBatches()).as(name).isTrue();
    }
  }

  @Test
  void noneChangesNothing() {
    assertThat(apply(Augmentations.none(), pixels(), random(0))).isEqualTo(pixels());
    assertThat(Augmentations.none().changeImages()).isFalse();
    assertThat(Augmentations.none().changeBatches()).isFalse();
  }

  @Test
  void unknownNamesOptionsAndValuesAreRefused() {
    assertThatThrownBy(() -> augmentation("cut-out", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name = cut-out: expected one of ")
        .hasMessageContaining(", contrast, cutmix, cutout,");
    assertThatThrownBy(() -> augmentation("random-crop", Map.of("pading", 4.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "pading = 4.0: expected an option of random-crop (padding, padding-mode)");
    assertThatThrownBy(() -> augmentation("horizontal-flip", Map.of("probability", 1.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("probability = 1.5: expected a number in [0, 1]");
    assertThatThrownBy(() -> augmentation("horizontal-flip", Map.of("probability", Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("probability = NaN: expected");
    assertThatThrownBy(() -> augmentation("random-crop", Map.of("padding", 1.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("padding = 1.5: expected a whole number from 0 to 64");
  }

  private static Augmentations augmentation(String name, Map<String, Object> options) {
    return Augmentations.of(List.of(new ComponentSettings(name, options)));
  }

  private static byte[] apply(Augmentations augmentations, byte[] pixels, KeyedRandom random) {
    Picture changed = augmentations.apply(new Picture(SHAPE, pixels), SHAPE, random);
    assertThat(changed.shape()).isEqualTo(SHAPE);
    return changed.pixels();
  }

  private static KeyedRandom random(int example) {
    return KeyedRandom.of(1, Purpose.AUGMENTATION, 0, example);
  }

  private static byte[] pixels() {
    return ArraySource.pixels(77, SHAPE);
  }

  private static byte[] window(byte[] pixels, int down, int right) {
    byte[] window = new byte[pixels.length];
    for (int channel = 0; channel < SHAPE.channels(); channel++) {
      for (int y = 0; y < SHAPE.height(); y++) {
        for (int x = 0; x < SHAPE.width(); x++) {
          int oldY = y + down;
          int oldX = x + right;
          boolean inside = oldY >= 0 && oldY < SHAPE.height() && oldX >= 0 && oldX < SHAPE.width();
          int plane = channel * SHAPE.planeSize();
          window[plane + y * SHAPE.width() + x] =
              inside ? pixels[plane + oldY * SHAPE.width() + oldX] : 0;
        }
      }
    }
    return window;
  }
}
