package dev.convoy.worker.ensemble;

import dev.convoy.data.ImageShape;
import java.util.List;

/**
 * What an ensemble's file says besides its members.
 *
 * @param name of the ensemble
 * @param shape of the images it takes
 * @param labels class names in output order
 * @param combination of the members' answers
 * @param members where each comes from, in the order of the combination
 */
public record EnsembleCard(
    String name,
    ImageShape shape,
    List<String> labels,
    CombinationSettings combination,
    List<Provenance> members) {

  /**
   * Where a member comes from.
   *
   * @param run its name
   * @param seed of its run
   * @param sha256 of its parameters, in hexadecimal
   */
  public record Provenance(String run, long seed, String sha256) {}

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if the combination is for other numbers of members and classes
   */
  public EnsembleCard {
    labels = List.copyOf(labels);
    members = List.copyOf(members);
    if (combination.members() != members.size() || combination.classes() != labels.size()) {
      throw new IllegalArgumentException(
          "Cannot describe an ensemble: expected a combination of %d members and %d classes, found %d and %d."
              .formatted(
                  members.size(), labels.size(), combination.members(), combination.classes()));
    }
  }
}
