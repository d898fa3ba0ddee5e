package dev.convoy.driver.ensemble;

import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.driver.ensemble.predictions.PredictionTable;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.Respondents;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What members say, by the set of images that they are asked about. */
final class SetPredictions implements AutoCloseable {
  static final String VALIDATION = "validation";
  static final String OUT_OF_BAG = "out-of-bag";
  static final String TEST = "test";

  private final Answers answers;
  private final Map<String, PredictionTable> sets = new TreeMap<>();

  SetPredictions(Answers answers) {
    this.answers = answers;
  }

  /**
   * Asks about images that members were not trained on: the validation images, and those that their
   * draws leave out.
   */
  void askAboutUnseen(TrainingData data, Members members, int dropoutSamples) {
    Respondents respondents = members.respondents(dropoutSamples);
    data.validation().ifPresent(images -> ask(VALIDATION, images, respondents));
    if (members.answering().stream().anyMatch(Member::leavesOut)) {
      sets.put(OUT_OF_BAG, answers.outOfBag(data, members.answering(), dropoutSamples));
    }
  }

  /** Asks about the test images. */
  void askAboutTest(ShardedImages images, Respondents respondents) {
    ask(TEST, images, respondents);
  }

  private void ask(String set, ShardedImages images, Respondents respondents) {
    sets.put(set, answers.about(images, respondents, "asking about " + set));
  }

  /** What a combination is to be learned from, if there is anything. */
  Optional<MemberPredictions> toLearnFrom() {
    return Optional.ofNullable(sets.getOrDefault(VALIDATION, sets.get(OUT_OF_BAG)));
  }

  /**
   * How members are combined about a set: not with a temperature that was fitted where all of them
   * are asked, if only some are. Fewer need another one.
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
