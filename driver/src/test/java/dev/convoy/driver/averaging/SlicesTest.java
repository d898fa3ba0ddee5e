package dev.convoy.driver.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.driver.compression.Uncompressed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlicesTest {
  private static final int LENGTH = 103;
  private static final List<Learned> LEARNED = List.of(new Learned(0, 40), new Learned(47, 99));

  private final Random random = new Random(11);

  @ParameterizedTest
  @CsvSource({"103, 7", "7, 7", "3, 7", "0, 2", "1, 1", "2000000011, 900"})
  void slicesFollowOneAnotherAndDifferByOneValueAtMost(int length, int count) {
    Slices slices = new Slices(count, List.of());
    int end = 0;
    for (int slice = 0; slice < count; slice++) {
      assertThat(slices.from(slice, length)).isEqualTo(end);
      end = slices.to(slice, length);
      assertThat(end - slices.from(slice, length)).isBetween(length / count, length / count + 1);
    }
    assertThat(end).isEqualTo(length);
  }

  @Test
  void aVectorHasASliceForEveryCoreAndNoneIsLarge() {
    assertThat(Slices.of(25_600_000, learned(25_600_000), 2).count()).isEqualTo(13);
    assertThat(Slices.of(40_000, learned(40_000), 8).ends())
        .containsExactly(4096, 8192, 12288, 20480, 24576, 28672, 32768, 40_000);
    assertThat(Slices.of(5000, learned(5000), 8).ends()).containsExactly(4096, 5000);
    assertThat(Slices.of(5, learned(5), 8)).isEqualTo(new Slices(1, List.of(5)));
    assertThat(Slices.of(3, Layout.NONE, 8)).isEqualTo(new Slices(1, List.of(3)));
  }

  private static Layout learned(int values) {
    return new Layout(List.of(new Learned(0, values)), List.of());
  }

  /** A block may be cut by running statistics; these are not cut. */
  @Test
  void slicesHoldWholeBlocksOfLearnedValuesAndBothMomentsOfALayer() {
    Layout layout =
        new Layout(
            List.of(new Learned(0, 4000), new Learned(4600, 4700), new Learned(5300, 9500)),
            List.of(new Moments(4000, 4300, 300, 1), new Moments(4700, 5000, 300, 1)));
    Slices slices = Slices.of(9500, layout, 8);
    assertThat(slices.ends()).containsExactly(4696, 9392, 9500);
    assertThat(layout.within(0, 4696))
        .isEqualTo(
            new Layout(
                List.of(new Learned(0, 4000), new Learned(4600, 4696)),
                List.of(new Moments(4000, 4300, 300, 1))));
    assertThat(layout.within(4696, 9392))
        .isEqualTo(
            new Layout(
                List.of(new Learned(0, 4), new Learned(604, 4696)),
                List.of(new Moments(4, 304, 300, 1))));
  }

  @Test
  void learnedStretchesOfASliceAreCountedFromItsBeginning() {
    assertThat(Learned.within(LEARNED, 30, 60))
        .containsExactly(new Learned(0, 10), new Learned(17, 30));
    assertThat(Learned.within(LEARNED, 40, 47)).isEmpty();
  }

  /** Block momentum begins elsewhere than at the parameters, and remembers; so does the average. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, LENGTH})
  void everyRuleDoesToSlicesWhatItDoesToTheWhole(int count) {
    Slices slices = new Slices(count, List.of());
    List<AveragingRule> rules = new ArrayList<>();
    for (String name : AveragingRules.FAMILY.names()) {
      rules.add(AveragingRules.FAMILY.create(ComponentSettings.defaults(name)));
    }
    rules.add(
        AveragingRules.FAMILY.create(
            new ComponentSettings("block-momentum", Map.of("nesterov", "on"))));
    for (AveragingRule plain : List.copyOf(rules)) {
      rules.add(new MovingAverage(plain, 0.5, 0));
    }
    for (AveragingRule rule : rules) {
      Averaging averaging =
          new Averaging(
              rule, OptimizerStates.AVERAGE, new Uncompressed(), new Layout(LEARNED, List.of()));
      ModelState whole = ModelState.first(floats(LENGTH));
      List<ModelState> parts = new ArrayList<>();
      for (int slice = 0; slice < count; slice++) {
        parts.add(ModelState.first(slices.cut(whole.parameters(), slice)));
      }
      for (int round = 0; round < 4; round++) {
        float[][] results = {floats(LENGTH), floats(LENGTH), floats(LENGTH)};
        float[][] states = {floats(2 * LENGTH), floats(2 * LENGTH), floats(2 * LENGTH)};
        Reducer reducer = averaging.reducer(whole, new RoundPlace(round, 0.1, 2));
        for (int shard = 0; shard < results.length; shard++) {
          reducer.add(results[shard].clone(), states[shard], shard + 1);
        }
        whole = reducer.end();
        for (int slice = 0; slice < count; slice++) {
          Reducer part =
              averaging
                  .of(slices, slice, LENGTH)
                  .reducer(parts.get(slice), new RoundPlace(round, 0.1, 2));
          for (int shard = 0; shard < results.length; shard++) {
            part.add(
                slices.cut(results[shard], slice), slices.cut(states[shard], slice), shard + 1);
          }
          parts.set(slice, part.end());
        }
        assertTogether(parts, whole, rule, slices);
      }
      assertThat(whole.arrays().keySet())
          .as("the arrays that the rule says it remembers")
          .isEqualTo(averaging.lengths(LENGTH, 2 * LENGTH).keySet());
    }
  }

  private static void assertTogether(
      List<ModelState> parts, ModelState whole, AveragingRule rule, Slices slices) {
    Map<String, float[]> expected = new TreeMap<>(whole.arrays());
    expected.put("start", rule.start(whole));
    expected.forEach(
        (name, values) -> {
          for (int slice = 0; slice < parts.size(); slice++) {
            ModelState part = parts.get(slice);
            float[] found = name.equals("start") ? rule.start(part) : part.arrays().get(name);
            assertThat(found).as("%s of %s", name, rule).isEqualTo(slices.cut(values, slice));
          }
        });
  }

  private float[] floats(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
