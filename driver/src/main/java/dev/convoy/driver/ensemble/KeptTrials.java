package dev.convoy.driver.ensemble;

import dev.convoy.data.Text;
import dev.convoy.data.format.Locations;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.ChangedImagesException;
import dev.convoy.driver.directory.RunIdentity;
import dev.convoy.driver.directory.RunIdentity.Field;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.worker.ensemble.EnsembleCard.Provenance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The trials of a search as members: those whose models it has kept. Nothing is trained.
 *
 * @param location of the search
 * @param identities of their runs, by the members' numbers, as far as they are known
 */
record KeptTrials(String location, Members members, Map<Integer, RunIdentity> identities) {
  /**
   * Reads them.
   *
   * @param location of the search
   * @param example whose images they must have been trained and validated on
   * @throws ConfigurationException if there is none, or one has seen other images
   */
  static KeptTrials of(String location, RunConfiguration example) {
    try (SearchDirectory search =
        SearchDirectory.existing(location, ImageLocations.hadoop(example.spark().settings()))) {
      List<Member> members = new ArrayList<>();
      Map<Integer, RunIdentity> identities = new HashMap<>();
      for (SearchDirectory.KeptModel trial : search.keptModels()) {
        RunConfiguration run = ConfigurationReader.readEffective(trial.configuration());
        requireSameImages(location, trial.trial(), run, example);
        String name =
            Locations.path(location).getName()
                + "/trials/"
                + Locations.path(search.runOf(trial.trial())).getName();
        String sha256 = Member.digest(trial.model(), search.runOf(trial.trial()) + "/model.zip");
        members.add(
            new Member(
                trial.trial(), run, new Provenance(name, run.seed(), sha256), trial.model()));
        trial.identity().ifPresent(identity -> identities.put(trial.trial(), identity));
      }
      if (members.isEmpty()) {
        throw new ConfigurationException(
            "ensemble.search = "
                + location
                + ": expected a search with trials whose models were kept (search.keep-models, without"
                + " search.folds), found none");
      }
      return new KeptTrials(location, new Members(members, List.of()), identities);
    }
  }

  /**
   * Makes sure that the images are still those that the trials were trained on: what validates them
   * might be among these otherwise.
   *
   * @throws ChangedImagesException if they are not
   */
  void requireUnchanged(TrainingData data) {
    for (Member member : members.answering()) {
      String now = Long.toHexString(data.content(member.run()));
      Optional.ofNullable(identities.get(member.number()))
          .flatMap(identity -> identity.value(Field.IMAGES_PACKED))
          .filter(then -> !then.equals(now))
          .ifPresent(
              then -> {
                throw new ChangedImagesException(
                    Text.of(
                        "ensemble.search = %s: expected the images that its trials were trained on"
                            + " (%s = %s for trial %d), found others (%s). Restore them, or search"
                            + " anew.",
                        location, Field.IMAGES_PACKED.key(), then, member.number(), now));
              });
    }
  }

  /** Validation images of one may have been training images of another. */
  private static void requireSameImages(
      String location, int trial, RunConfiguration run, RunConfiguration example) {
    RunConfiguration.Data here = TrainingData.Key.of(example).data();
    RunConfiguration.Data there = TrainingData.Key.of(run).data();
    if (!here.equals(there)) {
      throw new ConfigurationException(
          "ensemble.search = "
              + location
              + ": expected trials on the images of this configuration, found trial "
              + trial
              + " on others: compare data in its config.conf");
    }
  }
}
