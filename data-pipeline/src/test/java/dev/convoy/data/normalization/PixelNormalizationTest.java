package dev.convoy.data.normalization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.shard.ArraySource;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardStatistics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PixelNormalizationTest {
  @TempDir Path scratch;

  @Test
  void everyWayHasItsValues() throws Exception {
    ShardStatistics training = statistics(3);
    assertThat(of("auto", Map.of()).values(training)).isEqualTo(Normalization.of(training));
    assertThat(of("none", Map.of()).values(training)).isEqualTo(Normalization.identity(3));
    assertThat(of("imagenet", Map.of()).values(training))
        .isEqualTo(
            Normalization.of(
                new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f}));
    Map<String, Object> given =
        Map.of("mean", List.of(0.1, 0.2, 0.3), "deviation", List.of(0.4, 0.5, 0.6));
    assertThat(of("fixed", given).values(training))
        .isEqualTo(
            Normalization.of(new float[] {0.1f, 0.2f, 0.3f}, new float[] {0.4f, 0.5f, 0.6f}));
  }

  @Test
  void oneValueIsForAllChannels() throws Exception {
    PixelNormalization half = of("fixed", Map.of("mean", List.of(0.25)));
    assertThat(half.values(statistics(1)))
        .isEqualTo(Normalization.of(new float[] {0.25f}, new float[] {0.5f}));
    assertThat(half.values(statistics(3)))
        .isEqualTo(
            Normalization.of(new float[] {0.25f, 0.25f, 0.25f}, new float[] {0.5f, 0.5f, 0.5f}));
  }

  @Test
  void valuesForOtherChannelsDoNotFit() {
    assertThat(of("imagenet", Map.of()).fits(3)).isTrue();
    assertThat(of("imagenet", Map.of()).fits(1)).isFalse();
    PixelNormalization two = of("fixed", Map.of("mean", List.of(0.25, 0.5)));
    assertThat(two.fits(1)).isFalse();
    assertThat(two.fits(3)).isFalse();
    assertThat(of("auto", Map.of()).fits(1)).isTrue();
  }

  @Test
  void runsWithTheSameNormalizationShareImages() {
    Map<String, Object> options = Map.of("mean", List.of(0.25));
    assertThat(of("fixed", options))
        .isEqualTo(of("fixed", options))
        .isNotEqualTo(of("fixed", Map.of()));
    assertThat(of("auto", Map.of())).isEqualTo(of("auto", Map.of()));
  }

  private ShardStatistics statistics(int channels) throws Exception {
    ImageShape shape = new ImageShape(3, 4, channels);
    try (Shard shard = ArraySource.shard(5, shape, new MemoryBudget(1 << 20), scratch)) {
      return shard.statistics();
    }
  }

  private static PixelNormalization of(String name, Map<String, Object> options) {
    return PixelNormalizations.FAMILY.create(new ComponentSettings(name, options));
  }
}
