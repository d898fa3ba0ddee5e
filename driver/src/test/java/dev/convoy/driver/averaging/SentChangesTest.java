package dev.convoy.driver.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.driver.compression.Compressions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentChangesTest {
  private static final int LENGTH = 13_000;
  private static final Layout LAYOUT =
      new Layout(
          List.of(new Learned(5, 4000), new Learned(4600, 4700), new Learned(5300, 12_990)),
          List.of(new Moments(4000, 4300, 300, 1), new Moments(4700, 5000, 300, 1)));

  private final Random random = new Random(6);

  @ParameterizedTest
  @ValueSource(strings = {"bfloat16", "8-bit", "top-k"})
  void whatArrivesDoesNotDependOnHowManySlicesThereAre(String name) {
    Averaging averaging = averaging(name);
    float[] trained = floats();
    float[] start = floats();
    float[] earlier = floats();
    float[] expected = null;
    float[] expectedResidual = null;
    for (int cores : new int[] {1, 2, 9}) {
      Slices slices = Slices.of(LENGTH, LAYOUT, cores);
      assertThat(slices.count()).isEqualTo(Math.min(cores, 3));
      float[] residual = new float[LAYOUT.learnedValues()];
      System.arraycopy(earlier, 0, residual, 0, residual.length);
      float[] arrived = arrived(averaging, slices, trained, start, residual);
      if (expected == null) {
        expected = arrived;
        expectedResidual = residual;
      }
      assertThat(arrived).isEqualTo(expected);
      assertThat(residual).isEqualTo(expectedResidual);
    }
  }

  @Test
  void runningStatisticsAreSentAsTheyAre() {
    float[] trained = floats();
    float[] arrived =
        arrived(
            averaging("top-k"),
            Slices.of(LENGTH, LAYOUT, 3),
            trained,
            floats(),
            new float[LAYOUT.learnedValues()]);
    int statistics = 0;
    for (int i = 0; i < LENGTH; i++) {
      int place = i;
      if (LAYOUT.learned().stream().noneMatch(one -> one.from() <= place && place < one.to())) {
        assertThat(arrived[i]).isEqualTo(trained[i]);
        statistics++;
      }
    }
    assertThat(statistics).isEqualTo(LENGTH - LAYOUT.learnedValues()).isPositive();
  }

  private static float[] arrived(
      Averaging averaging, Slices slices, float[] trained, float[] start, float[] residual) {
    List<byte[]> sent = SentChanges.of(averaging, slices, trained, start, residual);
    float[] arrived = new float[LENGTH];
    for (int slice = 0; slice < slices.count(); slice++) {
      float[] part =
          SentChanges.parameters(
              averaging.of(slices, slice, LENGTH), sent.get(slice), slices.cut(start, slice));
      System.arraycopy(part, 0, arrived, slices.from(slice, LENGTH), part.length);
    }
    return arrived;
  }

  private static Averaging averaging(String compression) {
    return new Averaging(
        new PlainMean(),
        OptimizerStates.RESET,
        Compressions.FAMILY.create(ComponentSettings.defaults(compression)),
        LAYOUT);
  }

  private float[] floats() {
    float[] values = new float[LENGTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
