package dev.convoy.driver.ensemble.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.resample.Resample;
import dev.convoy.data.shard.Selection;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.ensemble.Python;
import dev.convoy.driver.ensemble.predictions.TablePredictions;
import dev.convoy.driver.ensemble.statistics.Scores;
import dev.convoy.worker.ensemble.Combination;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.GeometricMean;
import dev.convoy.worker.ensemble.HardVote;
import dev.convoy.worker.ensemble.SoftVote;
import dev.convoy.worker.ensemble.WeightedVote;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same predictions, combined and learned from here and by scikit-learn, NumPy and SciPy
 * (peers.py). Left out where there is no python3 with scikit-learn (Debian: python3-sklearn).
 */
class ScikitLearnParityTest {
  /** Both reckon in doubles from the same floats; regressions are at rest to more digits. */
  private static final double AGREEMENT = 1e-6;

  /** How near SciPy's SLSQP comes to the weights; the loss agrees to {@link #AGREEMENT}. */
  private static final double WEIGHTS_OF_SLSQP = 1e-4;

  private static final double TEMPERATURE = 1.7;
  private static final List<Double> WEIGHTS = List.of(0.5, 0.0, 1.25, 3.0);
  private static final int MEMBERS = 4;
  private static final int CLASSES = 5;
  private static final int EXAMPLES = 2_000;
  private static final long SEED = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final TablePredictions ALL =
      TablePredictions.trained(EXAMPLES, MEMBERS, CLASSES, 21);
  private static final TablePredictions SOME = ALL.outOfBag(21);
  private static final TablePredictions FRESH = TablePredictions.trained(500, MEMBERS, CLASSES, 22);

  /** Which examples each member was trained on, and how often. */
  private static final List<Selection> DRAWS =
      IntStream.range(0, MEMBERS)
          .mapToObj(
              member ->
                  new Resample(Resample.Method.BOOTSTRAP, 1, false, 2, SEED, member)
                      .draw(Listing.ofRecords("drawn", new int[EXAMPLES]), null))
          .toList();

  @TempDir private static Path directory;
  private static JsonNode peers;

  @BeforeAll
  static void askThePeers() throws IOException, InterruptedException {
    Python python = Python.with("sklearn");
    Path input = directory.resolve("input.json");
    Path output = directory.resolve("output.json");
    JSON.writeValue(input.toFile(), input());
    python.run(
        directory, ScikitLearnParityTest.class, "peers.py", input.toString(), output.toString());
    peers = JSON.readTree(output.toFile());
  }

  @Test
  void softVotesAgree() {
    assertAgrees("soft", ALL, new SoftVote());
  }

  @Test
  void weightedVotesAgree() {
    assertAgrees("weighted", ALL, new WeightedVote(WEIGHTS));
  }

  @Test
  void geometricMeansAgree() {
    assertAgrees("geometric", ALL, new GeometricMean());
  }

  @Test
  void softenedVotesAgree() {
    assertAgrees(
        "softened",
        ALL,
        new CombinationSettings(MEMBERS, CLASSES, new SoftVote(), TEMPERATURE).combination());
  }

  @Test
  void hardVotesAgreeButForTiesWhereThereTheFirstIsChosen() {
    int compared = 0;
    for (int example = 0; example < EXAMPLES; example++) {
      double[] combined = combined(ALL, example, new HardVote());
      int chosen = mostProbable(combined);
      long rivals = Arrays.stream(combined).filter(p -> combined[chosen] - p < AGREEMENT).count();
      if (rivals == 1) {
        assertThat(chosen).isEqualTo(peers.get("hard").get(example).intValue());
        compared++;
      }
    }
    assertThat(compared).isBetween(EXAMPLES / 2, EXAMPLES - 1);
  }

  @Test
  void stackedVotesAgreeOnFreshPredictions() {
    assertAgrees("stacked", FRESH, StackingFit.of(ALL, EXAMPLES, SEED));
  }

  @Test
  void stackedVotesLearnedOutOfBagAgreeOnFreshPredictions() {
    assertAgrees("stacked-out-of-bag", FRESH, StackingFit.of(SOME, EXAMPLES, SEED));
  }

