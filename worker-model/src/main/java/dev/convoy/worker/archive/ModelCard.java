package dev.convoy.worker.archive;

import dev.convoy.data.ImageShape;
import dev.convoy.data.batch.Normalization;
import java.util.List;

/**
 * What a model file must say for the model to be used on new images.
 *
 * @param model the name of the network
 * @param shape of the images it takes
 * @param labels class names in output order
 * @param normalization what its training images went through
 */
public record ModelCard(
    String model, ImageShape shape, List<String> labels, Normalization normalization) {
  /** Copies the labels. */
  public ModelCard {
    labels = List.copyOf(labels);
  }
}
