package dev.convoy.driver.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.image.Resampling;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PerceptualHashTest {
  private static final ImageShape SHAPE = new ImageShape(32, 32, 3);

  @Test
  void aPictureIsACopyOfItselfOfOtherSizesAndWithALittleNoise() {
    for (int i = 0; i < 50; i++) {
      Picture picture = picture(i);
      PerceptualHash hash = PerceptualHash.of(picture);
      assertThat(hash.isCopyOf(hash)).isTrue();
      Picture larger = Resampling.fit(picture, new ImageShape(48, 48, 3));
      assertThat(hash.isCopyOf(PerceptualHash.of(larger))).as("picture %d larger", i).isTrue();
      assertThat(hash.isCopyOf(PerceptualHash.of(noisy(picture, i))))
          .as("picture %d with noise", i)
          .isTrue();
    }
  }

  @Test
  void otherPicturesAreNoCopies() {
    for (int i = 0; i < 50; i++) {
      PerceptualHash hash = PerceptualHash.of(picture(i));
      for (int j = 0; j < i; j++) {
        assertThat(hash.isCopyOf(PerceptualHash.of(picture(j)))).as("%d and %d", i, j).isFalse();
      }
    }
  }

  @Test
  void picturesOfOneColourAreNotTakenForCopiesOfOthers() {
    Picture grey = new Picture(SHAPE, new byte[SHAPE.size()]);
    assertThat(PerceptualHash.of(grey).isCopyOf(PerceptualHash.of(picture(1)))).isFalse();
  }

  /** Smooth, as photographs are: a few random values, enlarged. */
  private static Picture picture(int seed) {
    byte[] few = new byte[5 * 5 * 3];
    new Random(seed).nextBytes(few);
    return Resampling.fit(new Picture(new ImageShape(5, 5, 3), few), SHAPE);
  }

  private static Picture noisy(Picture picture, int seed) {
    Random random = new Random(seed);
    byte[] pixels = picture.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      int value = (pixels[i] & 0xff) + random.nextInt(9) - 4;
      pixels[i] = (byte) Math.max(0, Math.min(255, value));
    }
    return new Picture(SHAPE, pixels);
  }
}
