package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Kernels;
import dev.convoy.worker.graph.Window;
import dev.convoy.worker.natives.InstructionSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;
import org.deeplearning4j.nn.params.DefaultParamInitializer;

/**
 * What every pass of a convolution needs: its parameters and the fastest way to compute it.
 *
 * @param images of how many
 */
record ConvolutionPrimitive(ConvolutionNode node, long images) {
  static final String BIAS = DefaultParamInitializer.BIAS_KEY;

  /** Describes a pass by an algorithm for given layouts of images, weights and results. */
  @FunctionalInterface
  interface Pass<D extends primitive_desc> {
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

  /** Where the gradient of the bias is to be left, if there is a bias. */
  Optional<Tensor> biasGradient(Plan plan) {
    return node.hasBias()
        ? Optional.of(plan.parameterGradient(node.layer(), BIAS, biasLayout()))
        : Optional.empty();
  }

  /**
   * The fastest way to compute the convolution forward.
   *
   * @param input the images' present layout, which is kept if it can be
   */
  convolution_forward.primitive_desc forward(
      Plan plan, memory.desc input, boolean biased, primitive_attr attributes) {
    int kind = plan.isTraining() ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference;
    long[] result = OneDnn.dimensions(input);
    result[1] = node.filters();
    if (!node.isPointwise()) {
      System.arraycopy(node.window().output(), 0, result, 2, 2);
    }
    Window window = node.window();
    return fastest(
        plan,
        input,
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
   * Adds the fastest way from the gradient of the results to that of the images.
   *
   * @param images their layout, which is kept if it can be
   * @param weights as the network keeps them
   * @param forward a description of the way forward
   * @return the gradient of the images
   */
  Tensor addImagesGradient(
      Plan plan,
      memory.desc images,
      Tensor gradient,
      Tensor weights,
      convolution_forward.primitive_desc forward) {
    var description =
        fastest(
            plan,
            images,
            gradient.layout(),
            (algorithm, source, kernels, target) ->
                imagesDescription(plan, forward, algorithm, source, kernels, target));
    Tensor result = plan.allocate(description.diff_src_desc());
    plan.add(
        new convolution_backward_data(description),
        description,
        Map.of(
            dnnl.DNNL_ARG_DIFF_DST, plan.inLayout(gradient, description.diff_dst_desc()),
            dnnl.DNNL_ARG_WEIGHTS, plan.inLayout(weights, description.weights_desc()),
            dnnl.DNNL_ARG_DIFF_SRC, result));
    return result;
  }

  private convolution_backward_data.primitive_desc imagesDescription(
      Plan plan,
      convolution_forward.primitive_desc forward,
      int algorithm,
      memory.desc images,
      memory.desc weights,
      memory.desc results) {
    Window window = node.window();
    var description =
        new convolution_backward_data.primitive_desc(
            new convolution_backward_data.desc(
                algorithm,
                images,
                weights,
                results,
                window.stride(),
                OneDnn.gaps(window),
                window.before(),
                window.after()),
            OneDnn.attributes(),
            OneDnn.cpu(),
            forward);
    return plan.isBfloat16() || InstructionSet.inUse().hasFastSmallProducts()
        ? description
        : Implementations.withoutSmallProducts(description);
  }

  /**
   * The fastest way through a pass in the plan's precision: by Winograd's algorithm where that pays
   * and oneDNN has it (with AVX-512), or directly in the present layouts, in oneDNN's choice, with
   * the channels of a pixel side by side, or in plain ones.
   */
  <D extends primitive_desc> D fastest(
      Plan plan, memory.desc images, memory.desc results, Pass<D> pass) {
    return plan.isBfloat16() && isRightInBfloat16(OneDnn.dimensions(images))
        ? fastest(dnnl.dnnl_bf16, images, results, pass)
        : fastestInFloat32(plan, images, results, pass);
  }

  /**
   * Whether oneDNN 2.7 comes to right results in bfloat16, as far as random shapes show. It does
   * not, or reads memory that nobody wrote, where images are smaller than a stride, where strides
   * are larger than the kernel, unequal, or above 2 with more than 32 channels, with dilation, and
   * without AMX for single pixels of channels that leave a rest; each for some directions only. Few
   * networks have such convolutions.
   *
   * @param images axes [batch, channels, height, width]
   */
  private boolean isRightInBfloat16(long[] images) {
    Window window = node.window();
    long stride = window.stride()[0];
    long[] kernel = window.kernel();
    long channels = node.kernels().channels();
    boolean pixel = Math.max(kernel[0], kernel[1]) == 1;
    return !window.isDilated()
        && stride == window.stride()[1]
        && stride <= Math.min(images[2], images[3])
        && (pixel || stride <= Math.min(kernel[0], kernel[1]))
        && (stride <= 2 || channels <= 32)
        && (!pixel || OneDnn.hasMatrices() || (channels | node.kernels().filters()) % 16 == 0);
  }

  private <D extends primitive_desc> D fastestInFloat32(
      Plan plan, memory.desc images, memory.desc results, Pass<D> pass) {
    if (areOneBlock(images, results)) {
      return pass.describe(
          dnnl.dnnl_convolution_direct,
          OneDnn.channelsLastLayout(OneDnn.dimensions(images)),
          OneDnn.anyLayout(OneDnn.dimensions(plainWeights())),
          OneDnn.channelsLastLayout(OneDnn.dimensions(results)));
    }
    return Winograd.pays(node, this.images, plan)
        ? Implementations.fastest(
            List.of(
                () ->
                    pass.describe(
                        dnnl.dnnl_convolution_winograd,
                        OneDnn.anyLayout(OneDnn.dimensions(images)),
                        OneDnn.anyLayout(OneDnn.dimensions(plainWeights())),
                        OneDnn.anyLayout(OneDnn.dimensions(results))),
                () -> fastest(dnnl.dnnl_f32, images, results, pass)))
        : fastest(dnnl.dnnl_f32, images, results, pass);
  }

  /**
   * Whether images and results are one block of channels, and the loops for blocks are not the
   * fastest: those for channels side by side may be taken without a copy.
   */
  private boolean areOneBlock(memory.desc images, memory.desc results) {
    return TurnedConvolution.cutsRows(node)
        && OneDnn.isOneBlock(images)
        && OneDnn.dimensions(results)[1] == OneDnn.preferredBlock();
  }

  private <D extends primitive_desc> D fastest(
      int type, memory.desc images, memory.desc results, Pass<D> pass) {
    int direct = dnnl.dnnl_convolution_direct;
    UnaryOperator<memory.desc> typed = layout -> OneDnn.ofType(type, layout);
    UnaryOperator<memory.desc> any =
        layout -> typed.apply(OneDnn.anyLayout(OneDnn.dimensions(layout)));
    UnaryOperator<memory.desc> plain =
        layout -> typed.apply(OneDnn.plainLayout(OneDnn.dimensions(layout)));
    UnaryOperator<memory.desc> last =
        layout -> typed.apply(OneDnn.channelsLastLayout(OneDnn.dimensions(layout)));
    memory.desc weights = any.apply(plainWeights());
    Supplier<D> asTheyAre =
        () -> described(pass, type, typed.apply(images), weights, typed.apply(results));
    Supplier<D> free = () -> pass.describe(direct, any.apply(images), weights, any.apply(results));
    Supplier<D> inPlain =
        () ->
            pass.describe(
                direct, plain.apply(images), typed.apply(plainWeights()), plain.apply(results));
    Supplier<D> sideBySide =
        () ->
            Implementations.withAvx512(
                described(pass, type, last.apply(images), weights, last.apply(results)));
    // The fastest code for bfloat16 takes the channels of a pixel side by side, and is worth a
    // copy.
    return Implementations.fastest(
        type == dnnl.dnnl_bf16
            ? List.of(free, asTheyAre, inPlain)
            : List.of(asTheyAre, free, sideBySide, inPlain));
  }

  /** A pass in given layouts; bfloat16 is multiplied fastest in small products of matrices. */
  private static <D extends primitive_desc> D described(
      Pass<D> pass, int type, memory.desc images, memory.desc weights, memory.desc results) {
    D description = pass.describe(dnnl.dnnl_convolution_direct, images, weights, results);
    return type == dnnl.dnnl_bf16 ? description : Implementations.withoutSmallProducts(description);
  }
}
