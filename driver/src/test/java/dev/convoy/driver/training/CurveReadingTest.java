package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurveReadingTest {
  private static final int ROUNDS = 100;
  private static final int EVALUATIONS = 20;

  /** As a good run: most of the fall is early, and little is left in the end. */
  private static double good(double part) {
    return 0.2 + 2.1 * Math.exp(-6 * part);
  }

  @Test
  void aGoodRunSuggestsNothing() {
    assertThat(read(CurveReadingTest::good, part -> 1.3 * good(part))).isEmpty();
  }

  @Test
  void anEvenFallSuggestsAHigherRate() {
    assertThat(read(part -> 2.3 - part, part -> 1.3 * (2.3 - part)))
        .singleElement()
        .asString()
        .contains("the rate is too low", "from 2.29 to 1.34");
  }

  @Test
  void aPlateauAfterASteepFallSuggestsALowerRate() {
    DoubleUnaryOperator plateau = part -> 1.2 + 1.1 * Math.exp(-60 * part);
    assertThat(read(plateau, part -> 1.3 * plateau.applyAsDouble(part)))
        .singleElement()
        .asString()
        .contains("fell steeply at first and has stayed at about 1.2", "the rate is too high");
  }

  @Test
  void aLossThatDoesNotFallSuggestsACheck() {
    assertThat(read(part -> 2.3 + 0.1 * part, part -> 3 + 0 * part))
        .singleElement()
        .asString()
        .contains("did not fall", "convoy check");
  }

  @Test
  void theUpdatesTellWhetherTheRateIsToBlame() {
    DoubleUnaryOperator even = part -> 2.3 - part;
    DoubleUnaryOperator rising = part -> 2.3 + 0.1 * part;
    assertThat(withRatio(even, 3e-5))
        .contains("the rate is too low (a step changes the weights by 3e-05 of their norm")
        .endsWith("where 1e-03 is usual). Raise optimizer.learning-rate.");
    assertThat(withRatio(even, 2e-2)).contains("the run is too short").contains("training.epochs");
    assertThat(withRatio(even, 1e-3)).contains("the rate is too low, or the run too short");
    assertThat(withRatio(rising, 2e-2)).contains("the rate is too high (");
    assertThat(withRatio(rising, 3e-5)).contains("the rate is far too low (");
    assertThat(withRatio(rising, 1e-3)).contains("the rate is too high or far too low, or");
  }

  private static String withRatio(DoubleUnaryOperator training, double ratio) {
    List<JsonNode> rounds = lines(ROUNDS, training, 1);
    for (JsonNode line : rounds) {
      ObjectNode groups = ((ObjectNode) line).putObject("layer-groups");
      groups.putObject("first").put("update-ratio", ratio / 3);
      groups.putObject("lower").put("update-ratio", ratio);
      groups.putObject("output").put("update-ratio", 3 * ratio);
    }
    return CurveReading.of(rounds(rounds), List.of()).suggestions().get(0);
  }

  @Test
  void aValidationLossThatGrowsSuggestsMoreRegularisation() {
    DoubleUnaryOperator growing = part -> 1 + 4 * (part - 0.4) * (part - 0.4);
    assertThat(read(CurveReadingTest::good, growing))
        .singleElement()
        .asString()
        .contains("overfitting", "lowest at evaluation 8 of 20 (1.00)", "more regularisation");
  }

  @Test
  void aGapThatDoesNotGrowIsSaidToo() {
    assertThat(read(CurveReadingTest::good, part -> 3 * good(part)))
        .singleElement()
        .asString()
        .contains("far above the training loss");
  }

  @Test
  void noGapWhereMuchIsLeftSuggestsMoreCapacity() {
    DoubleUnaryOperator high = part -> 1 + 1.3 * Math.exp(-8 * part);
    assertThat(read(high, high)).singleElement().asString().contains("more capacity");
  }

  @Test
  void tooFewRoundsSuggestNothing() {
    assertThat(CurveReading.of(rounds(lines(5, part -> 2.3, 1)), List.of()).suggestions())
        .isEmpty();
  }

  private static List<String> read(DoubleUnaryOperator training, DoubleUnaryOperator validation) {
    return CurveReading.of(
            rounds(lines(ROUNDS, training, 1)),
            lines(EVALUATIONS, validation, ROUNDS / EVALUATIONS))
        .suggestions();
  }

  private static List<RoundLine> rounds(List<JsonNode> lines) {
    return lines.stream().map(RoundLine::of).toList();
  }

  /** A curve over the parts of a run, from 0 to 1. */
  private static List<JsonNode> lines(int count, DoubleUnaryOperator loss, int every) {
    return new ArrayList<>(
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    JsonNodeFactory.instance
                        .objectNode()
                        .put("round", (i + 1) * every)
                        .put("loss", loss.applyAsDouble((i + 1.0) * every / ROUNDS)))
            .toList());
  }
}
