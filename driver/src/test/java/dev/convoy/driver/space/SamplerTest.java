package dev.convoy.driver.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.space.Sampler.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplerTest {
  private static final String BRANCHES =
      """
      optimizer {
        learning-rate = {log-uniform = [1e-4, 1e-1]}
        choice = [
          {name = sgd}
          {name = adam, beta1 = {uniform = [0.8, 0.99]}, epsilon = {choice = [1e-8, 1e-4]}}
        ]
      }
      training.batch-size = {int = [1, 64]}
      """;

  /** About a third of the samples. */
  private static boolean isSmall(Sample sample) {
    return sample.configuration().getInt("training.batch-size")
            * sample.configuration().getDouble("optimizer.learning-rate")
        < 0.02;
  }

  private static Sampler constrained(Method method, long seed) {
    return method.over(Spaces.of(BRANCHES), seed, 5, SamplerTest::isSmall);
  }

  private static List<Map<String, Object>> values(Sampler sampler, int count) {
    return IntStream.range(0, count)
        .mapToObj(trial -> (Map<String, Object>) sampler.sample(trial).values())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void aTrialIsTheSameWhateverWasAskedBefore(Method method) {
    int count = 40;
    List<Map<String, Object>> inOrder = values(constrained(method, 11), count);
    List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(order, new Random(5));
    Sampler shuffled = constrained(method, 11);
    for (int trial : order) {
      assertThat(shuffled.sample(trial).values()).isEqualTo(inOrder.get(trial));
      assertThat(constrained(method, 11).sample(trial).values()).isEqualTo(inOrder.get(trial));
    }
    assertThat(values(shuffled, count)).isEqualTo(inOrder);
    assertThat(new HashSet<>(inOrder)).hasSizeGreaterThan(count / 2);
  }

  @ParameterizedTest
  @EnumSource
  void aTrialInABoxIsTheSameWhateverWasAskedBefore(Method method) {
    SearchSpace space = Spaces.of(BRANCHES);
    Sampler sampler = method.over(space, 2, 3, SamplerTest::isSmall);
    Box box = Box.whole(space).around(List.of(sampler.sample(0), sampler.sample(5)), 0.5);
    Map<String, Object> alone =
        method.over(space, 2, 3, SamplerTest::isSmall).sample(3, box).values();
    sampler.sample(9);
    sampler.sample(1, box);
    assertThat(sampler.sample(3, box).values()).isEqualTo(alone);
    assertThat(sampler.sample(3, Box.whole(space)).values()).isEqualTo(sampler.sample(3).values());
  }

  @ParameterizedTest
  @EnumSource(names = {"RANDOM", "SOBOL"})
  void anotherSeedGivesOtherSamples(Method method) {
    assertThat(values(constrained(method, 1), 10))
        .doesNotContainAnyElementsOf(values(constrained(method, 2), 10));
  }

  @ParameterizedTest
  @EnumSource
  void theConstraintsAlwaysHold(Method method) {
    Sampler sampler = constrained(method, 4);
    int count = (int) Math.min(200, sampler.size().orElse(200));
    assertThat(IntStream.range(0, count).mapToObj(sampler::sample)).allMatch(SamplerTest::isSmall);
    Sampler free = Spaces.sampler(method, Spaces.of(BRANCHES), 4);
    assertThat(IntStream.range(0, count).mapToObj(free::sample))
        .anyMatch(sample -> !isSmall(sample));
  }

  @ParameterizedTest
  @EnumSource
  void acceptedSamplesAreSpreadOverAllThatIsAllowed(Method method) {
    SearchSpace space = Spaces.of("a = {uniform = [0, 1]}, b = {uniform = [0, 1]}");
    Predicate<Sample> triangle =
        sample -> (Double) sample.values().get("a") + (Double) sample.values().get("b") < 1;
    Sampler sampler = method.over(space, 8, 33, triangle);
    int count = 400;
    double sum =
        IntStream.range(0, count).mapToDouble(trial -> sampler.sample(trial).point()[0]).sum();
    if (method == Method.GRID) {
      assertThat(sampler.size()).hasValue(33 * 32 / 2);
    } else {
      // Mean 1/3 and deviation sqrt(1/18) of one: five deviations of the mean of 400.
      assertThat(sum / count).isBetween(1 / 3.0 - 0.06, 1 / 3.0 + 0.06);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"RANDOM", "SOBOL"})
  void constraintsThatNothingSatisfiesAreAProblem(Method method) {
    int[] asked = new int[1];
    Sampler sampler =
        method.over(
            Spaces.of("a = {uniform = [0, 1]}"),
            1,
            5,
            sample -> {
              asked[0]++;
              return false;
            });
    assertThatThrownBy(() -> sampler.sample(3))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "search.where: expected constraints that the space can satisfy, found none of 10,000"
                + " samples that does");
    assertThat(asked[0]).isEqualTo(10_000);
  }

  @Test
  void aGridWithoutAnAcceptedCombinationIsAProblem() {
    Sampler sampler = Method.GRID.over(Spaces.of("a = {int = [1, 3]}"), 1, 5, sample -> false);
    for (Runnable use : List.<Runnable>of(sampler::size, () -> sampler.sample(0))) {
      assertThatThrownBy(use::run)
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(
              "search.where: expected constraints that the space can satisfy, found none of 3"
                  + " combinations that does");
    }
  }

  @Test
  void aNewParameterChangesNoOtherRandomDraws() {
    Sampler before = Spaces.sampler(Method.RANDOM, Spaces.of(BRANCHES), 6);
    SearchSpace larger =
        Spaces.of(
            BRANCHES.replace("name = sgd", "name = sgd, nesterov = {uniform = [0, 1]}")
                + "augment = [{x = {uniform = [0, 1]}}], zoom = {uniform = [0, 1]}");
    Sampler after = Spaces.sampler(Method.RANDOM, larger, 6);
    for (int trial = 0; trial < 100; trial++) {
      assertThat(after.sample(trial).values()).containsAllEntriesOf(before.sample(trial).values());
    }
  }

  @Test
  void parametersWithTheSameKeyInDifferentBranchesAreDrawnIndependently() {
    SearchSpace space =
        Spaces.of(
            "o.choice = [{name = a, x = {uniform = [0, 1]}}, {name = b, x = {uniform = [0, 1]}}]");
    Sampler sampler = Spaces.sampler(Method.RANDOM, space, 6);
    double[] point = sampler.sample(0).point();
    assertThat(Arrays.stream(point).distinct().count()).isEqualTo(3);
  }

  @Test
  void onlyGridsEnd() {
    assertThat(Spaces.sampler(Method.RANDOM, Spaces.of(BRANCHES), 1).size()).isEmpty();
    assertThat(Spaces.sampler(Method.SOBOL, Spaces.of(BRANCHES), 1).size()).isEmpty();
    // Learning rates, batch sizes, and sgd or adam with five beta1 and two epsilons.
    assertThat(Spaces.sampler(Method.GRID, Spaces.of(BRANCHES), 1).size())
        .hasValue(5 * 5 * (1 + 5 * 2));
  }

  @ParameterizedTest
  @EnumSource
  void aSpaceWithoutParametersHasTheOneSample(Method method) {
    Sampler sampler = Spaces.sampler(method, Spaces.of("a = 1"), 1);
    assertThat(sampler.sample(0).configuration()).isEqualTo(Spaces.parse("a = 1"));
    if (method == Method.GRID) {
      assertThat(sampler.size()).hasValue(1);
    }
  }

  @Test
  void aGridIsEveryCombinationTheFirstParameterSlowest() {
    Sampler sampler =
        Spaces.sampler(
            Method.GRID,
            Spaces.of(
                "a = {int = [1, 2]}, b.choice = [{name = x}, {name = y, c = {choice = [p, q]}}]"),
            1);
    assertThat(sampler.size()).hasValue(6);
    assertThat(values(sampler, 6))
        .containsExactly(
            Map.of("a", 1L, "b", "x"),
            Map.of("a", 1L, "b", "y", "b.c", "p"),
            Map.of("a", 1L, "b", "y", "b.c", "q"),
            Map.of("a", 2L, "b", "x"),
            Map.of("a", 2L, "b", "y", "b.c", "p"),
            Map.of("a", 2L, "b", "y", "b.c", "q"));
  }

  @Test
  void aGridOfSiblingsThatOptionsHideHasNoCombinationTwice() {
    Sampler sampler =
        Spaces.sampler(
            Method.GRID,
            Spaces.of("o { x = {int = [1, 3]}, choice = [{n = 1}, {n = 2, x = 7}] }"),
            1);
    Set<Object> configurations =
        IntStream.range(0, (int) sampler.size().orElseThrow())
            .mapToObj(trial -> sampler.sample(trial).configuration().root().unwrapped())
            .collect(Collectors.toSet());
    assertThat(sampler.size()).hasValue(4);
    assertThat(configurations).hasSize(4);
  }

  @Test
  void aTrialBeyondTheGridIsRefused() {
    Sampler sampler =
        Method.GRID.over(
            Spaces.of("a = {int = [1, 5]}"),
            1,
            5,
            sample -> sample.configuration().getInt("a") % 2 == 1);
    assertThat(sampler.size()).hasValue(3);
    assertThat(values(sampler, 3))
        .containsExactly(Map.of("a", 1L), Map.of("a", 3L), Map.of("a", 5L));
    assertThatThrownBy(() -> sampler.sample(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot sample trial 3: expected one below the 3 of the grid.");
  }

  @Test
  void aGridInABoxHasItsPointsInsideIt() {
    SearchSpace space =
        Spaces.of("a = {uniform = [0, 8]}, b = {choice = [x, y, z]}, c = {int = [1, 100]}");
    Sampler sampler = Method.GRID.over(space, 1, 3, sample -> true);
    Sample low = space.at(new double[] {0.25, 0, 0.205});
    Sample high = space.at(new double[] {0.5, 0.99, 0.225});
    Box box = Box.whole(space).around(List.of(low, high), 0.001);
    assertThat(sampler.size(box)).hasValue(3 * 2 * 3);
    Set<Object> a = new HashSet<>();
    Set<Object> b = new HashSet<>();
    Set<Object> c = new HashSet<>();
    for (int trial = 0; trial < 18; trial++) {
      Map<String, Object> values = sampler.sample(trial, box).values();
      a.add(values.get("a"));
      b.add(values.get("b"));
      c.add(values.get("c"));
    }
    assertThat(a).containsExactlyInAnyOrder(2.0, 3.0, 4.0);
    assertThat(b).containsExactlyInAnyOrder("x", "z");
    assertThat(c).containsExactlyInAnyOrder(21L, 22L, 23L);
  }

  @Test
  void aGridOfTooManyCombinationsIsAProblem() {
    SearchSpace space = Spaces.of("a = [" + "{uniform = [0, 1]},".repeat(17) + "]");
    assertThatThrownBy(() -> Method.GRID.over(space, 1, 2, sample -> true))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "Cannot sample by grid: expected a search space of at most 100,000 combinations, found"
                + " more.");
    assertThatThrownBy(() -> Method.GRID.over(space, 1, 0, sample -> true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1 value of a parameter, found 0");
  }

  @Test
  void moreParametersThanSobolSequencesHaveAreAProblem() {
    SearchSpace most = Spaces.of("a = [" + "{uniform = [0, 1]},".repeat(1000) + "]");
    assertThat(Spaces.sampler(Method.SOBOL, most, 1).sample(2).point()).hasSize(1000);
    SearchSpace more = Spaces.of("a = [" + "{uniform = [0, 1]},".repeat(1001) + "]");
    assertThatThrownBy(() -> Spaces.sampler(Method.SOBOL, more, 1))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "Cannot sample by sobol: expected a search space of at most 1,000 parameters, found"
                + " 1,001.");
  }
}
