package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Kernels;
import dev.convoy.worker.graph.Window;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.deeplearning4j.nn.params.DefaultParamInitializer;

/** What every pass of a convolution needs: its parameters and the fastest way to compute it. */
record ConvolutionPrimitive(ConvolutionNode node) {
  static final String BIAS = DefaultParamInitializer.BIAS_KEY;

  /** Describes a pass for given layouts of images, weights and results. */
  @FunctionalInterface
  interface Pass<D extends primitive_desc_base> {
    D describe(memory.desc images, memory.desc weights, memory.desc results);
  }

  /** The layout in which the network keeps the weights. */
  memory.desc plainWeights() {
    Kernels kernels = node.kernels();
    long[] window = node.window().kernel();
    long step = kernels.step();
    long[] dimensions = {
      kernels.groups(), kernels.filters(), kernels.channels(), window[0], window[1]
    };
    long[] strides = {
      kernels.groupStride(),
      kernels.filterStride(),
      node.window().elements() * step,
      window[1] * step,
      step
    };
    int axes = dimensions.length;
    return kernels.groups() > 1
        ? OneDnn.stridedLayout(dimensions, strides)
        : OneDnn.stridedLayout(
            Arrays.copyOfRange(dimensions, 1, axes), Arrays.copyOfRange(strides, 1, axes));
  }

  /** The weights, in the layout in which the network keeps them. */
  NodeWeights weights(Plan plan) {
    return new NodeWeights(
        plan, node.layer(), node.kernels().parameter(), plainWeights(), node.weighting());
  }

  memory.desc biasLayout() {
    return OneDnn.plainLayout(node.filters());
  }

  /** The bias' layout, or none. */
  memory.desc biasLayout(boolean present) {
    return present ? biasLayout() : new memory.desc();
  }

  /** The bias where the network keeps it. */
  Tensor bias(Plan plan) {
    return plan.parameter(node.layer(), BIAS, biasLayout());
  }

  /**
   * The fastest way to compute the convolution forward.
   *
   * @param input in its present layout, which is kept if it can be
   */
  convolution_forward.primitive_desc forward(
      Tensor input, boolean biased, primitive_attr attributes) {
    long[] result = input.dimensions();
    result[1] = node.filters();
    if (!node.isPointwise()) {
      System.arraycopy(node.window().output(), 0, result, 2, 2);
    }
    return fastest(
        input.layout(),
        OneDnn.anyLayout(result),
        (source, weights, target) -> forward(source, weights, target, biased, attributes));
  }

  private convolution_forward.primitive_desc forward(
      memory.desc source,
      memory.desc weights,
      memory.desc result,
      boolean biased,
      primitive_attr attributes) {
    Window window = node.window();
    return new convolution_forward.primitive_desc(
        new convolution_forward.desc(
            dnnl.dnnl_forward_training,
            dnnl.dnnl_convolution_direct,
            source,
            weights,
            biasLayout(biased),
            result,
            window.stride(),
            OneDnn.gaps(window),
            window.before(),
            window.after()),
        attributes,
        OneDnn.cpu());
  }

  /**
   * The fastest way through a pass: in the present layouts, in oneDNN's choice, or in plain ones.
   */
  <D extends primitive_desc_base> D fastest(memory.desc images, memory.desc results, Pass<D> pass) {
    long[] image = OneDnn.dimensions(images);
    long[] result = OneDnn.dimensions(results);
    memory.desc anyWeights = OneDnn.anyLayout(OneDnn.dimensions(plainWeights()));
    return Implementations.fastest(
        List.of(
            () -> pass.describe(images, anyWeights, results),
            () -> pass.describe(OneDnn.anyLayout(image), anyWeights, OneDnn.anyLayout(result)),
            () ->
                pass.describe(
                    OneDnn.plainLayout(image), plainWeights(), OneDnn.plainLayout(result))));
  }
}
