package dev.convoy.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochPlanTest {
  private final EpochPlan plan = new EpochPlan(42, 1, 8, 3);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 997})
  void permutationsHoldEveryPositionOnce(int size) {
    int[] permutation = plan.permutation(5, 2, size);

    assertThat(Arrays.stream(permutation).sorted()).containsExactly(boxed(size));
  }

  @Test
  void permutationsDependOnSeedEpochAndShardOnly() {
    int[] permutation = plan.permutation(0, 0, 100);

    assertThat(new EpochPlan(42, 1, 1, 1).permutation(0, 0, 100)).isEqualTo(permutation);
    assertThat(plan.permutation(1, 0, 100)).isNotEqualTo(permutation);
    assertThat(plan.permutation(0, 1, 100)).isNotEqualTo(permutation);
    assertThat(new EpochPlan(43, 1, 8, 3).permutation(0, 0, 100)).isNotEqualTo(permutation);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 100})
  void repetitionsOfAnExampleStayTogether(int examples) {
    int[] once = new EpochPlan(42, 1, 8, 3).permutation(4, 1, examples);
    int[] thrice = new EpochPlan(42, 3, 8, 3).permutation(4, 1, 3 * examples);

    assertThat(thrice)
        .containsExactly(
            Arrays.stream(once)
                .flatMap(example -> IntStream.range(3 * example, 3 * example + 3))
                .toArray());
  }

  @Test
  void groupsThatAreNotWholeLoseNothing() {
    assertThat(Arrays.stream(new EpochPlan(42, 4, 8, 3).permutation(0, 0, 10)).sorted())
        .containsExactly(boxed(10));
  }

  @Test
  void roundsCoverTheLargestShard() {
    assertThat(plan.rounds(0)).isZero();
    assertThat(plan.rounds(1)).isEqualTo(1);
    assertThat(plan.rounds(24)).isEqualTo(1);
    assertThat(plan.rounds(25)).isEqualTo(2);
    assertThat(plan.rounds(Integer.MAX_VALUE)).isEqualTo(89_478_486);
  }

  @Test
  void roundsFollowEachOtherAndAreClippedToTheShard() {
    assertThat(plan.from(0, 30)).isZero();
    assertThat(plan.to(0, 30)).isEqualTo(24);
    assertThat(plan.from(1, 30)).isEqualTo(24);
    assertThat(plan.to(1, 30)).isEqualTo(30);
    assertThat(plan.from(2, 30)).isEqualTo(30);
    assertThat(plan.to(2, 30)).isEqualTo(30);
  }

  @Test
  void hugeRoundsDoNotOverflow() {
    EpochPlan huge = new EpochPlan(1, 1, Integer.MAX_VALUE, Integer.MAX_VALUE);

    assertThat(huge.rounds(Integer.MAX_VALUE)).isEqualTo(1);
    assertThat(huge.to(0, Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    assertThat(huge.from(1, Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void emptyBatchesAreRefused() {
    assertThatThrownBy(() -> new EpochPlan(1, 1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1, found 0 and 1");
  }

  private static Integer[] boxed(int size) {
    return IntStream.range(0, size).boxed().toArray(Integer[]::new);
  }
}
