package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountingTest {
  private static final int EPOCHS = 2;

  /** Fewer images than a batch, than workers x batch; short last batches; shards that differ. */
  @ParameterizedTest
  @CsvSource({"7, 3, 1", "7, 9, 1", "65, 3, 3", "65, 5, 3"})
  void everyImageIsTrainedOnOnceInEveryEpoch(int images, int workers, int frequency) {
    RunFiles run = Runs.newRun("accounting");
    Ended ended =
        Command.run(
            "train",
            Runs.experiment("reference.conf"),
            run.argument(),
            "model.hidden=[8]",
            "data.synthetic.train-examples=" + images,
            "data.validation=null",
            "training.early-stopping=off",
            "training.epochs=" + EPOCHS,
            "training.workers=" + workers,
            "training.averaging-frequency=" + frequency);
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    JsonNode examples = run.summary().path("examples");
    assertThat(examples.path("train").asInt()).isEqualTo(images);
    assertThat(examples.path("seen").asInt()).isEqualTo(EPOCHS * images);
    assertThat(
            run.lines("metrics.jsonl").stream()
                .filter(line -> line.path("type").asText().equals("round"))
                .mapToInt(line -> line.path("examples").asInt())
                .sum())
        .as("examples of all rounds")
        .isEqualTo(EPOCHS * images);
  }
}
