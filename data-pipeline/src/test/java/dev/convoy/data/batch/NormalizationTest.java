package dev.convoy.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.ArraySource;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NormalizationTest {
  /** Half a unit in the last place of a float near 1, from the final rounding. */
  private static final float FLOAT_ROUNDING = 6e-8f;

  @TempDir Path scratch;

  @Test
  void agreesWithMeanAndDeviationInDoublePrecision() throws Exception {
    ImageShape shape = new ImageShape(9, 11, 3);
    try (Shard shard = ArraySource.shard(101, shape, new MemoryBudget(1 << 20), scratch)) {
      Normalization normalization = Normalization.of(shard.statistics());

      for (int channel = 0; channel < 3; channel++) {
        double mean = mean(shard, channel, 0);
        double variance = mean(shard, channel, mean);
        assertThat(normalization.mean()[channel]).isCloseTo((float) mean, within(FLOAT_ROUNDING));
        assertThat(normalization.deviation()[channel])
            .isCloseTo((float) Math.sqrt(variance), within(FLOAT_ROUNDING));
      }
    }
  }

  @Test
  void constantChannelsAreOnlyCentred() throws Exception {
    ImageShape shape = new ImageShape(4, 4, 1);
    Shard shard = shardOf(new ConstantSource((byte) 200, shape), shape);

    Normalization normalization = Normalization.of(shard.statistics());

    assertThat(normalization.mean()).containsExactly((float) (200 / 255.0));
    assertThat(normalization.deviation()).containsExactly(1f);
    shard.close();
  }

  @Test
  void emptySetsAreNotNormalised() throws Exception {
    ImageShape shape = new ImageShape(4, 4, 3);
    try (Shard shard = ArraySource.shard(0, shape, new MemoryBudget(0), scratch)) {
      assertThat(Normalization.of(shard.statistics())).isEqualTo(Normalization.identity(3));
    }
  }

  @Test
  void tablesHoldTheFormulaForEveryValue() {
    float[] mean = {0.4f, 0.5f};
    float[] deviation = {0.2f, 0.25f};
    float[][] tables = Normalization.of(mean, deviation).tables();

    KeyedRandom random = KeyedRandom.of(1, Purpose.SPLIT);
    for (int i = 0; i < 100; i++) {
      int channel = random.nextInt(2);
      int value = random.nextInt(256);
      assertThat(tables[channel][value])
          .isEqualTo((float) ((value / 255.0 - mean[channel]) / deviation[channel]));
    }
  }

  @Test
  void valuesThatCannotDivideAreRefused() {
    assertThatThrownBy(() -> Normalization.of(new float[] {0.5f}, new float[] {0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("positive deviations, found 0.5 and 0.0 for channel 0");
    assertThatThrownBy(() -> Normalization.of(new float[] {0.5f}, new float[] {1, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one deviation per mean, found 2 and 1");
  }

  private static double mean(Shard shard, int channel, double mean) {
    ImageShape shape = shard.input();
    byte[] pixels = new byte[shape.size()];
    double sum = 0;
    for (int i = 0; i < shard.size(); i++) {
      shard.pixels(i, pixels, 0);
      for (int j = channel * shape.planeSize(); j < (channel + 1) * shape.planeSize(); j++) {
        double value = (pixels[j] & 0xff) / 255.0 - mean;
        sum += mean == 0 ? value : value * value;
      }
    }
    return sum / shard.size() / shape.planeSize();
  }

  private Shard shardOf(ImageSource source, ImageShape shape) throws Exception {
    return ShardPacker.pack(
        source.list().listing(),
        3,
        StoredShape.resized(shape),
        source,
        new MemoryBudget(0),
        scratch);
  }

  private record ConstantSource(byte value, ImageShape shape) implements ImageSource {
    @Override
    public ListedImages list() {
      return new ArraySource(5, shape).list();
    }

    @Override
    public void read(Listing part, ExampleSink sink) {
      byte[] pixels = new byte[shape.size()];
      java.util.Arrays.fill(pixels, value);
      for (int i = 0; i < part.size(); i++) {
        sink.accept(i, new Picture(shape, pixels));
      }
    }
  }
}
