package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.Activation;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;

/**
 * Functions of each value: as primitives, and as what other primitives do to their result.
 *
 * <p>Some are two of oneDNN's, one after the other, of which one is linear.
 */
final class ActivationPrimitive {
  private ActivationPrimitive() {}

  /**
   * A function of oneDNN.
   *
   * @param forward its number
   * @param backward its number where its derivative is told from what is known
   */
  private record Function(int forward, int backward, float alpha, float beta) {
    static Function of(int forward, int backward, double alpha) {
      return new Function(forward, backward, (float) alpha, 0);
    }

    static Function of(int number, double alpha) {
      return of(number, number, alpha);
    }

    static Function linear(double factor, double summand) {
      int number = dnnl.dnnl_eltwise_linear;
      return new Function(number, number, (float) factor, (float) summand);
    }

    static Function clip(float least, float most) {
      return new Function(
          dnnl.dnnl_eltwise_clip_v2, dnnl.dnnl_eltwise_clip_v2_use_dst_for_bwd, least, most);
    }

    boolean isLinear() {
      return forward == dnnl.dnnl_eltwise_linear;
    }

    Function inverse() {
      return linear(1 / alpha, -beta / alpha);
    }
  }

  /** What an activation is made of, the innermost first; empty if it is none. */
  private static List<Function> functions(Activation activation) {
    float alpha = activation.alpha();
    return switch (activation.kind()) {
      case IDENTITY -> List.of();
      case LINEAR -> List.of(Function.linear(alpha, 0));
      case RELU ->
          List.of(
              Function.of(dnnl.dnnl_eltwise_relu, dnnl.dnnl_eltwise_relu_use_dst_for_bwd, alpha));
      case ELU -> List.of(elu(alpha));
      case SELU -> List.of(elu(Activation.SELU_ALPHA), Function.linear(Activation.SELU_SCALE, 0));
      case RELU6 -> List.of(Function.clip(0, 6));
      case HARD_TANH -> List.of(Function.clip(-1, 1));
      case HARD_SIGMOID -> List.of(Function.linear(0.2, 0.5), Function.clip(0, 1));
      case STEP -> List.of(Function.linear(Float.MAX_VALUE, 0), Function.clip(0, 1));
      case TANH ->
          List.of(Function.of(dnnl.dnnl_eltwise_tanh, dnnl.dnnl_eltwise_tanh_use_dst_for_bwd, 0));
      case SIGMOID ->
          List.of(
              Function.of(
                  dnnl.dnnl_eltwise_logistic, dnnl.dnnl_eltwise_logistic_use_dst_for_bwd, 0));
      case SWISH -> List.of(Function.of(dnnl.dnnl_eltwise_swish, alpha));
      case GELU -> List.of(Function.of(dnnl.dnnl_eltwise_gelu_erf, 0));
      case SOFTPLUS -> List.of(Function.of(dnnl.dnnl_eltwise_soft_relu, 0));
      case MISH -> List.of(Function.of(dnnl.dnnl_eltwise_mish, 0));
    };
  }

  private static Function elu(double alpha) {
    return Function.of(dnnl.dnnl_eltwise_elu, dnnl.dnnl_eltwise_elu_use_dst_for_bwd, alpha);
  }

  /** Attributes of a primitive that applies the function to its result. */
  static primitive_attr attributes(Activation activation) {
    return activation.isNone()
        ? OneDnn.attributes()
        : OneDnn.attributes(append(activation, new post_ops()));
  }

  /** Applies the function behind what is already to be done to a result. */
  static post_ops append(Activation activation, post_ops afterwards) {
    for (Function function : functions(activation)) {
      afterwards.append_eltwise(1, function.forward(), function.alpha(), function.beta());
    }
    return afterwards;
  }

  /** Adds steps that apply the function. */
  static void forward(Activation activation, Plan plan, Tensor argument, Tensor result) {
    Tensor known = argument;
    for (Function function : functions(activation)) {
      forward(function, plan, known, result);
      known = result;
    }
  }

  private static void forward(Function function, Plan plan, Tensor argument, Tensor result) {
    var description = description(function, function.forward(), argument);
    plan.add(
        new eltwise_forward(description),
        description,
        Map.of(dnnl.DNNL_ARG_SRC, argument, dnnl.DNNL_ARG_DST, result));
  }

  private static eltwise_forward.primitive_desc description(
      Function function, int algorithm, Tensor values) {
    return new eltwise_forward.primitive_desc(
        new eltwise_forward.desc(
            dnnl.dnnl_forward_training,
            algorithm,
            values.layout(),
            function.alpha(),
            function.beta()),
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
    if (activation.kind() == Activation.Kind.STEP) {
      Tensor zeros = plan.allocate(known.layout());
      plan.clear(zeros);
      return zeros;
    }
    Tensor source = plan.inLayout(gradient, known.layout());
    List<Function> functions = functions(activation);
    Function first = functions.get(0);
    if (functions.size() == 1) {
      return backward(first, plan, known, source, activation.isDerivedFromArgument());
    }
    Function second = functions.get(1);
    Tensor scaled;
    if (second.isLinear()) {
      Tensor inner = plan.allocate(known.layout());
      forward(second.inverse(), plan, known, inner);
      scaled = backward(first, plan, inner, source, false);
    } else {
      scaled = backward(second, plan, known, source, false);
    }
    float factor = (second.isLinear() ? second : first).alpha();
    forward(Function.linear(factor, 0), plan, scaled, scaled);
    return scaled;
  }

  private static Tensor backward(
      Function function, Plan plan, Tensor known, Tensor source, boolean knowsArgument) {
    Tensor target = plan.allocate(known.layout());
    plan.mayOverwrite(source, target);
    if (function.isLinear()) {
      forward(Function.linear(function.alpha(), 0), plan, source, target);
      return target;
    }
    var description =
        new eltwise_backward.primitive_desc(
            new eltwise_backward.desc(
                function.backward(),
                known.layout(),
                known.layout(),
                function.alpha(),
                function.beta()),
            OneDnn.attributes(),
            OneDnn.cpu(),
            description(function, function.backward(), known));
    plan.add(
        new eltwise_backward(description),
        description,
        Map.of(
            knowsArgument ? dnnl.DNNL_ARG_SRC : dnnl.DNNL_ARG_DST,
            known,
            dnnl.DNNL_ARG_DIFF_DST,
            source,
            dnnl.DNNL_ARG_DIFF_SRC,
            target));
    return target;
  }
}
