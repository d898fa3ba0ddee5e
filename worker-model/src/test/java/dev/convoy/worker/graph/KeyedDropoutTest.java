package dev.convoy.worker.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
  void otherNoiseIsNotTakenForDropout() {
    Layer gaussian = dense().dropOut(new GaussianDropout(0.3)).build();
    Layer scheduled =
        dense()
            .dropOut(new Dropout(new MapSchedule.Builder(ScheduleType.EPOCH).add(0, 0.5).build()))
            .build();
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
