package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.state.ReduceOnPlateau;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.state.TrainingState.Best;
import dev.convoy.driver.state.TrainingState.EpochTotals;
import dev.convoy.driver.state.TrainingState.Position;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.driver.state.TrainingState.Totals;
import dev.convoy.driver.state.TrainingState.Weights;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Checkpoints for tests. */
final class Checkpoints {
  private Checkpoints() {}

  /** A checkpoint after so many rounds, with something in every field. */
  static Checkpoint checkpoint(int rounds) {
    Random random = new Random(rounds);
    return checkpoint(
        rounds,
        new EarlyStopping.Progress(random.nextDouble(), 2),
        Optional.of(
            new Best(
                2,
                5,
                random.nextDouble(),
                random.nextDouble(),
                Weights.AVERAGE,
                floats(random, 1000))));
  }

  /** A checkpoint with a best of the caller's choice. */
  static Checkpoint checkpoint(int rounds, EarlyStopping.Progress progress, Optional<Best> best) {
    Random random = new Random(rounds);
    return new Checkpoint(
        new TrainingState(
            new Position(3, 4, 5),
            new ModelState(
                floats(random, 1000),
                floats(random, 2000),
                new TreeMap<>(
                    Map.of("velocity", floats(random, 1000), "other", floats(random, 3)))),
            new Totals(
                rounds,
                1L << 40,
                random.nextDouble(),
                new EpochTotals(77, random.nextLong(), random.nextDouble(), 3.5, 2.25)),
            progress,
            new ReduceOnPlateau.Progress(0.25, random.nextDouble(), 3, 1),
            best,
            Status.RUNNING),
        RunIdentity.of(new EffectiveText("", "", "seed = 1"))
            .with(RunIdentity.Field.IMAGES_LISTED, random.nextLong()),
        new Checkpoint.Metrics(2, List.of("{\"round\":1}", "{\"name\":\"größer\"}")));
  }

  /** The summary of a run that has ended. */
  static ObjectNode summaryOf(EffectiveText text) {
    ObjectNode summary = JsonNodeFactory.instance.objectNode().put("status", "completed");
    summary.set("identity", RunIdentity.of(text).toJson());
    return summary;
  }

  private static float[] floats(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt());
    }
    return values;
  }
}
