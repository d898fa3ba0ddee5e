package dev.convoy.worker.ensemble;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.convoy.data.StoredShape;
import dev.convoy.data.Text;
import java.util.List;

/**
 * What an ensemble's file says besides its members.
 *
 * @param name of the ensemble
 * @param store what its images are brought to before the networks' input
 * @param labels class names in output order
 * @param combination of the members' answers
 * @param members where each comes from, in the order of the combination
 * @param dropoutSamples predictions of each member with dropout, and so how many of each are
 *     combined; 0 for one, without
 */
public record EnsembleCard(
    String name,
    StoredShape store,
    List<String> labels,
    CombinationSettings combination,
    List<Provenance> members,
    int dropoutSamples) {

  /**
   * Where a member comes from.
   *
   * @param run its name
   * @param seed of its run
   * @param sha256 of its parameters, in hexadecimal
   */
  @JsonPropertyOrder({"run", "seed", "parameter-sha256"})
  public record Provenance(
      String run, long seed, @JsonProperty("parameter-sha256") String sha256) {}

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if the combination is for other numbers of members and classes
   */
  public EnsembleCard {
    labels = List.copyOf(labels);
    members = List.copyOf(members);
    int answers = Math.multiplyExact(members.size(), Math.max(1, dropoutSamples));
    if (dropoutSamples < 0
        || combination.members() != answers
        || combination.classes() != labels.size()) {
      throw new IllegalArgumentException(
          Text.of(
              "Cannot describe an ensemble: expected a combination of %d answers and %d classes, found %d and %d.",
              answers, labels.size(), combination.members(), combination.classes()));
    }
  }
}
