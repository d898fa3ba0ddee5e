package dev.convoy.driver.search.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.driver.trial.TrialEvent;
import dev.convoy.driver.trial.TrialState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ImportanceTest {
  private static final long SEED = 42;
  private static final int TRIALS = 300;

  /**
   * A forest smooths over some hundred trials, and ranks bend a function at the ends of its range:
   * each moves a share by some hundredths.
   */
  private static final double SURROGATE_ERROR = 0.06;

  /** What chance leaves to a hyperparameter that does nothing. */
  private static final double NOTHING = 0.02;

  private static final List<Axis> FOUR =
      Stream.of("x1", "x2", "x3", "x4").map(ImportanceTest::linear).toList();

  @Test
  void theSharesAreTheTotalEffectsOfTheMetric() {
    Importance importance =
        of(FOUR, ImportanceTest::uniform, at -> 3 * x(at, 1) + x(at, 2) * x(at, 3)).orElseThrow();
    // Variance 9/12 + 7/144; a factor of the product takes part in 1/48 + 1/144 of it.
    double total = 9.0 / 12 + 7.0 / 144;
    assertThat(share(importance, "x1")).isCloseTo(9.0 / 12 / total, within(SURROGATE_ERROR));
    assertThat(share(importance, "x2"))
        .isCloseTo(4.0 / 144 / total, within(SURROGATE_ERROR))
        .isGreaterThan(share(importance, "x4"));
    assertThat(share(importance, "x3"))
        .isCloseTo(4.0 / 144 / total, within(SURROGATE_ERROR))
        .isGreaterThan(share(importance, "x4"));
    assertThat(share(importance, "x4")).isLessThan(NOTHING);
    assertThat(importance.trials()).isEqualTo(TRIALS);
  }

  @Test
  void theLargestShareStandsFirst() {
    List<Importance.Share> shares =
        of(FOUR, ImportanceTest::uniform, at -> 3 * x(at, 4) + 2 * x(at, 2) + x(at, 1))
            .orElseThrow()
            .shares();
    assertThat(shares).extracting(Importance.Share::name).containsExactly("x4", "x2", "x1", "x3");
  }

  @Test
  void equalPartsHaveEqualShares() {
    Importance importance =
        of(FOUR, ImportanceTest::uniform, at -> x(at, 1) + x(at, 2)).orElseThrow();
    assertThat(share(importance, "x1")).isCloseTo(0.5, within(SURROGATE_ERROR));
    assertThat(share(importance, "x2")).isCloseTo(0.5, within(SURROGATE_ERROR));
  }

  @Test
  void theFitTellsAFunctionFromNoise() {
    Random noise = new Random(5);
    assertThat(of(FOUR, ImportanceTest::uniform, at -> 3 * x(at, 1)).orElseThrow().surrogateFit())
        .isBetween(0.95, 1.0);
    assertThat(
            of(FOUR, ImportanceTest::uniform, at -> noise.nextDouble())
                .orElseThrow()
                .surrogateFit())
        .isLessThan(0.1);
  }

  @Test
  void oneDivergedTrialDoesNotDrownTheRest() {
    List<TrialEvent> trials = trials(ImportanceTest::uniform, at -> 3 * x(at, 1) + x(at, 2));
    Importance before = of(FOUR, trials).orElseThrow();
    trials = new ArrayList<>(trials);
    trials.set(0, trial(0, OptionalDouble.of(1e30), trials.get(0).values()));
    trials.set(1, trial(1, OptionalDouble.of(Double.POSITIVE_INFINITY), trials.get(1).values()));
    Importance after = of(FOUR, trials).orElseThrow();
    for (Axis axis : FOUR) {
      assertThat(share(after, axis.name()))
          .isCloseTo(share(before, axis.name()), within(SURROGATE_ERROR));
    }
  }

  @Test
  void onlyTheOrderOfMetricsCounts() {
    ToDoubleFunction<Map<String, Object>> metric = at -> 3 * x(at, 1) + x(at, 2);
    assertThat(of(FOUR, few(at -> Math.exp(metric.applyAsDouble(at)))))
        .isPresent()
        .isEqualTo(of(FOUR, few(metric)));
  }

  @Test
  void categoriesCount() {
    List<Axis> axes = List.of(categorical("kind", "p", "q", "r"), linear("x1"));
    IntFunction<Map<String, Object>> draws =
        i -> {
          Random random = random(i);
          return Map.of(
              "kind", List.of("p", "q", "r").get(random.nextInt(3)), "x1", random.nextDouble());
        };
    // q above both others, whatever the order of names; x1 half as wide as that step.
    Importance importance =
        of(axes, draws, at -> (at.get("kind").equals("q") ? 1 : 0) + 0.5 * x(at, 1)).orElseThrow();
    assertThat(importance.shares().get(0).name()).isEqualTo("kind");
    // Variances 2/9 and 1/48. Ranks close the gap between the groups.
    assertThat(share(importance, "kind")).isBetween(0.6, 0.95);
    assertThat(share(importance, "x1")).isGreaterThan(0.05);
  }

  @Test
  void booleansAndWholeNumbersCount() {
    List<Axis> axes = List.of(linear("flag"), linear("count"));
    IntFunction<Map<String, Object>> draws =
        i -> {
          Random random = random(i);
          return Map.of("flag", random.nextBoolean(), "count", (long) random.nextInt(8));
        };
    Importance importance =
        of(axes, draws, at -> at.get("flag").equals(true) ? 1 : 0).orElseThrow();
    assertThat(share(importance, "flag")).isCloseTo(1, within(SURROGATE_ERROR));
    assertThat(share(importance, "count")).isLessThan(NOTHING);
  }

  @Test
  void aLogarithmicAxisCountsByItsLogarithm() {
    List<Axis> axes = List.of(new Axis("rate", true, Optional.empty()), linear("x1"));
    IntFunction<Map<String, Object>> draws =
        i -> {
          Random random = random(i);
          return Map.of("rate", Math.pow(10, -6 * random.nextDouble()), "x1", random.nextDouble());
        };
    Importance importance =
        of(axes, draws, at -> Math.log10((double) at.get("rate")) / 6 + x(at, 1)).orElseThrow();
    assertThat(share(importance, "rate")).isCloseTo(0.5, within(SURROGATE_ERROR));
    assertThat(share(importance, "x1")).isCloseTo(0.5, within(SURROGATE_ERROR));
  }

  @Test
  void aConditionalHyperparameterCountsWhereItIsActive() {
    List<Axis> axes = List.of(categorical("rule", "adam", "sgd"), linear("momentum"), linear("x1"));
    Importance importance =
        of(axes, ImportanceTest::optimizers, at -> (double) at.getOrDefault("momentum", 0.5))
            .orElseThrow();
    assertThat(importance.shares().get(0).name()).isEqualTo("momentum");
    assertThat(share(importance, "x1")).isLessThan(NOTHING);
  }

  @Test
  void aConditionalHyperparameterDoesNotTakeWhatIsItsConditions() {
    List<Axis> axes = List.of(categorical("rule", "adam", "sgd"), linear("momentum"), linear("x1"));
    Importance importance =
        of(axes, ImportanceTest::optimizers, at -> at.get("rule").equals("sgd") ? 1 : 0)
            .orElseThrow();
    assertThat(share(importance, "rule")).isCloseTo(1, within(SURROGATE_ERROR));
    assertThat(share(importance, "momentum")).isLessThan(NOTHING);
  }

  @Test
  void theSameArgumentsGiveTheSameAnswer() {
    List<TrialEvent> trials = few(at -> x(at, 1) * x(at, 2));
    Importance importance = of(FOUR, trials).orElseThrow();
    assertThat(of(FOUR, trials)).contains(importance);
    assertThat(Importance.of(FOUR, trials, ImportanceTest::uniform, SEED + 1))
        .isNotEqualTo(Optional.of(importance));
  }

  @Test
  void manyTrialsAreSampled() {
    List<TrialEvent> trials =
        IntStream.range(0, 1500)
            .mapToObj(i -> trial(i, OptionalDouble.of(x(uniform(i), 1)), uniform(i)))
            .toList();
    Importance importance = of(FOUR.subList(0, 1), trials).orElseThrow();
    assertThat(importance.trials()).isEqualTo(1000);
    assertThat(share(importance, "x1")).isCloseTo(1, within(SURROGATE_ERROR));
  }

  @Test
  void tooFewTrialsWithAMetricHaveNone() {
    List<TrialEvent> trials =
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    trial(
                        i,
                        i < 9
                            ? OptionalDouble.of(i)
                            : i < 50 ? OptionalDouble.of(Double.NaN) : OptionalDouble.empty(),
                        uniform(i)))
            .toList();
    assertThat(of(FOUR, trials)).isEmpty();
    assertThat(of(FOUR, List.of())).isEmpty();
  }

  @Test
  void tenTrialsAreEnough() {
    List<TrialEvent> trials =
        trials(ImportanceTest::uniform, at -> x(at, 1)).subList(0, Importance.MIN_TRIALS);
    assertThat(of(FOUR, trials)).isPresent();
  }

  @Test
  void equalMetricsHaveNone() {
    assertThat(of(FOUR, ImportanceTest::uniform, at -> 0.1)).isEmpty();
  }

  @Test
  void aSpaceOfNothingHasNone() {
    assertThat(of(List.of(), trials(ImportanceTest::uniform, at -> x(at, 1)))).isEmpty();
  }

  @Test
  void whatHasNoLogarithmIsRefused() {
    List<Axis> axes = List.of(new Axis("x1", true, Optional.empty()));
    assertThatThrownBy(() -> of(axes, i -> Map.of("x1", -1.0 * i), at -> -x(at, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot place x1: expected a finite positive number, found -");
  }

  @Test
  void whatIsNoNumberIsRefused() {
    assertThatThrownBy(
            () ->
                of(
                    FOUR.subList(0, 1),
                    i -> Map.of("x1", i % 2 == 0 ? List.of() : 0.5),
                    at -> at.hashCode()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot place x1: expected a number, found []");
  }

  private static Optional<Importance> of(
      List<Axis> axes,
      IntFunction<Map<String, Object>> draws,
      ToDoubleFunction<Map<String, Object>> metric) {
    return Importance.of(axes, trials(draws, metric), draws, SEED);
  }

  private static Optional<Importance> of(List<Axis> axes, List<TrialEvent> trials) {
    return Importance.of(axes, trials, ImportanceTest::uniform, SEED);
  }

  /** Trials at points that are none of the first draws. */
  private static List<TrialEvent> trials(
      IntFunction<Map<String, Object>> draws, ToDoubleFunction<Map<String, Object>> metric) {
    return IntStream.range(0, TRIALS)
        .mapToObj(
            i -> {
              Map<String, Object> values = draws.apply(1_000_000 + i);
              return trial(i, OptionalDouble.of(metric.applyAsDouble(values)), values);
            })
        .toList();
  }

  /** As many as it takes where their answer does not count. */
  private static List<TrialEvent> few(ToDoubleFunction<Map<String, Object>> metric) {
    return trials(ImportanceTest::uniform, metric).subList(0, 50);
  }

  private static TrialEvent trial(int number, OptionalDouble metric, Map<String, Object> values) {
    return TrialEvents.of(number, TrialState.COMPLETED, 1, metric, values, number + 1L);
  }

  private static Map<String, Object> uniform(int i) {
    Random random = random(i);
    Map<String, Object> values = new HashMap<>();
    FOUR.forEach(axis -> values.put(axis.name(), random.nextDouble()));
    return values;
  }

  private static Map<String, Object> optimizers(int i) {
    Random random = random(i);
    Map<String, Object> values = new HashMap<>();
    values.put("x1", random.nextDouble());
    if (random.nextBoolean()) {
      values.put("rule", "sgd");
      values.put("momentum", random.nextDouble());
    } else {
      values.put("rule", "adam");
    }
    return values;
  }

  private static Random random(int i) {
    return new Random(0x9E3779B97F4A7C15L * (i + 1));
  }

  private static Axis linear(String name) {
    return new Axis(name, false, Optional.empty());
  }

  private static Axis categorical(String name, String... categories) {
    return new Axis(name, false, Optional.of(List.of(categories)));
  }

  private static double x(Map<String, Object> values, int number) {
    return (double) values.get("x" + number);
  }

  private static double share(Importance importance, String name) {
    return importance.shares().stream()
        .filter(share -> share.name().equals(name))
        .findFirst()
        .orElseThrow()
        .share();
  }
}
