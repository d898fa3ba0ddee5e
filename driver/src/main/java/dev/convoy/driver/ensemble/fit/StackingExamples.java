package dev.convoy.driver.ensemble.fit;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.MemberAnswers;
import java.util.Arrays;

/**
 * What a stacked vote is learned from. Arrays belong to it and do not change.
 *
 * @param features what all members say, axes [example, member × class]
 * @param labels one for each example
 */
record StackingExamples(float[][] features, int[] labels) {
  /**
   * Draws some of the examples that at least one member takes part in: those with the smallest keys
   * of seed and id, in their order.
   */
  static StackingExamples draw(MemberPredictions predictions, int most, long seed) {
    int[] drawn = drawn(predictions, most, seed);
    float[][] features = new float[drawn.length][];
    int[] labels = new int[drawn.length];
    float[] probabilities = new float[predictions.members() * predictions.classes()];
    boolean[] parts = new boolean[predictions.members()];
    MemberAnswers answers = new MemberAnswers(probabilities, parts, predictions.classes());
    for (int i = 0; i < drawn.length; i++) {
      predictions.read(drawn[i], probabilities);
      predictions.readParts(drawn[i], parts);
      features[i] = answers.imputed();
      labels[i] = predictions.label(drawn[i]);
    }
    return new StackingExamples(features, labels);
  }

  private static int[] drawn(MemberPredictions predictions, int most, long seed) {
    int[] answered = AnsweredExamples.indices(predictions);
    if (answered.length <= most) {
      return answered;
    }
    long[] keys =
        Arrays.stream(answered)
            .mapToLong(example -> key(predictions, example, seed))
            .sorted()
            .toArray();
    return Arrays.stream(answered)
        .filter(example -> key(predictions, example, seed) <= keys[most - 1])
        .limit(most)
        .toArray();
  }

  private static long key(MemberPredictions predictions, int example, long seed) {
    return KeyedRandom.key(seed, Purpose.STACKING, predictions.id(example));
  }

  int count() {
    return labels.length;
  }
}
