package dev.convoy.driver.training;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import dev.convoy.data.shard.Selection;
import dev.convoy.driver.cluster.ImageView;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.RunConfiguration.Resampling;
import dev.convoy.driver.configuration.RunConfiguration.Validation;
import dev.convoy.driver.state.TrainingState.EpochTotals;
import java.util.Optional;

/** The training and validation images as one run sees them. Closing leaves the images in place. */
final class RunImages implements AutoCloseable {
  private final ImageView train;
  private final Optional<ImageView> validation;
  private final long fingerprint;

  private RunImages(ImageView train, Optional<ImageView> validation, long fingerprint) {
    this.train = train;
    this.validation = validation;
    this.fingerprint = fingerprint;
  }

  /**
   * The images of one run among those that it shares.
   *
   * @throws DataException if its resample leaves no image for training or for validation
   */
  static RunImages of(TrainingData data, RunConfiguration configuration) {
    Optional<Resampling> resampling = configuration.training().resample();
    int repeats = configuration.training().repeats();
    if (resampling.isEmpty() && repeats == 1) {
      return new RunImages(data.train().view(), commonValidation(data), data.fingerprint());
    }
    Selection drawn = resampling.map(data::draw).orElseGet(data::all);
    ImageView train = data.train().view(drawn.repeated(repeats));
    try {
      if (train.examples() == 0) {
        throw new DataException(
            "Cannot train on a resample: expected at least one readable image among those drawn,"
                + " found none. Raise training.resample.fraction, or mend the images.");
      }
      boolean outOfBag =
          configuration.data().validation().orElse(null) instanceof Validation.OutOfBag;
      Optional<ImageView> validation =
          outOfBag ? Optional.of(outOfBag(data, drawn)) : commonValidation(data);
      return new RunImages(train, validation, 31 * data.fingerprint() + train.fingerprint());
    } catch (RuntimeException e) {
      train.close();
      throw e;
    }
  }

  private static Optional<ImageView> commonValidation(TrainingData data) {
    return data.validation().map(images -> images.view());
  }

  private static ImageView outOfBag(TrainingData data, Selection drawn) {
    ImageView rest = data.train().view(drawn.complement());
    if (rest.examples() == 0) {
      rest.close();
      throw new DataException(
          "Cannot validate on the training images that a resample leaves out: expected at least one,"
              + " found none. Lower training.resample.fraction, or set data.validation.");
    }
    return rest;
  }

  ImageView train() {
    return train;
  }

  Optional<ImageView> validation() {
    return validation;
  }

  /** Identifies the training and validation images. */
  long fingerprint() {
    return fingerprint;
  }

  /**
   * Makes sure that an epoch trained every training image once, by identity.
   *
   * @throws IllegalStateException if it did not, which no configuration or data can bring about
   */
  void requireEachOnce(EpochTotals epoch) {
    long expected = train.examples();
    if (epoch.examples() != expected || epoch.fingerprint() != train.fingerprint()) {
      throw new IllegalStateException(
          Text.of(
              "Cannot go on: expected each of %d examples once in the epoch, found %d%s. This is a"
                  + " defect of Convoy.",
              expected,
              epoch.examples(),
              epoch.examples() == expected ? ", but not the same ones" : ""));
    }
  }

  @Override
  public void close() {
    train.close();
    validation.ifPresent(ImageView::close);
  }
}