  @Test
  void outOfBagScoresAgreeForTheseDraws() {
    boolean[][] unseen = new boolean[EXAMPLES][MEMBERS];
    for (int example = 0; example < EXAMPLES; example++) {
      for (int member = 0; member < MEMBERS; member++) {
        unseen[example][member] = DRAWS.get(member).times(example) == 0;
      }
    }
    TablePredictions outOfBag =
        new TablePredictions(CLASSES, ALL.labels(), ALL.probabilities(), unseen).answered();
    JsonNode expected = peers.get("out-of-bag");
    assertThat(outOfBag.examples()).isEqualTo(expected.get("examples").intValue());
    assertThat(outOfBag.examples()).isLessThan(EXAMPLES);
    assertThat(Scores.of(outOfBag, new SoftVote()).accuracy())
        .isCloseTo(expected.get("score").doubleValue(), within(AGREEMENT));
    for (int example = 0; example < outOfBag.examples(); example++) {
      double[] combined = combined(outOfBag, example, new SoftVote());
      for (int i = 0; i < CLASSES; i++) {
        assertThat(combined[i])
            .isCloseTo(
                expected.get("decisions").get(example).get(i).doubleValue(), within(AGREEMENT));
      }
    }
  }

  @Test
  void temperaturesAgree() {
    assertThat(TemperatureFit.of(ALL, new SoftVote()))
        .isCloseTo(peers.get("temperature").doubleValue(), within(AGREEMENT));
    assertThat(TemperatureFit.of(SOME, new SoftVote()))
        .isCloseTo(peers.get("temperature-out-of-bag").doubleValue(), within(AGREEMENT));
  }

  @Test
  void mixtureWeightsAgree() {
    assertAgrees(peers.get("mixture"), ALL);
    assertAgrees(peers.get("mixture-out-of-bag"), SOME);
  }

  private static void assertAgrees(JsonNode expected, TablePredictions predictions) {
    List<Double> weights = MemberWeights.of(predictions);
    assertThat(Scores.of(predictions, new WeightedVote(weights)).negativeLogLikelihood())
        .isCloseTo(expected.get("loss").doubleValue(), within(AGREEMENT));
    for (int member = 0; member < MEMBERS; member++) {
      assertThat(weights.get(member))
          .isCloseTo(expected.get("weights").get(member).doubleValue(), within(WEIGHTS_OF_SLSQP));
    }
  }

  private static void assertAgrees(
      String name, TablePredictions predictions, Combination combination) {
    JsonNode expected = peers.get(name);
    assertThat(expected.size()).isEqualTo(predictions.examples());
    for (int example = 0; example < predictions.examples(); example++) {
      double[] combined = combined(predictions, example, combination);
      for (int i = 0; i < CLASSES; i++) {
        assertThat(combined[i])
            .as("example %d, class %d", example, i)
            .isCloseTo(expected.get(example).get(i).doubleValue(), within(AGREEMENT));
      }
    }
  }

  private static double[] combined(
      TablePredictions predictions, int example, Combination combination) {
    double[] combined = new double[CLASSES];
    combination.combine(
        predictions.probabilities()[example], predictions.parts()[example], combined);
    return combined;
  }

  private static int mostProbable(double[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      best = probabilities[i] > probabilities[best] ? i : best;
    }
    return best;
  }

  private static ObjectNode input() {
    ObjectNode input = JSON.createObjectNode();
    Arrays.stream(ALL.labels()).forEach(input.putArray("labels")::add);
    WEIGHTS.forEach(input.putArray("weights")::add);
    putProbabilities(input.putArray("probabilities"), ALL);
    putProbabilities(input.putArray("fresh"), FRESH);
    ArrayNode parts = input.putArray("parts");
    for (boolean[] example : SOME.parts()) {
      ArrayNode row = parts.addArray();
      for (boolean part : example) {
        row.add(part);
      }
    }
    ArrayNode times = input.putArray("times");
    for (int example = 0; example < EXAMPLES; example++) {
      int position = example;
      ArrayNode row = times.addArray();
      DRAWS.forEach(draw -> row.add(draw.times(position)));
    }
    return input;
  }

  private static void putProbabilities(ArrayNode into, TablePredictions predictions) {
    for (float[] example : predictions.probabilities()) {
      ArrayNode members = into.addArray();
      for (int member = 0; member < MEMBERS; member++) {
        ArrayNode row = members.addArray();
        for (int i = 0; i < CLASSES; i++) {
          row.add((double) example[member * CLASSES + i]);
        }
      }
    }
  }
}
