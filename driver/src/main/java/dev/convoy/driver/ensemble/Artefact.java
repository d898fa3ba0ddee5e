package dev.convoy.driver.ensemble;

import dev.convoy.driver.training.TrainingData;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.EnsembleCard;
import dev.convoy.worker.ensemble.Respondents;
import dev.convoy.worker.ensemble.WeightedVote;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What ensemble.zip holds: the members that have a say.
 *
 * @param card of the ensemble
 * @param models the bytes of a model.zip for each of its members
 * @param leader the member with the most say; the first of equals
 */
record Artefact(EnsembleCard card, List<byte[]> models, Member leader) {
  /** Members without weight are left out: asking them would change nothing. */
  static Artefact of(
      EnsembleDefinition definition,
      Members members,
      TrainingData data,
      CombinationSettings combination) {
    List<Double> weights =
        combination.rule() instanceof WeightedVote vote ? vote.weights() : List.of();
    int samples = definition.settings().answer().dropoutSamples().orElse(0);
    boolean isSelection = !weights.isEmpty() && samples == 0;
    int[] speaking =
        IntStream.range(0, members.answering().size())
            .filter(member -> !isSelection || weights.get(member) > 0)
            .toArray();
    CombinationSettings ofThese =
        !isSelection
            ? combination
            : new CombinationSettings(
                speaking.length,
                combination.classes(),
                new WeightedVote(IntStream.of(speaking).mapToObj(weights::get).toList()),
                combination.temperature());
    List<Member> kept =
        IntStream.of(speaking).mapToObj(member -> members.answering().get(member)).toList();
    return new Artefact(
        new EnsembleCard(
            definition.example().name(),
            definition.example().data().shape(),
            data.labels(),
            ofThese,
            kept.stream().map(Member::provenance).toList(),
            samples),
        kept.stream().map(Member::model).toList(),
        kept.get(mostSay(ofThese) / Math.max(1, samples)));
  }

  /** Whose answer has the largest weight. */
  private static int mostSay(CombinationSettings combination) {
    if (!(combination.rule() instanceof WeightedVote vote)) {
      return 0;
    }
    return vote.weights().indexOf(Collections.max(vote.weights()));
  }

  /** The networks, to be asked as the card says. */
  Respondents respondents() {
    return new Respondents(models, card.dropoutSamples());
  }
}
