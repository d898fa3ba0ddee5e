package dev.convoy.worker.model.layer;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.loss.Loss;
import dev.convoy.worker.loss.Losses;
import java.util.Map;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** A member of {@link Losses#FAMILY}, times a constant, as a loss of Deeplearning4j's. */
public final class LayerLoss extends DerivedLoss {
  private static final long serialVersionUID = 1L;

  private final ComponentSettings settings;
  private final double factor;

  /**
   * A loss.
   *
   * @param name of the member
   * @param options of the member
   * @param factor positive
   */
  public LayerLoss(
      @JsonProperty("loss") String name,
      @JsonProperty("options") Map<String, Object> options,
      @JsonProperty("factor") double factor) {
    this(new ComponentSettings(name, options), factor);
  }

  /**
   * A loss of its settings.
   *
   * @param factor positive
   */
  public LayerLoss(ComponentSettings settings, double factor) {
    this.settings = settings;
    this.factor = factor;
  }

  /** The name of the loss. */
  @JsonProperty("loss")
  public String member() {
    return settings.name();
  }

  /** The options of the loss. */
  @JsonProperty("options")
  public Map<String, Object> options() {
    return settings.options();
  }

  @Override
  @JsonProperty("factor")
  public double factor() {
    return factor;
  }

  @Override
  public Loss loss() {
    return Losses.FAMILY.create(settings);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LayerLoss that
        && that.settings.equals(settings)
        && that.factor == factor;
  }

  @Override
  public int hashCode() {
    return settings.hashCode() * 31 + Double.hashCode(factor);
  }
}
