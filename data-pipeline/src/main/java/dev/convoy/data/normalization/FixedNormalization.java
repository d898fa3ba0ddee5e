package dev.convoy.data.normalization;

import dev.convoy.data.batch.Normalization;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.shard.ShardStatistics;
import java.util.List;

/** Values that are given. */
record FixedNormalization(List<Double> mean, List<Double> deviation) implements PixelNormalization {
  private static final Option<List<Double>> MEAN =
      Option.numbers(
          "mean", List.of(0.5), Range.closed(0, 1), "for every channel, in units of value / 255");

  private static final Option<List<Double>> DEVIATION =
      Option.numbers(
          "deviation",
          List.of(0.5),
          Range.openClosed(0, 10),
          "for every channel, in units of value / 255");

  static final Component<PixelNormalization> COMPONENT =
      Component.named("fixed", "mean and deviation that are given; one value is for all channels")
          .with(MEAN, DEVIATION)
          .createdBy(FixedNormalization::new);

  private FixedNormalization(OptionValues options) {
    this(options.value(MEAN), options.value(DEVIATION));
  }

  @Override
  public Normalization values(ShardStatistics training) {
    int channels = training.channels().values().size();
    return Normalization.of(perChannel(mean, channels), perChannel(deviation, channels));
  }

  private static float[] perChannel(List<Double> values, int channels) {
    float[] result = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      result[channel] = values.get(values.size() == 1 ? 0 : channel).floatValue();
    }
    return result;
  }

  @Override
  public boolean fits(int channels) {
    return fits(mean, channels) && fits(deviation, channels);
  }

  private static boolean fits(List<Double> values, int channels) {
    return values.size() == 1 || values.size() == channels;
  }
}
