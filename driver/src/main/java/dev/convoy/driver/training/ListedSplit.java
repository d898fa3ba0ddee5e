package dev.convoy.driver.training;

import dev.convoy.data.DataException;
import dev.convoy.data.resample.ExampleWeights;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.RunConfiguration.Validation;
import dev.convoy.driver.report.Progress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Which of the listed images a run trains on, and which it validates with. Driver only.
 *
 * @param labels class names in output order
 * @param train with the weights that the images have in the loss
 * @param validation empty where the run has none of its own
 * @param validationRole what the source of the validation images is asked for
 * @param validationLocation where they are
 */
public record ListedSplit(
    List<String> labels,
    Listing train,
    Optional<Listing> validation,
    Role validationRole,
    String validationLocation) {

  /**
   * Splits the images of a configuration; lists those of validation where they are elsewhere.
   *
   * @param listed everything that {@code data.train} holds
   * @throws DataException if there are too few images or classes, or weights cannot be used
   */
  public static ListedSplit of(
      RunConfiguration configuration,
      ListedImages listed,
      Configuration hadoop,
      Progress progress) {
    RunConfiguration.Data data = configuration.data();
    List<String> labels = listed.classNames();
    if (labels.size() < 2 && !data.isOfNumbers()) {
      throw new DataException(
          "Cannot train a classifier on %s: expected at least two classes, found %s.",
          data.train(), labels);
    }
    Listing all = TestImages.without(listed, data).listing();
    Listing used =
        data.limit().isPresent() ? DataSplit.some(all, data.limit().getAsInt(), data.seed()) : all;
    Validation validation = data.validation().orElseGet(Validation.OutOfBag::new);
    if (validation instanceof Validation.OutOfBag) {
      return new ListedSplit(
          labels, weighted(data, used, labels, hadoop), Optional.empty(), Role.VALIDATION, "");
    }
    if (validation instanceof Validation.Location location) {
      Listing held =
          ImageListings.list(data, location.path(), Role.VALIDATION, hadoop, progress)
              .relabel(labels)
              .listing();
      return new ListedSplit(
          labels,
          weighted(data, used, labels, hadoop),
          Optional.of(held),
          Role.VALIDATION,
          location.path());
    }
    DataSplit.Positions positions =
        validation instanceof Validation.Fold fold
            ? DataSplit.fold(used, labels.size(), fold, data.seed())
            : DataSplit.stratified(
                used,
                labels.size(),
                ((Validation.Fraction) validation).value(),
                data.seed(),
                DataSplit.Part.VALIDATION);
    return new ListedSplit(
        labels,
        weighted(data, used.select(positions.rest()), labels, hadoop),
        Optional.of(used.select(positions.held())),
        Role.TRAIN,
        data.train());
  }

  private static Listing weighted(
      RunConfiguration.Data data, Listing listing, List<String> labels, Configuration hadoop) {
    double[] alike = new double[listing.size()];
    Arrays.fill(alike, 1);
    return ExampleWeights.weighted(
        listing,
        data.weights()
            .map(weights -> ExampleWeights.of(weights, listing, labels, hadoop))
            .orElse(alike));
  }
}
