package dev.convoy.worker.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.worker.model.layer.OriginalDropout;
import dev.convoy.worker.model.layer.StochasticDepth;
import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Which layers drop values, and which values they are. */
class KeyedDropoutTest {
  private static DenseLayer.Builder dense() {
    return new DenseLayer.Builder().nOut(2);
  }

  @Test
  void itIsWhatTheLayerIsConfiguredWith() {
    assertThat(KeyedDropout.of(dense().dropOut(0.7).build())).contains(new KeyedDropout(0.7));
    assertThat(KeyedDropout.of(new DropoutLayer(0.4))).contains(new KeyedDropout(0.4));
    assertThat(KeyedDropout.of(dense().dropOut(0).build())).isEmpty();
    assertThat(KeyedDropout.of(dense().dropOut(1).build())).isEmpty();
    assertThat(KeyedDropout.of(dense().build())).isEmpty();
    assertThat(KeyedDropout.of(new ActivationLayer.Builder().dropOut(0.7).build())).isEmpty();
  }

  @Test
  void channelsAndImagesAreDroppedAsAWhole() {
    assertThat(KeyedDropout.of(new DropoutLayer(new SpatialDropout(0.7))))
        .contains(new KeyedDropout(0.7, KeyedDropout.Grain.CHANNEL));
    assertThat(KeyedDropout.of(new DropoutLayer(new StochasticDepth(0.25))))
        .contains(new KeyedDropout(0.75, KeyedDropout.Grain.IMAGE));
    assertThat(KeyedDropout.of(new DropoutLayer(new StochasticDepth(0)))).isEmpty();
    assertThat(distinct(KeyedDropout.Grain.VALUE, 1000)).isEqualTo(1000);
    assertThat(distinct(KeyedDropout.Grain.CHANNEL, 1000)).isEqualTo(100);
    assertThat(distinct(KeyedDropout.Grain.IMAGE, 1000)).isEqualTo(20);
  }

  /** How long runs of equal draws are, told from 1,000 values of 20 images of 5 channels. */
  private static int distinct(KeyedDropout.Grain grain, int values) {
    float[] mask = new float[values];
    new KeyedDropout(0.5, grain).drawImages(mask, 20, 5, new long[] {3}, 0);
    int together = 1;
    while (isOfRuns(mask, 2 * together) || isOfRuns(mask, 5 * together)) {
      together *= isOfRuns(mask, 2 * together) ? 2 : 5;
    }
    return values / together;
  }

  private static boolean isOfRuns(float[] mask, int length) {
    for (int i = 0; i < mask.length; i++) {
      if (mask[i] != mask[i / length * length]) {
        return false;
      }
    }
    return mask.length % length == 0;
  }

  @Test
  void theFormIsThatOfTheLayer() {
    assertThat(KeyedDropout.of(dense().dropOut(new AlphaDropout(0.9)).build()))
        .contains(new KeyedDropout(0.9, KeyedDropout.Form.ALPHA));
    assertThat(KeyedDropout.of(dense().dropOut(new GaussianDropout(0.25)).build()))
        .contains(new KeyedDropout(0.75, KeyedDropout.Form.GAUSSIAN));
    assertThat(KeyedDropout.of(new OriginalDropout(0.25)))
        .contains(new KeyedDropout(0.75, KeyedDropout.Form.ORIGINAL));
  }

