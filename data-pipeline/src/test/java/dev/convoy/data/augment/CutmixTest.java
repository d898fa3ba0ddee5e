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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CutmixTest {
  private static final ImageShape SHAPE = new ImageShape(40, 30, 3);

  /** Example i has the value i in all pixels and a class of its own. */
  private static AugmentedBatch batch(int size) {
    byte[] pixels = new byte[size * SHAPE.size()];
    float[] targets = new float[size * size];
    float[] weights = new float[size];
    for (int i = 0; i < size; i++) {
      Arrays.fill(pixels, i * SHAPE.size(), (i + 1) * SHAPE.size(), (byte) i);
      targets[i * size + i] = 1;
      weights[i] = 1 + i;
    }
    return new AugmentedBatch(size, SHAPE, pixels, size, targets, weights);
  }

  private static AugmentedBatch mixed(String name, Map<String, Object> options, int size, int key) {
    AugmentedBatch batch = batch(size);
    Augmentations.of(List.of(new ComponentSettings(name, options)))
        .apply(batch, KeyedRandom.of(1, Purpose.BATCH_AUGMENTATION, key));
    return batch;
  }

  @Test
  void aRectangleOfTheNextImageIsPastedAndItsAreaIsTheOthersShareOfTheTarget() {
    int size = 50;
    AugmentedBatch batch = mixed("cutmix", Map.of(), size, 3);
    for (int i = 0; i < size; i++) {
      int other = (i + 1) % size;
      int top = SHAPE.height();
      int bottom = -1;
      int left = SHAPE.width();
      int right = -1;
      int pasted = 0;
      for (int at = 0; at < SHAPE.planeSize(); at++) {
        int value = batch.pixels()[i * SHAPE.size() + at];
        assertThat(value).isIn(i, other);
        for (int channel = 1; channel < 3; channel++) {
          assertThat(batch.pixels()[i * SHAPE.size() + channel * SHAPE.planeSize() + at])
              .isEqualTo((byte) value);
        }
        if (value == other) {
          pasted++;
          top = Math.min(top, at / SHAPE.width());
          bottom = Math.max(bottom, at / SHAPE.width());
          left = Math.min(left, at % SHAPE.width());
          right = Math.max(right, at % SHAPE.width());
        }
      }
      if (pasted > 0) {
        assertThat(pasted).isEqualTo((bottom - top + 1) * (right - left + 1));
      }
      float share = 1 - (float) pasted / SHAPE.planeSize();
      float weight = share * (1 + i) + (1 - share) * (1 + other);
      assertThat(batch.weights()[i]).isCloseTo(weight, within(1e-4f));
      assertThat(batch.weights()[i] * batch.targets()[i * size + i])
          .isCloseTo(share * (1 + i), within(1e-4f));
      assertThat(batch.weights()[i] * batch.targets()[i * size + other])
          .isCloseTo((1 - share) * (1 + other), within(1e-4f));
    }
  }

  /**
   * With α = 1 areas are uniform, and a height is at least k of H with the probability 1 - (k/H)².
   * The middle row is met with the probability height / H, since middles lie anywhere.
   */
  @Test
  void areasAreUniformAndLieAnywhere() {
    int size = 100;
    int batches = 40;
    int met = 0;
    for (int key = 0; key < batches; key++) {
      AugmentedBatch batch = mixed("cutmix", Map.of(), size, key);
      for (int i = 0; i < size; i++) {
        byte other = (byte) ((i + 1) % size);
        int row = i * SHAPE.size() + SHAPE.height() / 2 * SHAPE.width();
        boolean isMet = false;
        for (int x = 0; x < SHAPE.width(); x++) {
          isMet |= batch.pixels()[row + x] == other;
        }
        met += isMet ? 1 : 0;
      }
    }
    double expected = 0;
    for (double k = 1; k <= SHAPE.height(); k++) {
      expected += (1 - Math.pow(k / SHAPE.height(), 2)) / SHAPE.height();
    }
    // Six standard deviations: 6 * sqrt(0.66 * 0.34 / 4000).
    assertThat((double) met / (size * batches)).isCloseTo(expected, within(0.045));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixup", "cutmix", "mixup-or-cutmix"})
  void targetsStayDistributionsAndWeightsLieBetweenThoseThatAreMixed(String name) {
    for (int size : List.of(1, 2, 3, 20)) {
      for (int key = 0; key < 50; key++) {
        AugmentedBatch batch = mixed(name, Map.of(), size, key);
        for (int i = 0; i < size; i++) {
          double sum = 0;
          for (int label = 0; label < size; label++) {
            double target = batch.targets()[i * size + label];
            assertThat(target).isBetween(0.0, 1.0);
            sum += target;
          }
          assertThat(sum).isCloseTo(1, within(1e-6));
          float own = 1 + i;
          float other = 1 + (i + 1) % size;
          assertThat(batch.weights()[i]).isBetween(Math.min(own, other), Math.max(own, other));
        }
      }
    }
  }

  @Test
  void batchesAreMixedByBothInTheSharesThatAreAskedFor() {
    int batches = 2000;
    int cut = 0;
    for (int key = 0; key < batches; key++) {
      AugmentedBatch batch = mixed("mixup-or-cutmix", Map.of("cutmix", 0.3), 2, key);
      KeyedRandom random = KeyedRandom.of(1, Purpose.BATCH_AUGMENTATION, key);
      boolean isCut = random.nextDouble() < 0.3;
      AugmentedBatch expected = batch(2);
      NeighbourMixing chosen = isCut ? new Cutmix(1) : new Mixup(0.2);
      chosen.apply(expected, random);
      assertThat(batch.pixels()).isEqualTo(expected.pixels());
      assertThat(batch.targets()).isEqualTo(expected.targets());
      cut += isCut ? 1 : 0;
    }
    // Six standard deviations: 6 * sqrt(2000 * 0.3 * 0.7).
    assertThat((double) cut).isCloseTo(600, within(123.0));
  }
}
