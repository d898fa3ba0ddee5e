package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordedRunTest {
  /** Drawn data may come to more rounds in one epoch than in another; the last may be cut short. */
  @Test
  void roundsArePartsOfTheirEpochs() {
    assertThat(epochsDone(4, 4)).containsExactly(0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0);
    assertThat(epochsDone(2, 4, 1)).containsExactly(0.5, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25);
    assertThat(epochsDone(2)).containsExactly(0.5, 1.0);
    assertThat(epochsDone()).isEmpty();
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

  private static List<Double> epochsDone(int... roundsOfEpochs) {
    return List.copyOf(run(roundsOfEpochs).epochsDone().values());
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
