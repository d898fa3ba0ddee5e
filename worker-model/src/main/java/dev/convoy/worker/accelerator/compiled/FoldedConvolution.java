package dev.convoy.worker.accelerator.compiled;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.post_ops;

/**
 * In inference, a convolution with all that follows it: the batch normalisation, whose running
 * statistics scale the weights and shift the result; a second value that is added; a function.
 *
 * <p>With scale s = gamma / sqrt(variance + epsilon), the convolution's weights are s W and its
 * bias is s (b - mean) + beta, for each filter.
 *
 * @param normalization or null
 * @param addend name of the value that is added, or null
 */
record FoldedConvolution(
    String name,
    Convolution convolution,
    Normalization normalization,
    String addend,
    Activation activation)
    implements Operation.Activated {

  @Override
  public List<String> inputs() {
    List<String> inputs = new ArrayList<>(convolution.inputs());
    if (addend != null) {
      inputs.add(addend);
    }
    return inputs;
  }

  @Override
  public FoldedConvolution reading(List<String> others) {
    return new FoldedConvolution(
        name,
        convolution.reading(others.subList(0, 1)),
        normalization,
        addend == null ? null : others.get(1),
        activation);
  }

  @Override
  public FoldedConvolution activated(String newName, Activation function) {
    return new FoldedConvolution(newName, convolution, normalization, addend, function);
  }

  /** The same with one more value added. */
  FoldedConvolution plus(String newName, String value) {
    return new FoldedConvolution(newName, convolution, normalization, value, activation);
  }

  @Override
  public Operation.Stage forward(Plan plan, List<Tensor> tensors) {
    Tensor input = tensors.get(0);
    post_ops afterwards = new post_ops();
    if (addend != null) {
      afterwards.append_sum();
    }
    boolean biased = convolution.hasBias() || normalization != null;
    convolution_forward.primitive_desc description =
        convolution.describe(input, biased, OneDnn.attributes(activation.appendTo(afterwards)));
    Tensor source = plan.inLayout(input, description.src_desc());
    Tensor output = output(plan, description, tensors);
    Map<Integer, Tensor> arguments = new TreeMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC, source);
    arguments.put(dnnl.DNNL_ARG_DST, output);
    ParameterMemory parameters = plan.parameters();
    Tensor plain =
        parameters.values(convolution.layer(), Convolution.WEIGHTS, convolution.plainWeights());
    Tensor bias =
        convolution.hasBias()
            ? parameters.values(
                convolution.layer(), Convolution.BIAS, OneDnn.plainLayout(convolution.filters()))
            : null;
    if (normalization != null) {
      NormalizedWeights folded = NormalizedWeights.of(plan, normalization, plain, bias);
      plan.add(folded);
      plain = folded.weights();
      bias = folded.bias();
    }
    Tensor weights = plan.inLayout(plain, description.weights_desc());
    arguments.put(dnnl.DNNL_ARG_WEIGHTS, weights);
    if (biased) {
      arguments.put(dnnl.DNNL_ARG_BIAS, bias);
    }
    plan.add(new convolution_forward(description), description, arguments);
    plan.release(source);
    plan.release(weights);
    return new Answer(output);
  }

  /** Where the result goes: over the value that is added, if nobody else reads that any more. */
  private Tensor output(
      Plan plan, convolution_forward.primitive_desc description, List<Tensor> tensors) {
    if (addend == null) {
      return plan.allocate(description.dst_desc());
    }
    Tensor added = tensors.get(1);
    if (added.buffer().isHeldOnce() && added.layout().equals(description.dst_desc())) {
      added.buffer().hold();
      return added;
    }
    Tensor copy = plan.allocate(description.dst_desc());
    plan.copy(added, copy);
    return copy;
  }

  /** A stage that only inference knows. */
  private record Answer(Tensor output) implements Operation.Stage {
    @Override
    public void backward(Plan plan, Tensor gradient, Gradients gradients) {
      throw new IllegalStateException("A folded convolution has no gradient");
    }
  }
}
