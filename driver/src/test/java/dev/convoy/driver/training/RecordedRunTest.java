package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordedRunTest {
  @Test
  void roundsArePartsOfTheirEpochs() {
    assertThat(run(4, 4).epochsDone())
        .containsExactly(
            entry(1L, 0.25),
            entry(2L, 0.5),
            entry(3L, 0.75),
            entry(4L, 1.0),
            entry(5L, 1.25),
            entry(6L, 1.5),
            entry(7L, 1.75),
            entry(8L, 2.0));
  }

  /** Drawn data may come to more rounds in one epoch than in another. */
  @Test
  void epochsMayHaveSeveralLengths() {
    assertThat(run(2, 4, 1).epochsDone())
        .containsExactly(
            entry(1L, 0.5),
            entry(2L, 1.0),
            entry(3L, 1.25),
            entry(4L, 1.5),
            entry(5L, 1.75),
            entry(6L, 2.0),
            entry(7L, 2.25));
  }

  @Test
  void theFirstEpochIsTakenForWholeWhereNoneIsKnown() {
    assertThat(run(2).epochsDone()).containsExactly(entry(1L, 0.5), entry(2L, 1.0));
    assertThat(run().epochsDone()).isEmpty();
  }

  @Test
  void theBestIsTheLastThatWasBetter() {
    List<ObjectNode> lines =
        List.of(evaluation(1, true), evaluation(2, true), evaluation(3, false));
    RecordedRun run =
        new RecordedRun("run", Map.of(), MissingNode.getInstance(), List.of(), List.copyOf(lines));
    assertThat(run.best().path("round").asInt()).isEqualTo(2);
    assertThat(run.status()).isEqualTo("unfinished");
    assertThat(run().best().isMissingNode()).isTrue();
  }

  private static ObjectNode evaluation(int round, boolean improved) {
    return JsonNodeFactory.instance.objectNode().put("round", round).put("improved", improved);
  }

  /** Of epochs with so many rounds each. */
  private static RecordedRun run(int... roundsOfEpochs) {
    List<RoundLine> rounds = new ArrayList<>();
    for (int epoch = 0; epoch < roundsOfEpochs.length; epoch++) {
      for (int i = 0; i < roundsOfEpochs[epoch]; i++) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("epoch", epoch + 1).put("round", rounds.size() + 1);
        rounds.add(RoundLine.of(line));
      }
    }
    return new RecordedRun("run", Map.of(), MissingNode.getInstance(), rounds, List.of());
  }
}
