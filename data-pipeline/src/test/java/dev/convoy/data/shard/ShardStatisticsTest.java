package dev.convoy.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.source.Quarantined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardStatisticsTest {
  private static final ImageShape SHAPE = new ImageShape(1, 2, 3);
  private static final StoredShape STORE = StoredShape.resized(SHAPE);
  private static final byte[] BLACK = new byte[6];
  private static final byte[] MIXED = {1, 2, (byte) 200, (byte) 255, 0, 7};

  @Test
  void sumsAreExactIntegersPerChannel() {
    ShardStatistics statistics = statistics(0, MIXED, MIXED);

    assertThat(statistics.examples()).isEqualTo(2);
    assertThat(statistics.pixels()).isEqualTo(4);
    assertThat(statistics.classCounts()).containsExactly(0, 2);
    assertThat(statistics.channels().values()).containsExactly(6L, 910L, 14L);
    assertThat(statistics.channels().squares()).containsExactly(10L, 210_050L, 98L);
    assertThat(statistics.fingerprint()).isEqualTo(KeyedRandom.mix(1) + KeyedRandom.mix(2));
  }

  @Test
  void mergingInAnyOrderGivesTheSame() {
    List<ShardStatistics> parts =
        new ArrayList<>(
            List.of(statistics(0, MIXED), statistics(1, BLACK, MIXED), statistics(3, BLACK)));
    ShardStatistics merged = ShardStatistics.merge(parts);

    Collections.reverse(parts);
    assertThat(ShardStatistics.merge(parts)).usingRecursiveComparison().isEqualTo(merged);
    ShardStatistics pair = ShardStatistics.merge(parts.subList(0, 2));
    assertThat(ShardStatistics.merge(List.of(pair, parts.get(2))))
        .usingRecursiveComparison()
        .isEqualTo(merged);
    ShardStatistics whole = statistics(0, MIXED, BLACK, MIXED, BLACK);
    assertThat(merged.examples()).isEqualTo(whole.examples());
    assertThat(merged.fingerprint()).isEqualTo(whole.fingerprint());
    assertThat(merged.channels()).isEqualTo(whole.channels());
    assertThat(merged.quarantined().stream().map(Quarantined::path))
        .containsExactly("x0", "x1", "x3");
  }

  @Test
  void accessorsGiveCopies() {
    ShardStatistics statistics = statistics(0, MIXED);
    statistics.classCounts()[1] = 99;

    assertThat(statistics.classCounts()).containsExactly(0, 1);
  }

  @Test
  void refusesToMergeNothingOrDifferentClasses() {
    assertThatThrownBy(() -> ShardStatistics.merge(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected at least one shard, found none");
    ShardStatistics other = new ShardStatistics.Collector(5, STORE).finish();
    assertThatThrownBy(() -> ShardStatistics.merge(List.of(statistics(0), other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 2 classes, found 5");
  }

  private static ShardStatistics statistics(int firstId, byte[]... images) {
    ShardStatistics.Collector collector = new ShardStatistics.Collector(2, STORE);
    int id = firstId;
    for (byte[] image : images) {
      collector.accept(id++, 1, new Picture(SHAPE, image));
    }
    collector.reject(firstId, "x" + firstId, "reason");
    return collector.finish();
  }
}
