package dev.convoy.worker.ensemble;

import java.util.List;

/**
 * Networks that are asked together.
 *
 * @param models the bytes of a model.zip for each, at least one; not to be changed
 * @param dropoutSamples how often each is asked with dropout (Gal and Ghahramani, "Dropout as a
 *     Bayesian approximation", 2016); 0 for once, without
 */
public record Respondents(List<byte[]> models, int dropoutSamples) {
  /** Copies the list. */
  public Respondents {
    models = List.copyOf(models);
  }

  /** Networks that are asked once, without dropout. */
  public static Respondents of(List<byte[]> models) {
    return new Respondents(models, 0);
  }

  /** How many answers they give: those of the first network come first. */
  public int answers() {
    return models.size() * Math.max(1, dropoutSamples);
  }
}
