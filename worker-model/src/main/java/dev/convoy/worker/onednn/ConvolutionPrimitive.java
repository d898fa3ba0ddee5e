package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Kernels;
import dev.convoy.worker.graph.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.deeplearning4j.nn.params.DefaultParamInitializer;

/** What every pass of a convolution needs: its parameters and the fastest way to compute it. */
record ConvolutionPrimitive(ConvolutionNode node) {
  static final String BIAS = DefaultParamInitializer.BIAS_KEY;

  /** Describes a pass by an algorithm for given layouts of images, weights and results. */
  @FunctionalInterface
  interface Pass<D extends primitive_desc_base> {
    D describe(int algorithm, memory.desc images, memory.desc weights, memory.desc results);
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
      Plan plan, Tensor input, boolean biased, primitive_attr attributes) {
    int kind = plan.isTraining() ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference;
    long[] result = input.dimensions();
    result[1] = node.filters();
    if (!node.isPointwise()) {
      System.arraycopy(node.window().output(), 0, result, 2, 2);
    }
    Window window = node.window();
    return fastest(
        plan,
        input.layout(),
        OneDnn.anyLayout(result),
        (algorithm, source, weights, target) ->
            new convolution_forward.primitive_desc(
                new convolution_forward.desc(
                    kind,
                    algorithm,
                    source,
                    weights,
                    biasLayout(biased),
                    target,
                    window.stride(),
                    OneDnn.gaps(window),
                    window.before(),
                    window.after()),
                attributes,
                OneDnn.cpu()));
  }

  /**
   * The fastest way through a pass: by Winograd's algorithm where that pays and oneDNN has it (with
   * AVX-512), or directly in the present layouts, in oneDNN's choice, or in plain ones.
   */
  <D extends primitive_desc_base> D fastest(
      Plan plan, memory.desc images, memory.desc results, Pass<D> pass) {
    int direct = dnnl.dnnl_convolution_direct;
    memory.desc anyImages = OneDnn.anyLayout(OneDnn.dimensions(images));
    memory.desc anyWeights = OneDnn.anyLayout(OneDnn.dimensions(plainWeights()));
    memory.desc anyResults = OneDnn.anyLayout(OneDnn.dimensions(results));
    List<Supplier<D>> ways = new ArrayList<>();
    if (Winograd.pays(node, plan)) {
      ways.add(
          () -> pass.describe(dnnl.dnnl_convolution_winograd, anyImages, anyWeights, anyResults));
    }
    ways.add(() -> pass.describe(direct, images, anyWeights, results));
    ways.add(() -> pass.describe(direct, anyImages, anyWeights, anyResults));
    ways.add(
        () ->
            pass.describe(
                direct,
                OneDnn.plainLayout(OneDnn.dimensions(images)),
                plainWeights(),
                OneDnn.plainLayout(OneDnn.dimensions(results))));
    return Implementations.fastest(ways);
  }
}
