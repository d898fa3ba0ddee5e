package dev.convoy.driver.ensemble;

import dev.convoy.driver.training.TrainingData;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.EnsembleCard;
import dev.convoy.worker.ensemble.PredictionModels;
import dev.convoy.worker.ensemble.WeightedVote;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What ensemble.zip holds: the members whose answers count.
 *
 * @param card of the ensemble
 * @param models the bytes of a model.zip for each of its members
 * @param leader the member with the largest weight; the first of equals
 */
record SavedEnsemble(EnsembleCard card, List<byte[]> models, Member leader) {
  /** Members with weight 0 are left out: their answers would change nothing. */
  static SavedEnsemble of(
      EnsembleDefinition definition,
      Members members,
      TrainingData data,
      CombinationSettings combination) {
    List<Double> weights =
        combination.rule() instanceof WeightedVote vote ? vote.weights() : List.of();
    int samples = definition.settings().answer().dropoutSamples().orElse(0);
    boolean isSelection = !weights.isEmpty() && samples == 0;
    int[] weighted =
        IntStream.range(0, members.answering().size())
            .filter(member -> !isSelection || weights.get(member) > 0)
            .toArray();
    CombinationSettings reduced =
        !isSelection
            ? combination
            : new CombinationSettings(
                weighted.length,
                combination.classes(),
                new WeightedVote(IntStream.of(weighted).mapToObj(weights::get).toList()),
                combination.temperature());
    List<Member> kept =
        IntStream.of(weighted).mapToObj(member -> members.answering().get(member)).toList();
    return new SavedEnsemble(
        new EnsembleCard(
            definition.example().name(),
            definition.example().data().store(),
            data.labels(),
            reduced,
            kept.stream().map(Member::provenance).toList(),
            samples),
        kept.stream().map(Member::model).toList(),
        kept.get(largestWeight(reduced) / Math.max(1, samples)));
  }

  /** The index of the answer with the largest weight. */
  private static int largestWeight(CombinationSettings combination) {
    if (!(combination.rule() instanceof WeightedVote vote)) {
      return 0;
    }
    return vote.weights().indexOf(Collections.max(vote.weights()));
  }

  /** The networks, to be asked as the card says. */
  PredictionModels predictionModels() {
    return new PredictionModels(models, card.dropoutSamples());
  }
}
