package dev.convoy.worker.cuda;

/** What is added to each channel, and its gradient. */
final class Bias {
  /** Deeplearning4j's name of it in every layer. */
  private static final String PARAMETER = "b";

  private Bias() {}

  /** A layer's, or nowhere if it has none. */
  static Address of(CudaPlan plan, String layer, boolean hasBias) {
    return hasBias ? plan.network().value(layer, PARAMETER) : Address.NONE;
  }

  /** Adds the steps that sum a gradient over all pixels. */
  static void backward(CudaPlan plan, String layer, DeviceTensor gradient) {
    Columns.sumInto(plan, gradient, plan.network().gradient(layer, PARAMETER));
  }
}
