package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.BatchNormalizationNode;
import org.bytedeco.javacpp.FloatPointer;

/** Folds a batch normalisation's running statistics into the convolution before it. */
final class NormalizedWeights implements Runnable {
  private final BatchNormalizationStage.Running running;
  private final Tensor plain;
  private final Tensor bias;
  private final Tensor foldedWeights;
  private final Tensor foldedBias;
  private final float[] values;

  private NormalizedWeights(
      BatchNormalizationStage.Running running,
      Tensor plain,
      Tensor bias,
      Tensor foldedWeights,
      Tensor foldedBias) {
    this.running = running;
    this.plain = plain;
    this.bias = bias;
    this.foldedWeights = foldedWeights;
    this.foldedBias = foldedBias;
    this.values = new float[Math.toIntExact(plain.size())];
  }

  /**
   * Adds a step that folds a normalisation into the convolution before it.
   *
   * @param plain the convolution's weights
   * @param bias the convolution's, or null
   */
  static NormalizedWeights addTo(
      Plan plan, BatchNormalizationNode normalization, Tensor plain, Tensor bias) {
    NormalizedWeights folded =
        new NormalizedWeights(
            BatchNormalizationStage.Running.of(normalization, plan),
            plain,
            bias,
            plan.allocate(plain.layout()),
            plan.allocate(OneDnn.plainLayout(normalization.channels())));
    plan.add(folded, folded.foldedWeights, folded.foldedBias);
    return folded;
  }

  Tensor weights() {
    return foldedWeights;
  }

  Tensor bias() {
    return foldedBias;
  }

  @Override
  public void run() {
    plain.values().get(values);
    int filters = Math.toIntExact(foldedBias.size());
    int perFilter = values.length / filters;
    FloatPointer biases = foldedBias.values();
    for (int filter = 0; filter < filters; filter++) {
      double scale = running.scale(filter);
      float factor = (float) scale;
      for (int i = filter * perFilter; i < (filter + 1) * perFilter; i++) {
        values[i] *= factor;
      }
      double unshifted = bias == null ? 0 : bias.values().get(filter);
      biases.put(
          filter, (float) (running.shift(filter) + scale * (unshifted - running.mean(filter))));
    }
    foldedWeights.values().put(values);
  }
}
