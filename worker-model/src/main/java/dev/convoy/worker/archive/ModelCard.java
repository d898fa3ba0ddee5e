package dev.convoy.worker.archive;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.source.NumberScale;
import dev.convoy.worker.model.InputShape;
import java.util.List;
import java.util.Optional;

/**
 * What is needed to use a model on new images.
 *
 * @param model the name of the network
 * @param store what its images were brought to before the network's input
 * @param labels class names in output order, or names of numbers
 * @param normalization what its training images went through
 * @param numbers how the numbers that it predicts are standardised; empty where it tells classes
 *     apart
 */
public record ModelCard(
    String model,
    StoredShape store,
    List<String> labels,
    Normalization normalization,
    Optional<NumberScale> numbers) {
  /** Copies the labels. */
  public ModelCard {
    labels = List.copyOf(labels);
  }

  /** The shape of the images that the network takes. */
  public ImageShape shape() {
    return store.input();
  }

  /** What goes into the network and how many answers it chooses from. */
  public InputShape input() {
    return InputShape.of(shape(), labels.size());
  }
}