  /** Standard normal values behind dropout. */
  private static double[] meanAndVariance(KeyedDropout dropout) {
    float[] mask = new float[200_000];
    dropout.drawImages(mask, 1, 1, new long[] {5}, 1);
    float[] shifts = new float[mask.length];
    dropout.shifts(mask, new long[] {3}, 0, shifts);
    Random random = new Random(6);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < mask.length; i++) {
      double value = random.nextGaussian() * mask[i] + shifts[i];
      sum += value;
      squares += value * value;
    }
    return new double[] {sum / mask.length, squares / mask.length};
  }

  @Test
  void alphaDropoutKeepsMeanZeroAndVarianceOne() {
    double[] moments = meanAndVariance(new KeyedDropout(0.8, KeyedDropout.Form.ALPHA));
    assertThat(moments[0]).isCloseTo(0, within(0.01));
    assertThat(moments[1]).isCloseTo(1, within(0.02));
  }

  /** a (x d + l (1 - d)) + b with PyTorch's a and b, and l = -1.7581. */
  @Test
  void alphaDropoutIsThatOfThePaper() {
    double keep = 0.7;
    double limit = -1.7580993408473766;
    double a = 1 / Math.sqrt(keep * (1 + (1 - keep) * limit * limit));
    double b = -a * (1 - keep) * limit;
    float[] mask = new float[100];
    KeyedDropout dropout = new KeyedDropout(keep, KeyedDropout.Form.ALPHA);
    dropout.draw(mask, 0, mask.length, 3, 0);
    float[] shifts = new float[mask.length];
    dropout.shifts(mask, new long[] {3}, 0, shifts);
    for (int i = 0; i < mask.length; i++) {
      double expected = mask[i] == 0 ? a * limit + b : a * 2.5 + b;
      assertThat(2.5 * mask[i] + shifts[i]).isCloseTo(expected, within(1e-6));
    }
    assertThat(mask).contains(0);
  }

  @Test
  void gaussianNoiseHasTheVarianceOfInvertedDropout() {
    float[] noise = new float[200_000];
    new KeyedDropout(0.75, KeyedDropout.Form.GAUSSIAN).draw(noise, 0, noise.length, 9, 2);
    double sum = 0;
    double squares = 0;
    for (float factor : noise) {
      sum += factor;
      squares += (factor - 1.0) * (factor - 1.0);
    }
    assertThat(sum / noise.length).isCloseTo(1, within(0.005));
    assertThat(squares / noise.length).isCloseTo(1 / 3.0, within(0.005));
  }

  @Test
  void addedNoiseHasTheDeviationOfTheLayerAndIsEachKeysOwn() {
    KeyedDropout noise =
        KeyedDropout.of(dense().dropOut(new GaussianNoise(0.5)).build()).orElseThrow();
    float[] mask = new float[200_000];
    float[] shifts = new float[mask.length];
    long[] keys = {9, 4};
    noise.drawImages(mask, 2, 10, keys, 2);
    noise.shifts(mask, keys, 2, shifts);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < mask.length; i++) {
      assertThat(mask[i]).isEqualTo(1);
      sum += shifts[i];
      squares += (double) shifts[i] * shifts[i];
    }
    assertThat(sum / mask.length).isCloseTo(0, within(0.005));
    assertThat(squares / mask.length).isCloseTo(0.25, within(0.005));
    float[] second = new float[100_000];
    noise.shifts(new float[100_000], new long[] {4}, 2, second);
    assertThat(Arrays.copyOfRange(shifts, 100_000, 200_000)).isEqualTo(second);
    assertThat(Arrays.copyOf(shifts, 100_000)).isNotEqualTo(second);
  }

  @Test
  void theOriginalFormKeepsItsExpectationInInference() {
    KeyedDropout dropout = new KeyedDropout(0.6, KeyedDropout.Form.ORIGINAL);
    float[] mask = new float[200_000];
    dropout.draw(mask, 0, mask.length, 4, 0);
    double sum = 0;
    for (float factor : mask) {
      sum += factor;
    }
    assertThat(sum / mask.length).isCloseTo(dropout.factorInInference(), within(0.005));
    assertThat(new KeyedDropout(0.6).factorInInference()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(KeyedDropout.Grain.class)
  void whateverIsDroppedTogetherTheExpectationStays(KeyedDropout.Grain grain) {
    float[] mask = new float[4000 * 3 * 4];
    new KeyedDropout(0.8, grain).drawImages(mask, 4000, 3, new long[] {5}, 1);
    double sum = 0;
    for (float factor : mask) {
      sum += factor;
    }
    // Of 4,000 draws or more, each of deviation 0.5: within 0.008 in two cases of three.
    assertThat(sum / mask.length).isCloseTo(1, within(0.03));
  }

  @Test
  void anImagesChannelsAreThoseOfItsKeyWhereverItStands() {
    KeyedDropout dropout = new KeyedDropout(0.5, KeyedDropout.Grain.CHANNEL);
    float[] two = new float[2 * 40 * 3];
    dropout.drawImages(two, 2, 40, new long[] {8, 9}, 1);
    float[] swapped = new float[two.length];
    dropout.drawImages(swapped, 2, 40, new long[] {9, 8}, 1);
    assertThat(Arrays.copyOfRange(two, 0, 120)).isEqualTo(Arrays.copyOfRange(swapped, 120, 240));
    assertThat(Arrays.copyOfRange(two, 0, 120)).isNotEqualTo(Arrays.copyOfRange(swapped, 0, 120));
  }

  @Test
  void otherNoiseIsNotTakenForDropout() {
    MapSchedule schedule = new MapSchedule.Builder(ScheduleType.EPOCH).add(0, 0.5).build();
    Layer gaussian = dense().dropOut(new GaussianNoise(schedule)).build();
    Layer scheduled = dense().dropOut(new Dropout(schedule)).build();
    for (Layer layer : new Layer[] {gaussian, scheduled}) {
      assertThat(KeyedDropout.of(layer)).isEmpty();
      assertThat(KeyedDropout.isOtherNoiseOn(layer)).isTrue();
    }
    assertThat(KeyedDropout.isOtherNoiseOn(dense().dropOut(0.7).build())).isFalse();
    assertThat(KeyedDropout.isOtherNoiseOn(dense().build())).isFalse();
  }

  @Test
  void aRowIsThatOfItsKeyWhereverItStands() {
    KeyedDropout dropout = new KeyedDropout(0.6);
    float[] rows = new float[3 * 50];
    dropout.drawRows(rows, new long[] {8, 9, 8}, 1);
    float[] alone = new float[50];
    dropout.draw(alone, 0, 50, 8, 1);
    assertThat(Arrays.copyOfRange(rows, 0, 50)).isEqualTo(alone);
    assertThat(Arrays.copyOfRange(rows, 100, 150)).isEqualTo(alone);
    assertThat(Arrays.copyOfRange(rows, 50, 100)).isNotEqualTo(alone);
    dropout.draw(alone, 0, 50, 8, 2);
    assertThat(Arrays.copyOfRange(rows, 0, 50)).isNotEqualTo(alone);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.5, Double.NaN})
  void aProbabilityIsStrictlyBetweenNeverAndAlways(double keep) {
    assertThatThrownBy(() -> new KeyedDropout(keep))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot drop values: expected a probability of keeping them between 0 and 1, found "
                + keep
                + ".");
  }
}
