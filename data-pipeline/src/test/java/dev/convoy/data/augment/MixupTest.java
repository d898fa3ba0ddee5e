package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MixupTest {
  private static final ImageShape SHAPE = new ImageShape(4, 2, 3);
  private static final int SIZE = 5;

  /** Every example is of a class of its own, and of random pixels. */
  private static AugmentedBatch batch(int size) {
    return batch(size, IntStream.rangeClosed(0, size).toArray());
  }

  private static AugmentedBatch batch(int size, int[] ids) {
    byte[] pixels = new byte[(size + 1) * SHAPE.size()];
    KeyedRandom random = random(1);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    float[] targets = new float[(size + 1) * size];
    for (int i = 0; i < size; i++) {
      targets[i * size + i] = 1;
    }
    float[] weights = new float[size + 1];
    for (int i = 0; i <= size; i++) {
      weights[i] = 0.5f + i;
    }
    return new AugmentedBatch(size, SHAPE, pixels, size, targets, weights, ids);
  }

  private static int[] numbers(String text) {
    return Stream.of(text.split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  private static KeyedRandom random(int key) {
    return KeyedRandom.of(1, Purpose.BATCH_AUGMENTATION, key);
  }

  private static void mix(AugmentedBatch batch, double alpha, int key) {
    Augmentations.of(List.of(new ComponentSettings("mixup", Map.of("alpha", alpha))))
        .apply(batch, random(key));
  }

  private static AugmentedBatch alike(int size) {
    return alike(batch(size));
  }

  private static AugmentedBatch alike(AugmentedBatch batch) {
    Arrays.fill(batch.weights(), 1.3f);
    return batch;
  }

  /** Copies of an image stand side by side: what it is mixed with is another image. */
  @ParameterizedTest
  @CsvSource({
    "9 8 7, 1 2 0",
    "9 9 8 8 7 7, 2 3 4 5 0 1",
    "9 9 9 8 8 8, 3 4 5 0 1 2",
    "9 9 9 8 8 8 7, 3 4 5 6 6 6 0",
    "9 9 9 9 8 8, 4 5 4 5 0 1",
    "9 8 8 8 8, 1 0 0 0 0",
    "9 8 9, 1 2 1",
    "9 9 9, 0 1 2"
  })
  void anImageIsMixedWithOneThatIsNoCopyOfIt(String images, String partners) {
    int[] ids = numbers(images);
    int size = ids.length;
    AugmentedBatch before = batch(size);
    AugmentedBatch after = alike(batch(size, ids));
    mix(after, 1, 2);
    for (int i = 0; i < size; i++) {
      int other = numbers(partners)[i];
      double share = other == i ? 1 : after.targets()[i * size + i];
      for (int label = 0; label < size; label++) {
        double expected = label == i ? share : label == other ? 1 - share : 0;
        assertThat((double) after.targets()[i * size + label]).isCloseTo(expected, within(1e-6));
      }
      for (int value = 0; value < SHAPE.size(); value++) {
        int own = before.pixels()[i * SHAPE.size() + value] & 0xff;
        int others = before.pixels()[other * SHAPE.size() + value] & 0xff;
        assertThat((double) (after.pixels()[i * SHAPE.size() + value] & 0xff))
            .isCloseTo(share * own + (1 - share) * others, within(0.51)); // rounded to 8 bits
      }
    }
  }

  /** w y = λ w_i y_i + (1 - λ) w_j y_j, so that the losses of both count as they do apart. */
  @Test
  void bothTargetsCountByTheWeightsOfTheirImages() {
    AugmentedBatch alike = alike(SIZE);
    AugmentedBatch weighted = batch(SIZE);
    weighted.weights()[2] = 0;
    weighted.weights()[3] = 0;
    float[] weights = weighted.weights().clone();
    mix(alike, 1, 2);
    mix(weighted, 1, 2);
    for (int i = 0; i < SIZE; i++) {
      int other = (i + 1) % SIZE;
      double share = alike.targets()[i * SIZE + i];
      double weight = weighted.weights()[i];
      assertThat(weight).isCloseTo(share * weights[i] + (1 - share) * weights[other], within(1e-5));
      assertThat(weight * weighted.targets()[i * SIZE + i])
          .isCloseTo(share * weights[i], within(1e-5));
      assertThat(weight * weighted.targets()[i * SIZE + other])
          .isCloseTo((1 - share) * weights[other], within(1e-5));
    }
    assertThat(weighted.weights()[2]).isZero();
    assertThat(weighted.targets()[2 * SIZE + 2]).isEqualTo(alike.targets()[2 * SIZE + 2]);
    assertThat(weighted.pixels()).isEqualTo(alike.pixels());
  }

  /** x = λ x_i + (1 - λ) x_j and y = λ y_i + (1 - λ) y_j, with the same λ. */
  @Test
  void anImageAndItsTargetAreMixedWithTheNextOnesInTheSameShare() {
    AugmentedBatch before = alike(SIZE);
    AugmentedBatch after = alike(SIZE);
    mix(after, 1, 2);
    for (int i = 0; i < SIZE; i++) {
      int other = (i + 1) % SIZE;
      double share = after.targets()[i * SIZE + i];
      assertThat(share).isStrictlyBetween(0.0, 1.0);
      for (int label = 0; label < SIZE; label++) {
        double expected = label == i ? share : label == other ? 1 - share : 0;
        assertThat((double) after.targets()[i * SIZE + label]).isCloseTo(expected, within(1e-6));
      }
      assertThat((double) after.weights()[i]).isCloseTo(1.3, within(1e-6));
      for (int value = 0; value < SHAPE.size(); value++) {
        int own = before.pixels()[i * SHAPE.size() + value] & 0xff;
        int others = before.pixels()[other * SHAPE.size() + value] & 0xff;
        assertThat((double) (after.pixels()[i * SHAPE.size() + value] & 0xff))
            .isCloseTo(share * own + (1 - share) * others, within(0.51)); // rounded to 8 bits
      }
    }
  }

  @Test
  void whatIsBeyondTheBatchStays() {
    AugmentedBatch before = batch(SIZE);
    AugmentedBatch after = batch(SIZE);
    mix(after, 1, 2);
    int end = SIZE * SHAPE.size();
    assertThat(Arrays.copyOfRange(after.pixels(), end, after.pixels().length))
        .isEqualTo(Arrays.copyOfRange(before.pixels(), end, before.pixels().length));
    assertThat(after.weights()[SIZE]).isEqualTo(before.weights()[SIZE]);
  }

  @Test
  void aSingleExampleStaysAsItIs() {
    AugmentedBatch batch = batch(1);
    mix(batch, 1, 2);
    assertThat(batch.pixels()).isEqualTo(batch(1).pixels());
    assertThat(batch.targets()).isEqualTo(batch(1).targets());
    assertThat(batch.weights()).isEqualTo(batch(1).weights());
  }

  @Test
  void sharesFollowFromTheKey() {
    AugmentedBatch once = batch(SIZE);
    AugmentedBatch again = batch(SIZE);
    AugmentedBatch other = batch(SIZE);
    mix(once, 0.2, 2);
    mix(again, 0.2, 2);
    mix(other, 0.2, 3);
    assertThat(again.pixels()).isEqualTo(once.pixels());
    assertThat(again.targets()).isEqualTo(once.targets());
    assertThat(other.targets()).isNotEqualTo(once.targets());
  }

  /** Beta(α, α) has the mean 1/2 and the variance 1 / (4 (2α + 1)). */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2, 1, 4})
  void sharesHaveTheMomentsOfTheBetaDistribution(double alpha) {
    int size = 100;
    int batches = 100;
    double sum = 0;
    double squares = 0;
    for (int key = 0; key < batches; key++) {
      AugmentedBatch batch = batch(size);
      mix(batch, alpha, key);
      for (int i = 0; i < size; i++) {
        double share = batch.targets()[i * size + i];
        sum += share;
        squares += (share - 0.5) * (share - 0.5);
      }
    }
    double count = size * (double) batches;
    double variance = 1 / (4 * (2 * alpha + 1));
    // Five standard deviations; the fourth moment of a share is less than 1/16.
    assertThat(sum / count).isCloseTo(0.5, within(5 * Math.sqrt(variance / count)));
    assertThat(squares / count).isCloseTo(variance, within(5 * Math.sqrt(1 / (16 * count))));
  }
}
