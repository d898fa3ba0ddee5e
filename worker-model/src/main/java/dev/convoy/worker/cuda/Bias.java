package dev.convoy.worker.cuda;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.DenseNode;

/** What is added to each channel, and its gradient. */
final class Bias {
  /** Deeplearning4j's name of it in every layer. */
  private static final String PARAMETER = "b";

  private Bias() {}

  /** A convolution's, or nowhere. */
  static Address of(CudaPlan plan, ConvolutionNode node) {
    return node.hasBias() ? plan.network().value(node.layer(), PARAMETER) : Address.NONE;
  }

  /** A full connection's, or nowhere. */
  static Address of(CudaPlan plan, DenseNode node) {
    return node.hasBias() ? plan.network().value(node.layer(), PARAMETER) : Address.NONE;
  }

  /** Adds the steps that sum a gradient over all pixels. */
  static void backward(CudaPlan plan, String layer, DeviceTensor gradient) {
    Columns columns = new Columns(plan, gradient, 1);
    columns.sum("column_sums", gradient);
    columns.finish("finish_column_sums", plan.network().gradient(layer, PARAMETER));
  }
}
