package dev.convoy.worker.accelerator.compiled;

import org.bytedeco.javacpp.FloatPointer;

/** Folds a batch normalisation's running statistics into the convolution before it. */
final class NormalizedWeights implements Runnable {
  private final Normalization.Running running;
  private final Tensor plain;
  private final Tensor bias;
  private final Tensor foldedWeights;
  private final Tensor foldedBias;
  private final float[] values;

  private NormalizedWeights(
      Normalization.Running running,
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
   * Makes room for the folded weights.
   *
   * @param plain the convolution's weights
   * @param bias the convolution's, or null
   */
  static NormalizedWeights of(Plan plan, Normalization normalization, Tensor plain, Tensor bias) {
    return new NormalizedWeights(
        normalization.running(plan.parameters()),
        plain,
        bias,
        plan.allocate(plain.layout()),
        plan.allocate(OneDnn.plainLayout(normalization.channels())));
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
