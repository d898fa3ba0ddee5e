package dev.convoy.worker.optimizer;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Bounds on a batch's gradient, before penalties; applied in this order.
 *
 * @param value largest size of a gradient's value; 0 for no clip
 * @param layerNorm largest Euclidean norm of a layer's gradient; 0 for no clip
 * @param adaptive largest norm of the gradient of a unit's weights, as a share of the norm of the
 *     weights; 0 for no clip
 * @param norm largest Euclidean norm of the whole gradient; 0 for no clip
 */
public record GradientClips(double value, double layerNorm, double adaptive, double norm)
    implements Serializable {
  /** None. */
  public static final GradientClips NONE = new GradientClips(0, 0, 0, 0);

  /** Only that of the whole gradient. */
  static GradientClips ofNorm(double norm) {
    return new GradientClips(0, 0, 0, norm);
  }

  /**
   * What they do.
   *
   * @param heads names of the layers that give the answer
   */
  List<GradientClip> clips(List<String> heads) {
    List<GradientClip> clips = new ArrayList<>();
    if (value > 0) {
      clips.add(new ValueClip((float) value));
    }
    if (layerNorm > 0) {
      clips.add(new LayerNormClip(layerNorm));
    }
    if (adaptive > 0) {
      clips.add(new AdaptiveClip(adaptive, heads));
    }
    if (norm > 0) {
      clips.add(new GlobalNormClip(norm));
    }
    return clips;
  }
}
