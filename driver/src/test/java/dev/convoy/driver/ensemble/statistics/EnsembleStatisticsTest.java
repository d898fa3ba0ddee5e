package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.ensemble.predictions.TablePredictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EnsembleStatisticsTest {
  private static final Pattern KEBAB_CASE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private final TablePredictions predictions =
      TablePredictions.random(1, 300, 4, 6).withRandomParts(2);
  private final EnsembleStatistics statistics =
      EnsembleStatistics.of(predictions, TablePredictions::softVote, 3);

  @Test
  void onePassTellsWhatEachStatisticTellsAlone() {
    assertThat(statistics.quality().ensemble())
        .isEqualTo(Scores.of(predictions, TablePredictions::softVote));
    assertThat(statistics.quality().confusion().counts())
        .isDeepEqualTo(alone(new ConfusionMatrix.Counts(6)).counts());
    assertThat(statistics.quality().ranking())
        .isEqualTo(alone(RankingCurves.Sample.of(predictions, 3, RankingCurves.MAX_VALUES)));
    assertThat(statistics.diversity().yulesQ().pairs())
        .isEqualTo(alone(Diversity.Sums.of(predictions, 3)).yulesQ().pairs());
    assertThat(statistics.memberCount()).isEqualTo(alone(MemberCountCurve.Sums.of(predictions, 3)));
    assertThat(statistics.confidence().uncertainty()).isEqualTo(alone(new Uncertainty.Sums()));
    assertThat(statistics.confidence().rejection()).isEqualTo(alone(new RejectionCurve.Sums(300)));
    assertThat(statistics.confidence().leastSure())
        .isEqualTo(alone(new LeastSure.Queue(EnsembleStatistics.LEAST_SURE)));
  }

  private <R> R alone(Statistic<R> statistic) {
    return Statistic.of(predictions, TablePredictions::softVote, statistic);
  }

  @Test
  void examplesWithoutAnswerAreCountedApart() {
    int answered =
        (int)
            Arrays.stream(predictions.parts())
                .filter(parts -> parts[0] || parts[1] || parts[2] || parts[3])
                .count();
    assertThat(statistics.answers())
        .isEqualTo(new EnsembleStatistics.Answers(4, answered, 300 - answered));
    assertThat(answered).isBetween(1, 299);
  }

  @Test
  void jsonHasTheKeysOfTheSummary() {
    ObjectNode json = statistics.toJson();
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "answers", "quality", "diversity", "member-count", "decomposition", "doubt");
    Set<String> keys = new TreeSet<>();
    collect(json, keys);
    assertThat(keys)
        .allMatch(key -> KEBAB_CASE.matcher(key).matches())
        .contains(
            "negative-log-likelihood",
            "top-five-accuracy",
            "expected-error",
            "macro-mean",
            "area-under-roc",
            "average-precision",
            "false-positive-rate",
            "yules-q",
            "in-order",
            "weighted-noise",
            "net-variance",
            "squared-bias",
            "mutual-information",
            "kept-share",
            "predictive-entropy");
    assertThat(json.at("/quality/ensemble/accuracy").asDouble())
        .isEqualTo(statistics.quality().ensemble().accuracy());
    assertThat(json.at("/diversity/disagreement/pairs/0/1").asDouble())
        .isEqualTo(statistics.diversity().disagreement().pairs().get(0).get(1));
    assertThat(json.at("/quality/confusion/counts/2/2").asLong())
        .isEqualTo(statistics.quality().confusion().counts()[2][2]);
  }

  private static void collect(JsonNode node, Set<String> keys) {
    node.fieldNames().forEachRemaining(keys::add);
    node.forEach(child -> collect(child, keys));
  }

  @Test
  void whatIsUndefinedIsNullInJson() throws JsonProcessingException {
    JsonNode json = statistics.toJson();
    assertThat(json.at("/diversity/disagreement/pairs/0/0").isNull()).isTrue();
    JsonNode alone =
        EnsembleStatistics.of(
                TablePredictions.sure(2, new int[] {0}, new int[][] {{0}}),
                TablePredictions::softVote,
                1)
            .toJson();
    assertThat(alone.at("/diversity/disagreement/mean").isNull()).isTrue();
    assertThat(alone.at("/quality/ensemble/calibration/bins/0/accuracy").isNull()).isTrue();
    assertThat(alone.at("/doubt/uncertainty/wrong-answers/disagreement").isNull()).isTrue();
    String text = new ObjectMapper().writeValueAsString(alone);
    assertThat(text).doesNotContain("NaN").doesNotContain("Infinity");
    assertThat(new ObjectMapper().readTree(text)).isNotEmpty();
  }

  @Test
  void theSameArgumentsGiveTheSameBytes() {
    assertThat(
            EnsembleStatistics.of(predictions, TablePredictions::softVote, 3).toJson().toString())
        .isEqualTo(statistics.toJson().toString());
  }

  @Test
  void theOrderOfMembersChangesNoScoreOfTheEnsemble() {
    EnsembleStatistics permuted =
        EnsembleStatistics.of(predictions.permuted(3, 2, 0, 1), TablePredictions::softVote, 3);
    // Sixteenths add up exactly in any order.
    assertThat(permuted.quality().ensemble()).isEqualTo(statistics.quality().ensemble());
    assertThat(permuted.quality().ranking()).isEqualTo(statistics.quality().ranking());
    assertThat(permuted.confidence().leastSure()).isEqualTo(statistics.confidence().leastSure());
    assertThat(permuted.decomposition().zeroOne()).isEqualTo(statistics.decomposition().zeroOne());
    List<Scores> expected = new ArrayList<>();
    for (int member : new int[] {3, 2, 0, 1}) {
      expected.add(statistics.quality().members().get(member));
    }
    assertThat(permuted.quality().members()).isEqualTo(expected);
  }

  @Test
  void withoutAnyAnswerNothingIsDefined() {
    TablePredictions none =
        new TablePredictions(
            3, new int[] {0, 1}, new float[2][6], new boolean[][] {new boolean[2], new boolean[2]});
    EnsembleStatistics empty = EnsembleStatistics.of(none, TablePredictions::softVote, 1);
    assertThat(empty.answers()).isEqualTo(new EnsembleStatistics.Answers(2, 0, 2));
    assertThat(empty.quality().ensemble().accuracy()).isNaN();
    assertThat(empty.confidence().rejection().area()).isNaN();
    assertThat(empty.decomposition().squared().loss()).isNaN();
    assertThat(empty.toJson().at("/quality/ensemble/accuracy").isNull()).isTrue();
  }

  @Test
  void wrongLabelsAndDivergedMembersAreRefused() {
    float[][] answers = {{0.5f, 0.5f, 0.5f, 0.5f}};
    assertThatThrownBy(() -> statisticsOf(TablePredictions.of(2, new int[] {2}, answers)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot measure the ensemble: expected labels from 0 to 1, found 2 at example 0");
    float[][] diverged = {{0.5f, 0.5f, Float.NaN, 0.5f}};
    assertThatThrownBy(() -> statisticsOf(TablePredictions.of(2, new int[] {1}, diverged)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot measure the ensemble: expected probabilities, found NaN of member 1 at example"
                + " 0. Leave out members that diverged.");
  }

  @Test
  void combinationsThatAreNoProbabilitiesAreRefused() {
    assertThatThrownBy(
            () ->
                EnsembleStatistics.of(
                    predictions, (probabilities, parts, into) -> Arrays.fill(into, Double.NaN), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot measure the ensemble: expected probabilities, found NaN combined at example ");
  }

  private static EnsembleStatistics statisticsOf(TablePredictions wrong) {
    return EnsembleStatistics.of(wrong, TablePredictions::softVote, 1);
  }
}
