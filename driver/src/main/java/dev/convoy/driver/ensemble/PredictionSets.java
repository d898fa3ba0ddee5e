package dev.convoy.driver.ensemble;

import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.driver.ensemble.predictions.PredictionTable;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.PredictionModels;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Predictions of the members, by the set of images. */
final class PredictionSets implements AutoCloseable {
  static final String VALIDATION = "validation";
  static final String OUT_OF_BAG = "out-of-bag";
  static final String TEST = "test";

  private final MemberPredictor predictor;
  private final Map<String, PredictionTable> sets = new TreeMap<>();

  PredictionSets(MemberPredictor predictor) {
    this.predictor = predictor;
  }

  /**
   * Predicts images that members were not trained on: the validation images, and those that their
   * draws leave out.
   */
  void predictUnseen(TrainingData data, Members members, int dropoutSamples) {
    PredictionModels asked = members.predictionModels(dropoutSamples);
    data.validation().ifPresent(images -> predict(VALIDATION, images, asked));
    if (members.answering().stream().anyMatch(Member::leavesOut)) {
      sets.put(OUT_OF_BAG, predictor.outOfBag(data, members.answering(), dropoutSamples));
    }
  }

  /**
   * Whether a member's predictions so far hold values that are no numbers.
   *
   * @param place among the members that answer
   * @param dropoutSamples predictions of each; 0 for one without dropout
   */
  boolean isBroken(int place, int dropoutSamples) {
    int each = Math.max(1, dropoutSamples);
    return IntStream.range(place * each, (place + 1) * each)
        .anyMatch(answer -> sets.values().stream().anyMatch(table -> table.isBroken(answer)));
  }

  /** Predicts the test images. */
  void predictTest(ShardedImages images, PredictionModels asked) {
    predict(TEST, images, asked);
  }

  private void predict(String set, ShardedImages images, PredictionModels asked) {
    sets.put(set, predictor.predict(images, asked, "asking about " + set));
  }

  /** The predictions to learn a combination from, if there are any. */
  Optional<MemberPredictions> toLearnFrom() {
    return Optional.ofNullable(sets.getOrDefault(VALIDATION, sets.get(OUT_OF_BAG)));
  }

  /**
   * The combination for a set. The out-of-bag set, in which only some members take part, has no
   * temperature if that was fitted to all of them.
   */
  CombinationSettings fitting(String set, CombinationSettings combination) {
    return set.equals(OUT_OF_BAG) && sets.containsKey(VALIDATION)
        ? CombinationSettings.of(combination.members(), combination.classes(), combination.rule())
        : combination;
  }

  /** By the name of the set. */
  Map<String, PredictionTable> sets() {
    return Collections.unmodifiableMap(sets);
  }

  @Override
  public void close() {
    sets.values().forEach(PredictionTable::close);
  }
}
