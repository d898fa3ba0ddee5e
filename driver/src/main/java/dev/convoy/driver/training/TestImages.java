package dev.convoy.driver.training;

import dev.convoy.data.DataException;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Role;
import dev.convoy.driver.configuration.RunConfiguration.Data;
import dev.convoy.driver.configuration.RunConfiguration.Test;
import dev.convoy.driver.report.Progress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The test images of a configuration. A fraction of the training images is split off before {@code
 * data.limit} and the validation images, so that it is the same whatever these are. Driver only.
 *
 * @param images which they are
 * @param role what their source is asked for: training images where they are split off from those
 * @param location where they are
 */
public record TestImages(ListedImages images, Role role, String location) {

  /**
   * Lists the images that a configuration tests on.
   *
   * @return empty if it has no test
   * @throws DataException if they are not there or not what they should be
   */
  public static Optional<TestImages> list(Data data, Progress progress) {
    return list(data, () -> ImageListings.list(data, data.train(), Role.TRAIN, progress), progress);
  }

  /**
   * The same where the training images are listed already.
   *
   * @param train everything that {@code data.train} holds
   */
  public static Optional<TestImages> list(Data data, ListedImages train, Progress progress) {
    return list(data, () -> train, progress);
  }

  private static Optional<TestImages> list(
      Data data, Supplier<ListedImages> train, Progress progress) {
    if (data.test().orElse(null) instanceof Test.Location location) {
      ListedImages listed = ImageListings.list(data, location.path(), Role.TEST, progress);
      return Optional.of(new TestImages(listed, Role.TEST, location.path()));
    }
    return data.isTested() ? splitOff(train.get(), data) : Optional.empty();
  }

  /**
   * The same with labels that index other names, as those of a saved model.
   *
   * @throws DataException if an image's class is not among them
   */
  public TestImages relabel(List<String> names) {
    return new TestImages(images.relabel(names), role, location);
  }

  private static Optional<TestImages> splitOff(ListedImages train, Data data) {
    return positions(train, data)
        .map(positions -> new TestImages(train.select(positions.held()), Role.TRAIN, data.train()));
  }

  /**
   * The images that are left for training and validation.
   *
   * @param train everything that {@code data.train} holds
   */
  public static ListedImages without(ListedImages train, Data data) {
    return positions(train, data).map(positions -> train.select(positions.rest())).orElse(train);
  }

  private static Optional<DataSplit.Positions> positions(ListedImages train, Data data) {
    double fraction = data.test().map(Test::heldOut).orElse(0.0);
    return fraction == 0
        ? Optional.empty()
        : Optional.of(
            DataSplit.stratified(
                train.listing(),
                train.classNames().size(),
                fraction,
                data.seed(),
                DataSplit.Part.TEST));
  }
}
