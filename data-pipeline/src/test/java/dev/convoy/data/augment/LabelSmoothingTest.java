package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelSmoothingTest {
  /** (1 - ε) q + ε / K. */
  @Test
  void aShareOfEveryTargetIsSpreadOverAllClasses() {
    float[] targets = {0, 1, 0, 0, 0.5f, 0.25f, 0.25f, 0, 9, 9, 9, 9};
    byte[] pixels = {1, 2, 3};
    Augmentations.of(List.of(new ComponentSettings("label-smoothing", Map.of("amount", 0.2))))
        .apply(
            new AugmentedBatch(2, new ImageShape(1, 1, 1), pixels, 4, targets, new float[] {1, 1}),
            KeyedRandom.of(1, Purpose.BATCH_AUGMENTATION));
    assertThat(targets)
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(0.05f, 0.85f, 0.05f, 0.05f, 0.45f, 0.25f, 0.25f, 0.05f, 9f, 9f, 9f, 9f);
    assertThat(pixels).containsExactly(1, 2, 3);
  }

  @Test
  void aTenthMakesTheSecondOfThreeClasses93PercentAndTheOthers3() {
    float[] targets = {0, 1, 0};
    Augmentations.of(List.of(new ComponentSettings("label-smoothing", Map.of("amount", 0.1))))
        .apply(
            new AugmentedBatch(
                1, new ImageShape(1, 1, 1), new byte[] {1}, 3, targets, new float[] {1}),
            KeyedRandom.of(1, Purpose.BATCH_AUGMENTATION));
    assertThat(targets).usingComparatorWithPrecision(5e-4f).containsExactly(0.033f, 0.933f, 0.033f);
  }
}
