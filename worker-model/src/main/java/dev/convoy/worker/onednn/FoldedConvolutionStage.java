package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.FoldedConvolutionNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;

/** In inference, a convolution with the normalisation, sum and function that follow it. */
final class FoldedConvolutionStage implements Stage<Plan, Tensor> {
  private final Tensor output;

  FoldedConvolutionStage(FoldedConvolutionNode node, Plan plan, List<Tensor> inputs) {
    Tensor input = inputs.get(0);
    ConvolutionPrimitive primitive = new ConvolutionPrimitive(node.convolution(), plan.batchSize());
    post_ops afterwards = new post_ops();
    if (node.addend().isPresent()) {
      afterwards.append_sum();
    }
    boolean biased = node.convolution().hasBias() || node.normalization().isPresent();
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
    Folded folded = plan.prepare(() -> fold(node, primitive, plan, description.weights_desc()));
    Map<Integer, Tensor> arguments = new TreeMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC, plan.inLayout(input, description.src_desc()));
    arguments.put(dnnl.DNNL_ARG_DST, result);
    arguments.put(dnnl.DNNL_ARG_WEIGHTS, folded.weights());
    if (biased) {
      arguments.put(dnnl.DNNL_ARG_BIAS, folded.bias());
    }
    plan.add(new convolution_forward(description), description, arguments);
    output = plan.inUsualLayout(result);
  }

  /** What the convolution reads: weights in its layout, and a bias or null. */
  private record Folded(Tensor weights, Tensor bias) {}

  private static Folded fold(
      FoldedConvolutionNode node, ConvolutionPrimitive primitive, Plan plan, memory.desc layout) {
    Tensor weights = primitive.weights(plan).values();
    Tensor bias = node.convolution().hasBias() ? primitive.bias(plan) : null;
    if (node.normalization().isPresent()) {
      NormalizedWeights normalized =
          NormalizedWeights.addTo(
              plan, node.normalization().get(), node.convolution().kernels(), weights, bias);
      weights = normalized.weights();
      bias = normalized.bias();
    }
    return new Folded(plan.inLayout(weights, layout), bias);
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
