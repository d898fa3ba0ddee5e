package dev.convoy.worker.ensemble;

import java.util.List;

/**
 * Networks that predict the same images.
 *
 * @param models the bytes of a model.zip for each, at least one; not to be changed
 * @param dropoutSamples predictions of each with dropout (Gal and Ghahramani, "Dropout as a
 *     Bayesian approximation", 2016); 0 for once, without
 */
public record PredictionModels(List<byte[]> models, int dropoutSamples) {
  /** Copies the list. */
  public PredictionModels {
    models = List.copyOf(models);
  }

  /** Networks that predict once, without dropout. */
  public static PredictionModels of(List<byte[]> models) {
    return new PredictionModels(models, 0);
  }

  /** Predictions for each image; those of the first network come first. */
  public int answers() {
    return models.size() * Math.max(1, dropoutSamples);
  }
}
