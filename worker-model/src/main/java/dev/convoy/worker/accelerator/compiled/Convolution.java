package dev.convoy.worker.accelerator.compiled;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.deeplearning4j.nn.params.DefaultParamInitializer;

/**
 * A 2-D convolution, its bias if it has one, and a function of the result.
 *
 * @param layer whose parameters {@code W} [filters, channels, height, width] and {@code b}
 *     [filters] are used
 */
record Convolution(
    String name,
    List<String> inputs,
    String layer,
    Window window,
    long channels,
    long filters,
    boolean hasBias,
    Activation activation)
    implements Operation.Activated {

  static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
  static final String BIAS = DefaultParamInitializer.BIAS_KEY;

  @Override
  public Convolution reading(List<String> others) {
    return new Convolution(name, others, layer, window, channels, filters, hasBias, activation);
  }

  @Override
  public Convolution activated(String newName, Activation function) {
    return new Convolution(newName, inputs, layer, window, channels, filters, hasBias, function);
  }

  /** The layout in which the network keeps the weights. */
  memory.desc plainWeights() {
    return OneDnn.plainLayout(filters, channels, window.kernel()[0], window.kernel()[1]);
  }

  /** The bias's layout, or none. */
  private memory.desc bias(boolean present) {
    return present ? OneDnn.plainLayout(filters) : new memory.desc();
  }

  /**
   * The fastest way to compute the convolution forward.
   *
   * @param input in its present layout, which is kept if it can be
   */
  convolution_forward.primitive_desc describe(
      Tensor input, boolean biased, primitive_attr attributes) {
    long[] result = {input.dimension(0), filters, window.output()[0], window.output()[1]};
    return fastest(
        input.layout(),
        OneDnn.anyLayout(result),
        (source, weights, target) -> describe(source, weights, target, biased, attributes));
  }

  /** Describes a pass for given layouts of images, weights and results. */
  @FunctionalInterface
  private interface Pass<D extends primitive_desc_base> {
    D describe(memory.desc images, memory.desc weights, memory.desc results);
  }

  /**
   * The fastest way through a pass: in the present layouts, in oneDNN's choice, or in plain ones.
   */
  private <D extends primitive_desc_base> D fastest(
      memory.desc images, memory.desc results, Pass<D> pass) {
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

  private convolution_forward.primitive_desc describe(
      memory.desc source,
      memory.desc weights,
      memory.desc result,
      boolean biased,
      primitive_attr attributes) {
    return new convolution_forward.primitive_desc(
        new convolution_forward.desc(
            dnnl.dnnl_forward_training,
            dnnl.dnnl_convolution_direct,
            source,
            weights,
            bias(biased),
            result,
            window.stride(),
            window.gaps(),
            window.before(),
            window.after()),
        attributes,
        OneDnn.cpu());
  }

  @Override
  public Operation.Stage forward(Plan plan, List<Tensor> tensors) {
    return new Stage(plan, tensors.get(0));
  }

  private final class Stage implements Operation.Stage {
    private final Tensor input;
    private final Tensor plainWeights;
    private final convolution_forward.primitive_desc forward;
    private final Tensor output;

    Stage(Plan plan, Tensor input) {
      this.input = input;
      plainWeights = plan.parameters().values(layer, WEIGHTS, plainWeights());
      forward = describe(input, hasBias, activation.attributes());
      output = plan.allocate(forward.dst_desc());
      Tensor source = plan.inLayout(input, forward.src_desc());
      Tensor weights = plan.inLayout(plainWeights, forward.weights_desc());
      Map<Integer, Tensor> arguments = new TreeMap<>();
      arguments.put(dnnl.DNNL_ARG_SRC, source);
      arguments.put(dnnl.DNNL_ARG_WEIGHTS, weights);
      arguments.put(dnnl.DNNL_ARG_DST, output);
      if (hasBias) {
        arguments.put(dnnl.DNNL_ARG_BIAS, plan.parameters().values(layer, BIAS, bias(true)));
      }
      plan.add(new convolution_forward(forward), forward, arguments);
      plan.release(source);
      plan.release(weights);
    }

    @Override
    public Tensor output() {
      return output;
    }

    @Override
    public void backward(Plan plan, Tensor gradient, Gradients gradients) {
      Tensor inner = activation.backward(plan, output, gradient);
      backwardWeights(plan, inner);
      if (gradients.areWanted(inputs.get(0))) {
        gradients.add(inputs.get(0), backwardData(plan, inner));
      }
      plan.release(inner);
    }

    private void backwardWeights(Plan plan, Tensor gradient) {
      convolution_backward_weights.primitive_desc description =
          fastest(input.layout(), gradient.layout(), this::weightsDescription);
      Tensor source = plan.inLayout(input, description.src_desc());
      Tensor resultGradient = plan.inLayout(gradient, description.diff_dst_desc());
      Tensor place = plan.parameters().gradient(layer, WEIGHTS, plainWeights());
      boolean inPlace = place.layout().equals(description.diff_weights_desc());
      Tensor weightsGradient = inPlace ? place : plan.allocate(description.diff_weights_desc());
      Map<Integer, Tensor> arguments = new TreeMap<>();
      arguments.put(dnnl.DNNL_ARG_SRC, source);
      arguments.put(dnnl.DNNL_ARG_DIFF_DST, resultGradient);
      arguments.put(dnnl.DNNL_ARG_DIFF_WEIGHTS, weightsGradient);
      if (hasBias) {
        arguments.put(dnnl.DNNL_ARG_DIFF_BIAS, plan.parameters().gradient(layer, BIAS, bias(true)));
      }
      plan.add(new convolution_backward_weights(description), description, arguments);
      if (!inPlace) {
        plan.copy(weightsGradient, place);
        plan.release(weightsGradient);
      }
      plan.release(source);
      plan.release(resultGradient);
    }

    private convolution_backward_weights.primitive_desc weightsDescription(
        memory.desc source, memory.desc weights, memory.desc result) {
      return new convolution_backward_weights.primitive_desc(
          new convolution_backward_weights.desc(
              dnnl.dnnl_convolution_direct,
              source,
              weights,
              bias(hasBias),
              result,
              window.stride(),
              window.gaps(),
              window.before(),
              window.after()),
          OneDnn.attributes(),
          OneDnn.cpu(),
          forward);
    }

    private Tensor backwardData(Plan plan, Tensor gradient) {
      convolution_backward_data.primitive_desc description =
          fastest(input.layout(), gradient.layout(), this::dataDescription);
      Tensor resultGradient = plan.inLayout(gradient, description.diff_dst_desc());
      Tensor weights = plan.inLayout(plainWeights, description.weights_desc());
      Tensor inputGradient = plan.allocate(description.diff_src_desc());
      plan.add(
          new convolution_backward_data(description),
          description,
          Map.of(
              dnnl.DNNL_ARG_DIFF_DST, resultGradient,
              dnnl.DNNL_ARG_WEIGHTS, weights,
              dnnl.DNNL_ARG_DIFF_SRC, inputGradient));
      plan.release(resultGradient);
      plan.release(weights);
      return inputGradient;
    }

    private convolution_backward_data.primitive_desc dataDescription(
        memory.desc source, memory.desc weights, memory.desc result) {
      return new convolution_backward_data.primitive_desc(
          new convolution_backward_data.desc(
              dnnl.dnnl_convolution_direct,
              source,
              weights,
              result,
              window.stride(),
              window.gaps(),
              window.before(),
              window.after()),
          OneDnn.attributes(),
          OneDnn.cpu(),
          forward);
    }
  }
}
