package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.FoldedConvolutionNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;

/** In inference, a convolution with the normalisation, sum and function that follow it. */
final class FoldedConvolutionStage implements Stage<Plan, Tensor> {
  private final Tensor output;

  FoldedConvolutionStage(FoldedConvolutionNode node, Plan plan, List<Tensor> inputs) {
    ConvolutionPrimitive primitive = new ConvolutionPrimitive(node.convolution(), plan.batchSize());
    if (TiledConvolution.pays(node.convolution(), plan)) {
      output = addTiled(node, primitive, plan, inputs);
    } else if (isBiased(node) && TurnedConvolution.paysBeforeMore(node.convolution(), plan)) {
      output = addTurned(node, primitive, plan, inputs);
    } else {
      output = addDirect(node, primitive, plan, inputs);
    }
  }

  private static boolean isBiased(FoldedConvolutionNode node) {
    return node.convolution().hasBias() || node.normalization().isPresent();
  }

  private static Tensor addTiled(
      FoldedConvolutionNode node, ConvolutionPrimitive primitive, Plan plan, List<Tensor> inputs) {
    Tensor input = inputs.get(0);
    TiledConvolution convolution = new TiledConvolution(plan, node.convolution(), input);
    Folded folded = prepare(node, primitive, plan, convolution::addKernels);
    Tensor sum = convolution.output(node);
    convolution.addForward(
        convolution.taken(input), folded.weights(), Optional.ofNullable(folded.bias()), sum);
    if (node.addend().isPresent()) {
      Tensor addend = plan.inLayout(inputs.get(1), sum.layout());
      plan.combine(dnnl.dnnl_binary_add, addend, sum, sum, node.activation());
    } else {
      ActivationPrimitive.forward(node.activation(), plan, sum, sum);
    }
    return sum;
  }

  /** The bias, the addend and the function come in one step behind the convolution. */
  private static Tensor addTurned(
      FoldedConvolutionNode node, ConvolutionPrimitive primitive, Plan plan, List<Tensor> inputs) {
    TurnedConvolution convolution = new TurnedConvolution(node.convolution());
    Folded folded = prepare(node, primitive, plan, weights -> convolution.turned(plan, weights));
    Tensor sum = plan.inUsualLayout(convolution.add(plan, inputs.get(0), folded.weights()));
    memory.desc biases =
        OneDnn.blockedLayout(OneDnn.preferredBlock(), 1, node.convolution().filters(), 1, 1);
    Map<Integer, Tensor> arguments = new TreeMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC_0, sum);
    arguments.put(dnnl.DNNL_ARG_SRC_1, plan.seenAs(biases, folded.bias()));
    arguments.put(dnnl.DNNL_ARG_DST, sum);
    post_ops afterwards = new post_ops();
    if (node.addend().isPresent()) {
      afterwards.append_binary(dnnl.dnnl_binary_add, sum.layout());
      arguments.put(
          dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | dnnl.DNNL_ARG_SRC_1,
          plan.inLayout(inputs.get(1), sum.layout()));
    }
    binary.primitive_desc description =
        new binary.primitive_desc(
            new binary.desc(dnnl.dnnl_binary_add, sum.layout(), biases, sum.layout()),
            OneDnn.attributes(ActivationPrimitive.append(node.activation(), afterwards)),
            OneDnn.cpu());
    plan.add(new binary(description), description, arguments);
    return sum;
  }

  private static Tensor addDirect(
      FoldedConvolutionNode node, ConvolutionPrimitive primitive, Plan plan, List<Tensor> inputs) {
    Tensor input = inputs.get(0);
    post_ops afterwards = new post_ops();
    if (node.addend().isPresent()) {
      afterwards.append_sum();
    }
    boolean biased = isBiased(node);
    convolution_forward.primitive_desc description =
        primitive.forward(
            plan,
            input.layout(),
            biased,
            OneDnn.attributes(ActivationPrimitive.append(node.activation(), afterwards)));
    Tensor result = plan.allocate(description.dst_desc());
    if (node.addend().isPresent()) {
      // The convolution adds its result to what is there already.
      plan.copy(inputs.get(1), result);
    }
    Folded folded =
        prepare(
            node, primitive, plan, weights -> plan.inLayout(weights, description.weights_desc()));
    Map<Integer, Tensor> arguments = new TreeMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC, plan.inLayout(input, description.src_desc()));
    arguments.put(dnnl.DNNL_ARG_DST, result);
    arguments.put(dnnl.DNNL_ARG_WEIGHTS, folded.weights());
    if (biased) {
      arguments.put(dnnl.DNNL_ARG_BIAS, folded.bias());
    }
    plan.add(new convolution_forward(description), description, arguments);
    return plan.inUsualLayout(result);
  }

  /** What the convolution reads: weights, and a bias or null. */
  private record Folded(Tensor weights, Tensor bias) {}

  /** Folds the normalisation, and makes of the weights what is multiplied by, once. */
  private static Folded prepare(
      FoldedConvolutionNode node,
      ConvolutionPrimitive primitive,
      Plan plan,
      UnaryOperator<Tensor> made) {
    return plan.prepare(
        () -> {
          Folded plain = fold(node, primitive, plan);
          return new Folded(made.apply(plain.weights()), plain.bias());
        });
  }

  private static Folded fold(
      FoldedConvolutionNode node, ConvolutionPrimitive primitive, Plan plan) {
    Tensor weights = primitive.weights(plan).values();
    Tensor bias = node.convolution().hasBias() ? primitive.bias(plan) : null;
    if (node.normalization().isPresent()) {
      NormalizedWeights normalized =
          NormalizedWeights.addTo(
              plan, node.normalization().get(), node.convolution().kernels(), weights, bias);
      weights = normalized.weights();
      bias = normalized.bias();
    }
    return new Folded(weights, bias);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    throw new IllegalStateException("A folded convolution has no gradient");
  }
}
