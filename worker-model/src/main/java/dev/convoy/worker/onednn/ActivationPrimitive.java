package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.Activation;
import java.util.Map;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;

/** Functions of each value: as primitives, and as what other primitives do to their result. */
final class ActivationPrimitive {
  private ActivationPrimitive() {}

  /** oneDNN's number of a function. */
  private static int forwardKind(Activation activation) {
    return switch (activation.kind()) {
      case IDENTITY -> throw new IllegalArgumentException("Cannot compute no function.");
      case RELU -> dnnl.dnnl_eltwise_relu;
      case ELU -> dnnl.dnnl_eltwise_elu;
      case TANH -> dnnl.dnnl_eltwise_tanh;
      case SIGMOID -> dnnl.dnnl_eltwise_logistic;
      case SWISH -> dnnl.dnnl_eltwise_swish;
      case SOFTPLUS -> dnnl.dnnl_eltwise_soft_relu;
      case MISH -> dnnl.dnnl_eltwise_mish;
    };
  }

  /** oneDNN's number of a function whose derivative is wanted. */
  private static int backwardKind(Activation activation) {
    return switch (activation.kind()) {
      case IDENTITY -> throw new IllegalArgumentException("Cannot derive no function.");
      case RELU -> dnnl.dnnl_eltwise_relu_use_dst_for_bwd;
      case ELU -> dnnl.dnnl_eltwise_elu_use_dst_for_bwd;
      case TANH -> dnnl.dnnl_eltwise_tanh_use_dst_for_bwd;
      case SIGMOID -> dnnl.dnnl_eltwise_logistic_use_dst_for_bwd;
      case SWISH, SOFTPLUS, MISH -> forwardKind(activation);
    };
  }

  /** Attributes of a primitive that applies the function to its result. */
  static primitive_attr attributes(Activation activation) {
    return activation.isNone()
        ? OneDnn.attributes()
        : OneDnn.attributes(append(activation, new post_ops()));
  }

  /** Applies the function behind what is already to be done to a result. */
  static post_ops append(Activation activation, post_ops afterwards) {
    if (!activation.isNone()) {
      afterwards.append_eltwise(1, forwardKind(activation), activation.alpha(), 0);
    }
    return afterwards;
  }

  /** Adds a step that applies the function. */
  static void forward(Activation activation, Plan plan, Tensor argument, Tensor result) {
    var description = description(activation, forwardKind(activation), argument);
    plan.add(
        new eltwise_forward(description),
        description,
        Map.of(dnnl.DNNL_ARG_SRC, argument, dnnl.DNNL_ARG_DST, result));
  }

  private static eltwise_forward.primitive_desc description(
      Activation activation, int algorithm, Tensor values) {
    return new eltwise_forward.primitive_desc(
        new eltwise_forward.desc(
            dnnl.dnnl_forward_training, algorithm, values.layout(), activation.alpha(), 0),
        OneDnn.attributes(),
        OneDnn.cpu());
  }

  /**
   * Adds the steps that turn the gradient of the result into that of the argument.
   *
   * @param known the argument if the derivative is told from it, else the result
   * @return the gradient of the argument, in the same layout if there is a function
   */
  static Tensor backward(Activation activation, Plan plan, Tensor known, Tensor gradient) {
    if (activation.isNone()) {
      return gradient;
    }
    Tensor source = plan.inLayout(gradient, known.layout());
    Tensor target = plan.allocate(known.layout());
    plan.mayOverwrite(source, target);
    int algorithm = backwardKind(activation);
    var description =
        new eltwise_backward.primitive_desc(
            new eltwise_backward.desc(
                algorithm, known.layout(), known.layout(), activation.alpha(), 0),
            OneDnn.attributes(),
            OneDnn.cpu(),
            description(activation, algorithm, known));
    plan.add(
        new eltwise_backward(description),
        description,
        Map.of(
            activation.isDerivedFromArgument() ? dnnl.DNNL_ARG_SRC : dnnl.DNNL_ARG_DST,
            known,
            dnnl.DNNL_ARG_DIFF_DST,
            source,
            dnnl.DNNL_ARG_DIFF_SRC,
            target));
    return target;
  }
}
