package dev.convoy.driver.ensemble;

import dev.convoy.driver.training.TrainingData;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.EnsembleCard;
import dev.convoy.worker.ensemble.PredictionModels;
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
    int samples = definition.settings().answer().dropoutSamples().orElse(0);
    List<Integer> kept = IntStream.range(0, members.answering().size()).boxed().toList();
    CombinationSettings reduced = combination;
    if (samples == 0) {
      List<Double> weights = combination.rule().weights(kept.size());
      kept = kept.stream().filter(member -> weights.get(member) > 0).toList();
      reduced =
          new CombinationSettings(
              kept.size(),
              combination.classes(),
              combination.rule().only(kept),
              combination.temperature());
    }
    List<Double> weights = reduced.rule().weights(reduced.members());
    int leader = weights.indexOf(Collections.max(weights)) / Math.max(1, samples);
    List<Member> saved = kept.stream().map(members.answering()::get).toList();
    return new SavedEnsemble(
        new EnsembleCard(
            definition.example().name(),
            definition.example().data().store(),
            data.labels(),
            reduced,
            saved.stream().map(Member::provenance).toList(),
            samples),
        saved.stream().map(Member::model).toList(),
        saved.get(leader));
  }

  /** The networks, to be asked as the card says. */
  PredictionModels predictionModels() {
    return new PredictionModels(models, card.dropoutSamples());
  }
}
