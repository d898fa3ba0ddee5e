package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.BatchNormalizationNode;
import dev.convoy.worker.graph.Kernels;
import org.bytedeco.javacpp.FloatPointer;

/** Folds a batch normalisation's running statistics into the convolution before it. */
final class NormalizedWeights implements Runnable {
  private final BatchNormalizationStage.Running running;
  private final Kernels kernels;
  private final Tensor plain;
  private final Tensor bias;
  private final Tensor foldedWeights;
  private final Tensor foldedBias;
  private final float[] values;

  private NormalizedWeights(
      BatchNormalizationStage.Running running,
      Kernels kernels,
      Tensor plain,
      Tensor bias,
      Tensor foldedWeights,
      Tensor foldedBias) {
    this.running = running;
    this.kernels = kernels;
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
      Plan plan, BatchNormalizationNode normalization, Kernels kernels, Tensor plain, Tensor bias) {
    NormalizedWeights folded =
        new NormalizedWeights(
            BatchNormalizationStage.Running.of(normalization, plan),
            kernels,
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
    int step = Math.toIntExact(kernels.step());
    FloatPointer biases = foldedBias.values();
    for (int filter = 0; filter < filters; filter++) {
      double scale = running.scale(filter);
      float factor = (float) scale;
      int first = Math.toIntExact(kernels.first(filter));
      for (int i = 0; i < perFilter; i++) {
        values[first + i * step] *= factor;
      }
      double unshifted = bias == null ? 0 : bias.values().get(filter);
      biases.put(
          filter, (float) (running.shift(filter) + scale * (unshifted - running.mean(filter))));
    }
    foldedWeights.values().put(values);
  }
}
