package dev.convoy.driver.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.driver.space.Sampler.Method;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BoxTest {
  private static final Offset<Double> ROUNDING = within(1e-12);

  /** The ends of a box in one dimension: the images of both ends of the cube. */
  private static void assertSide(Box box, int dimension, double low, double high) {
    int dimensions = dimension + 1;
    double[] last = IntStream.range(0, dimensions).mapToDouble(any -> 1).toArray();
    assertThat(box.squeeze(new double[dimensions])[dimension]).isCloseTo(low, ROUNDING);
    assertThat(box.squeeze(last)[dimension]).isCloseTo(high, ROUNDING);
  }

  private static Box around(SearchSpace space, double shrink, double... coordinates) {
    return Box.whole(space).around(samples(space, coordinates), shrink);
  }

  /** Samples of a space of one dimension. */
  private static List<Sample> samples(SearchSpace space, double... coordinates) {
    return IntStream.range(0, coordinates.length)
        .mapToObj(index -> space.at(new double[] {coordinates[index]}))
        .toList();
  }

  @Test
  void theWholeBoxChangesNoPoint() {
    SearchSpace space =
        Spaces.of("a = {uniform = [0, 1]}, b = {choice = [1, 2, 3], weights = [1, 2, 5]}");
    double[] point = {0.123, 0.999};
    assertThat(Box.whole(space).squeeze(point)).containsExactly(point);
  }

  @Test
  void aWideSetOfBestSamplesIsKeptAsItIs() {
    SearchSpace space = Spaces.of("a = {uniform = [0, 1]}");
    assertSide(around(space, 0.1, 0.4, 0.2, 0.7), 0, 0.2, 0.7);
  }

  @Test
  void aNarrowSetIsWidenedAroundItsCentre() {
    SearchSpace space = Spaces.of("a = {uniform = [0, 1]}");
    assertSide(around(space, 0.5, 0.5, 0.6), 0, 0.3, 0.8);
    assertSide(around(space, 0.5, 0.4), 0, 0.15, 0.65);
  }

  @Test
  void aBoxAtTheEdgeIsMovedInside() {
    SearchSpace space = Spaces.of("a = {uniform = [0, 1]}");
    assertSide(around(space, 0.5, 0.1), 0, 0, 0.5);
    assertSide(around(space, 0.5, 0.95), 0, 0.5, 1);
  }

  @Test
  void boxesAreNested() {
    SearchSpace space = Spaces.of("a = {uniform = [0, 1]}");
    Box first = around(space, 0.5, 0.3);
    assertSide(first, 0, 0.05, 0.55);
    Box second = first.around(samples(space, 0.54), 0.5);
    assertSide(second, 0, 0.3, 0.55);
    assertSide(second.around(samples(space, 0.4), 0.5), 0, 0.3375, 0.4625);
  }

  @Test
  void samplesStayInTheBoxAndFillIt() {
    SearchSpace space = Spaces.of("a = {uniform = [0, 10]}");
    Box box = around(space, 0.1, 0.25, 0.35);
    for (Method method : List.of(Method.RANDOM, Method.SOBOL)) {
      Sampler sampler = Spaces.sampler(method, space, 9);
      DoubleSummaryStatistics values =
          IntStream.range(0, 200)
              .mapToDouble(trial -> (Double) sampler.sample(trial, box).values().get("a"))
              .summaryStatistics();
      assertThat(values.getMin()).isBetween(2.5, 2.6);
      assertThat(values.getMax()).isBetween(3.4, 3.5);
    }
  }

  @Test
  void aLogarithmicScaleNarrowsInItsLogarithm() {
    SearchSpace space = Spaces.of("a = {log-uniform = [1e-4, 1]}");
    Box box = around(space, 0.5, 0.5);
    // Two of four decades around 1e-2.
    Function<Double, Object> value =
        unit -> space.at(box.squeeze(new double[] {unit})).values().get("a");
    assertThat((Double) value.apply(0.0)).isCloseTo(1e-3, within(1e-12));
    assertThat((Double) value.apply(0.5)).isCloseTo(1e-2, within(1e-12));
    assertThat((Double) value.apply(Distribution.LAST_UNIT)).isCloseTo(1e-1, within(1e-12));
  }

  @Test
  void optionsAreThoseAmongTheBestWithTheirRelativeWeights() {
    SearchSpace space = Spaces.of("a = {choice = [w, x, y, z], weights = [1, 3, 4, 2]}");
    Box box = around(space, 0.5, 0.2, 0.95);
    Sampler sampler = Spaces.sampler(Method.SOBOL, space, 2);
    Map<Object, Long> counts =
        IntStream.range(0, 1000)
            .mapToObj(trial -> sampler.sample(trial, box).values().get("a"))
            .collect(Collectors.groupingBy(label -> label, Collectors.counting()));
    assertThat(counts).containsOnlyKeys("x", "z");
    // A Sobol sequence misses an interval's share by a few points of a thousand.
    assertThat(counts.get("x")).isBetween(595L, 605L);
  }

  @Test
  void aParameterThatIsActiveInNoneOfTheBestKeepsItsSide() {
    SearchSpace space =
        Spaces.of(
            """
            o.choice = [{name = a, x = {uniform = [0, 1]}}, {name = b, y = {uniform = [0, 1]}}]
            z = {uniform = [0, 1]}
            """);
    Sample a = space.at(new double[] {0.25, 0.5, 0.9, 0.5});
    Box box = Box.whole(space).around(List.of(a), 0.2);
    assertSide(box, 1, 0.4, 0.6);
    assertSide(box, 2, 0, 1);
    assertSide(box, 3, 0.4, 0.6);
    assertThat(space.at(box.squeeze(new double[] {0.99, 0, 0, 0})).values().get("o"))
        .isEqualTo("a");
    Sample b = space.at(new double[] {0.75, 0.5, 0.9, 0.5});
    assertSide(Box.whole(space).around(List.of(a, b), 0.2), 1, 0.4, 0.6);
    assertSide(Box.whole(space).around(List.of(a, b), 0.2), 2, 0.8, 1);
  }

  @Test
  void wholeNumbersNarrowToThoseAroundTheBest() {
    SearchSpace space = Spaces.of("a = {int = [1, 100]}");
    Box box = around(space, 0.1, 0.495);
    Sampler sampler = Spaces.sampler(Method.RANDOM, space, 2);
    assertThat(
            IntStream.range(0, 500)
                .mapToObj(trial -> sampler.sample(trial, box).values().get("a"))
                .map(Long.class::cast)
                .distinct())
        .allMatch(value -> value >= 45 && value <= 55)
        .contains(45L, 55L);
  }

  @Test
  void equalBoxesAreTheSamePartOfTheSameSpace() {
    SearchSpace space = Spaces.of("a = {uniform = [0, 1]}");
    assertThat(around(space, 0.5, 0.3)).isEqualTo(around(space, 0.5, 0.3));
    assertThat(around(space, 0.5, 0.3)).hasSameHashCodeAs(around(space, 0.5, 0.3));
    assertThat(around(space, 0.5, 0.3)).isNotEqualTo(around(space, 0.5, 0.31));
    assertThat(Box.whole(space)).isNotEqualTo(Box.whole(Spaces.of("a = {uniform = [0, 1]}")));
  }

  @Test
  void nothingToNarrowToIsRefused() {
    SearchSpace space = Spaces.of("a = {uniform = [0, 1]}");
    assertThatThrownBy(() -> Box.whole(space).around(List.of(), 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot narrow a box: expected samples and a share in (0, 1], found 0 samples and 0.5.");
    for (double shrink : new double[] {0, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> around(space, shrink, 0.5))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("found 1 samples and " + shrink + ".");
    }
  }
}
