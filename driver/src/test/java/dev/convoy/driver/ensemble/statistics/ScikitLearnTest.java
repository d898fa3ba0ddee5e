package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.ensemble.Python;
import dev.convoy.driver.ensemble.predictions.TablePredictions;
import dev.convoy.driver.ensemble.statistics.ConfusionMatrix.ClassScores;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scores that scikit-learn has too are scikit-learn's. */
class ScikitLearnTest {
  /** Other orders of sums, and log_loss's own floor and normalisation. */
  private static final double AGREEMENT = 1e-6;

  private static final ObjectMapper JSON = new ObjectMapper();

  private static Python python;

  @TempDir private Path directory;

  @BeforeAll
  static void findScikitLearn() throws Exception {
    python = Python.with("sklearn");
  }

  @ParameterizedTest
  @CsvSource({"1,1,1000,3", "2,4,2000,7", "3,8,3000,20", "4,2,500,2"})
  void ofRandomAnswersWithManyEqualProbabilities(long seed, int members, int examples, int classes)
      throws Exception {
    assertAgreement(TablePredictions.random(seed, examples, members, classes));
  }

  @Test
  void ofConfidentAnswers() throws Exception {
    assertAgreement(TablePredictions.confident(5, 2000, 3, 10));
  }

  private void assertAgreement(TablePredictions predictions) throws Exception {
    JsonNode expected = scikitLearn(predictions);
    EnsembleStatistics statistics =
        EnsembleStatistics.of(predictions, TablePredictions::softVote, 1);

    assertScores(statistics.quality().ensemble(), expected);
    assertConfusion(statistics.quality().confusion(), expected);
    assertRanking(statistics.quality().ranking(), expected);
  }

  @Test
  void ofClassesThatAreNeverPredicted() throws Exception {
    // All examples are taken for class 0; of class 3 there are none.
    int[] labels = {0, 1, 2, 0, 1, 2, 0};
    TablePredictions predictions = TablePredictions.sure(4, labels, new int[7][2]);
    JsonNode expected = scikitLearn(predictions);
    assertScores(Scores.of(predictions, TablePredictions::softVote), expected);
    assertConfusion(
        EnsembleStatistics.of(predictions, TablePredictions::softVote, 1).quality().confusion(),
        expected);
  }

  private static void assertScores(Scores found, JsonNode expected) {
    assertNumber(found.accuracy(), expected, "accuracy");
    assertNumber(found.topFiveAccuracy(), expected, "top-five-accuracy");
    assertNumber(found.negativeLogLikelihood(), expected, "negative-log-likelihood");
    assertNumber(found.brier(), expected, "brier");
    assertNumber(found.calibration().expectedError(), expected, "expected-calibration-error");
    assertNumber(found.calibration().maximumError(), expected, "maximum-calibration-error");
  }

  private static void assertConfusion(ConfusionMatrix found, JsonNode expected) {
    int classes = found.classes().size();
    for (int actual = 0; actual < classes; actual++) {
      for (int predicted = 0; predicted < classes; predicted++) {
        assertThat(found.counts()[actual][predicted])
            .isEqualTo(expected.at("/confusion/" + actual + "/" + predicted).asLong(-1));
      }
    }
    assertNumbers(found.classes(), ClassScores::precision, expected, "precision");
    assertNumbers(found.classes(), ClassScores::recall, expected, "recall");
    assertNumbers(found.classes(), ClassScores::f1, expected, "f1");
    assertNumbers(found.classes(), ClassScores::support, expected, "support");
    assertNumber(found.macroMean().precision(), expected, "macro-precision");
    assertNumber(found.macroMean().recall(), expected, "macro-recall");
    assertNumber(found.macroMean().f1(), expected, "macro-f1");
  }

  private static void assertRanking(RankingCurves found, JsonNode expected) {
    assertNumbers(
        found.classes(), curves -> curves.areas().areaUnderRoc(), expected, "area-under-roc");
    assertNumbers(
        found.classes(),
        curves -> curves.areas().averagePrecision(),
        expected,
        "average-precision");
    assertNumber(found.macroMean().areaUnderRoc(), expected, "macro-area-under-roc");
    assertNumber(found.weightedMean().areaUnderRoc(), expected, "weighted-area-under-roc");
    assertNumber(found.macroMean().averagePrecision(), expected, "macro-average-precision");
    assertNumber(found.weightedMean().averagePrecision(), expected, "weighted-average-precision");
  }

  private static <T> void assertNumbers(
      List<T> found, ToDoubleFunction<T> value, JsonNode expected, String key) {
    assertThat(expected.path(key)).as(key).hasSize(found.size());
    for (int i = 0; i < found.size(); i++) {
      assertThat(value.applyAsDouble(found.get(i)))
          .as(key + " of class " + i)
          .isCloseTo(expected.path(key).path(i).asDouble(Double.NaN), within(AGREEMENT));
    }
  }

  private static void assertNumber(double found, JsonNode expected, String key) {
    assertThat(found).as(key).isCloseTo(expected.path(key).asDouble(Double.NaN), within(AGREEMENT));
  }

  private JsonNode scikitLearn(TablePredictions predictions) throws Exception {
    File answers = directory.resolve("answers.json").toFile();
    File scores = directory.resolve("scores.json").toFile();
    JSON.writeValue(answers, answers(predictions));
    python.run(directory, ScikitLearnTest.class, "scores.py", answers.getPath(), scores.getPath());
    return JSON.readTree(scores);
  }

  private static ObjectNode answers(TablePredictions predictions) {
    ObjectNode node = JSON.createObjectNode();
    ArrayNode labels = node.putArray("labels");
    ArrayNode probabilities = node.putArray("probabilities");
    EnsembleAnswer.forEach(
        predictions,
        TablePredictions::softVote,
        answer -> {
          labels.add(answer.label());
          ArrayNode row = probabilities.addArray();
          for (double probability : answer.probabilities()) {
            row.add(probability);
          }
        });
    return node;
  }
}
