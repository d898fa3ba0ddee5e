package dev.convoy.worker.accelerator.compiled;

import java.util.Map;
import java.util.Optional;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * A function of each value whose derivative can be told from its result, so that the argument need
 * not be kept.
 *
 * @param kind oneDNN's number of the function; 0 for none
 * @param backwardKind oneDNN's number of its derivative as a function of the result
 * @param alpha the function's parameter
 */
record Activation(int kind, int backwardKind, float alpha) {
  static final Activation NONE = new Activation(0, 0, 0);
  static final Activation RELU =
      new Activation(dnnl.dnnl_eltwise_relu, dnnl.dnnl_eltwise_relu_use_dst_for_bwd, 0);

  /** The counterpart of Deeplearning4j's function; empty if there is none. */
  static Optional<Activation> of(IActivation function) {
    if (function instanceof ActivationIdentity) {
      return Optional.of(NONE);
    }
    if (function instanceof ActivationReLU relu) {
      return isPlain(relu) ? Optional.of(RELU) : Optional.empty();
    }
    if (function instanceof ActivationLReLU relu && relu.getAlpha() > 0) {
      return Optional.of(new Activation(RELU.kind, RELU.backwardKind, (float) relu.getAlpha()));
    }
    if (function instanceof ActivationELU elu && elu.getAlpha() > 0) {
      return Optional.of(
          new Activation(
              dnnl.dnnl_eltwise_elu,
              dnnl.dnnl_eltwise_elu_use_dst_for_bwd,
              (float) elu.getAlpha()));
    }
    if (function instanceof ActivationTanH) {
      return Optional.of(
          new Activation(dnnl.dnnl_eltwise_tanh, dnnl.dnnl_eltwise_tanh_use_dst_for_bwd, 0));
    }
    if (function instanceof ActivationSigmoid) {
      return Optional.of(
          new Activation(
              dnnl.dnnl_eltwise_logistic, dnnl.dnnl_eltwise_logistic_use_dst_for_bwd, 0));
    }
    return Optional.empty();
  }

  private static boolean isPlain(ActivationReLU relu) {
    return (relu.getMax() == null || relu.getMax() == 0)
        && (relu.getThreshold() == null || relu.getThreshold() == 0)
        && (relu.getNegativeSlope() == null || relu.getNegativeSlope() == 0);
  }

  boolean isNone() {
    return equals(NONE);
  }

  /** Attributes of a primitive that applies the function to its result. */
  primitive_attr attributes() {
    return isNone() ? OneDnn.attributes() : OneDnn.attributes(appendTo(new post_ops()));
  }

  /** Applies the function behind what is already to be done to a result. */
  post_ops appendTo(post_ops afterwards) {
    if (!isNone()) {
      afterwards.append_eltwise(1, kind, alpha, 0);
    }
    return afterwards;
  }

  /** Adds a step that applies the function. */
  void forward(Plan plan, Tensor argument, Tensor result) {
    var description = forwardDescription(argument, kind);
    plan.add(
        new eltwise_forward(description),
        description,
        Map.of(dnnl.DNNL_ARG_SRC, argument, dnnl.DNNL_ARG_DST, result));
  }

  private eltwise_forward.primitive_desc forwardDescription(Tensor values, int algorithm) {
    return new eltwise_forward.primitive_desc(
        new eltwise_forward.desc(dnnl.dnnl_forward_training, algorithm, values.layout(), alpha, 0),
        OneDnn.attributes(),
        OneDnn.cpu());
  }

  /**
   * Adds the steps that turn the gradient of the result into that of the argument.
   *
   * @param gradient released; overwritten if nobody else holds it
   * @return the gradient of the argument, held once
   */
  Tensor backward(Plan plan, Tensor result, Tensor gradient) {
    if (isNone()) {
      return gradient;
    }
    Tensor source = plan.inLayout(gradient, result.layout());
    plan.release(gradient);
    Tensor target = source;
    if (!source.buffer().isHeldOnce()) {
      target = plan.allocate(result.layout());
      plan.release(source);
    }
    var description =
        new eltwise_backward.primitive_desc(
            new eltwise_backward.desc(backwardKind, result.layout(), result.layout(), alpha, 0),
            OneDnn.attributes(),
            OneDnn.cpu(),
            forwardDescription(result, backwardKind));
    plan.add(
        new eltwise_backward(description),
        description,
        Map.of(
            dnnl.DNNL_ARG_DST, result,
            dnnl.DNNL_ARG_DIFF_DST, source,
            dnnl.DNNL_ARG_DIFF_SRC, target));
    return target;
  }
}
