package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.ensemble.predictions.TablePredictions;
import dev.convoy.worker.Probabilities;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeastSureTest {
  @Test
  void smallCaseByHand() {
    TablePredictions predictions =
        TablePredictions.of(
            2,
            new int[] {1, 1, 0, 0},
            new float[][] {{0.75f, 0.25f}, {0.5f, 0.5f}, {1, 0}, {0.25f, 0.75f}});
    assertThat(
            Statistic.of(predictions, TablePredictions::softVote, new LeastSure.Queue(2))
                .examples())
        .containsExactly(
            new LeastSure.Example(1, 1001, 1, 0, 0.5, 0.5, Math.log(2), null),
            new LeastSure.Example(
                0, 1000, 1, 0, 0.75, 0.25, Probabilities.entropy(new double[] {0.75, 0.25}), null));
  }

  @Test
  void theyAreTheFirstOfAllByEntropyThenIndex() {
    TablePredictions predictions = TablePredictions.random(1, 400, 2, 3).withRandomParts(5);
    List<LeastSure.Example> all = new ArrayList<>();
    EnsembleAnswer.forEach(
        predictions,
        TablePredictions::softVote,
        answer ->
            all.add(
                new LeastSure.Example(
                    answer.example(),
                    answer.id(),
                    answer.label(),
                    answer.predicted(),
                    answer.probabilities()[answer.predicted()],
                    answer.probabilities()[answer.label()],
                    answer.uncertainty().predictiveEntropy(),
                    null)));
    // A stable sort of examples that come in their order.
    all.sort(Comparator.comparingDouble(LeastSure.Example::predictiveEntropy).reversed());
    for (int count : new int[] {0, 1, 20, 400, 1000}) {
      assertThat(
              Statistic.of(predictions, TablePredictions::softVote, new LeastSure.Queue(count))
                  .examples())
          .isEqualTo(all.subList(0, Math.min(count, all.size())));
    }
  }
}
