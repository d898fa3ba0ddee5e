package dev.convoy.worker.graph;

import dev.convoy.worker.model.layer.ExactGelu;
import dev.convoy.worker.model.layer.StepFunction;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * A function of each value on its own.
 *
 * @param kind which function
 * @param alpha its parameter: the slope below zero for {@link Kind#RELU}, the limit's negative for
 *     {@link Kind#ELU}, the factor for {@link Kind#SWISH} and {@link Kind#LINEAR}; 0 for the others
 */
public record Activation(Kind kind, float alpha) {
  /** The functions. */
  public enum Kind {
    /** The value itself. */
    IDENTITY,
    /** alpha x. */
    LINEAR,
    /** max(x, 0) + alpha min(x, 0). */
    RELU,
    /** x above 0, alpha (exp x - 1) below (Clevert, Unterthiner and Hochreiter 2016). */
    ELU,
    /**
     * 1.0507 times an ELU of alpha 1.6733, which keeps mean 0 and variance 1 from layer to layer
     * (Klambauer, Unterthiner, Mayr and Hochreiter 2017).
     */
    SELU,
    /** min(max(x, 0), 6). */
    RELU6,
    /** min(max(x, -1), 1). */
    HARD_TANH,
    /** min(max(0.2 x + 0.5, 0), 1) (Courbariaux, Bengio and David 2015). */
    HARD_SIGMOID,
    /**
     * 1 above 0, else 0. Its derivative is 0, so that nothing in front of it learns from gradients.
     */
    STEP,
    /** The hyperbolic tangent. */
    TANH,
    /** 1 / (1 + exp -x). */
    SIGMOID,
    /**
     * x / (1 + exp(-alpha x)): with alpha 1, SiLU (Elfwing, Uchibe and Doya 2018); with 1.702, the
     * approximation of GELU (Hendrycks and Gimpel 2016) that Deeplearning4j computes by default.
     */
    SWISH,
    /** x times the probability that a standard normal value is less (Hendrycks and Gimpel 2016). */
    GELU,
    /** log(1 + exp x). */
    SOFTPLUS,
    /** x tanh(log(1 + exp x)) (Misra 2020). */
    MISH
  }

  /** No function at all. */
  public static final Activation NONE = new Activation(Kind.IDENTITY, 0);

  /** max(x, 0). */
  public static final Activation RELU = new Activation(Kind.RELU, 0);

  /** What {@link Kind#SELU} multiplies by. */
  public static final double SELU_SCALE = 1.0507009873554805;

  /** The alpha of the ELU in {@link Kind#SELU}. */
  public static final double SELU_ALPHA = 1.6732632423543772;

  /** Of Deeplearning4j's GELU, in floats. */
  private static final float GELU_FACTOR = 1.702f;

  /** Functions of Deeplearning4j, and those added to it, that have no parameter. */
  private static final Map<Class<? extends IActivation>, Kind> PLAIN =
      Map.ofEntries(
          Map.entry(ActivationSELU.class, Kind.SELU),
          Map.entry(ActivationReLU6.class, Kind.RELU6),
          Map.entry(ActivationHardTanH.class, Kind.HARD_TANH),
          Map.entry(ActivationHardSigmoid.class, Kind.HARD_SIGMOID),
          Map.entry(StepFunction.class, Kind.STEP),
          Map.entry(ActivationTanH.class, Kind.TANH),
          Map.entry(ActivationSigmoid.class, Kind.SIGMOID),
          Map.entry(ExactGelu.class, Kind.GELU),
          Map.entry(ActivationSoftPlus.class, Kind.SOFTPLUS),
          Map.entry(ActivationMish.class, Kind.MISH));

  /** The counterpart of Deeplearning4j's function; empty if there is none. */
  static Optional<Activation> of(IActivation function) {
    if (function instanceof ActivationIdentity) {
      return Optional.of(NONE);
    }
    if (function instanceof ActivationReLU relu) {
      return isPlain(relu) ? Optional.of(RELU) : Optional.empty();
    }
    if (function instanceof ActivationLReLU relu && relu.getAlpha() > 0) {
      return Optional.of(new Activation(Kind.RELU, (float) relu.getAlpha()));
    }
    if (function instanceof ActivationELU elu && elu.getAlpha() > 0) {
      return Optional.of(new Activation(Kind.ELU, (float) elu.getAlpha()));
    }
    if (function instanceof ActivationSwish) {
      return Optional.of(new Activation(Kind.SWISH, 1));
    }
    // Deeplearning4j's precise form cubes 0.044715 together with x, and is nobody's GELU.
    if (function instanceof ActivationGELU gelu) {
      return gelu.isPrecise()
          ? Optional.empty()
          : Optional.of(new Activation(Kind.SWISH, GELU_FACTOR));
    }
    return Optional.ofNullable(PLAIN.get(function.getClass())).map(kind -> new Activation(kind, 0));
  }

  private static boolean isPlain(ActivationReLU relu) {
    return (relu.getMax() == null || relu.getMax() == 0)
        && (relu.getThreshold() == null || relu.getThreshold() == 0)
        && (relu.getNegativeSlope() == null || relu.getNegativeSlope() == 0);
  }

  /** Whether its derivative is told from the argument; else it is told from the result. */
  public boolean isDerivedFromArgument() {
    return switch (kind) {
      case IDENTITY, LINEAR, RELU, ELU, SELU, RELU6 -> false;
      case HARD_TANH, HARD_SIGMOID, STEP, TANH, SIGMOID -> false;
      case SWISH, GELU, SOFTPLUS, MISH -> true;
    };
  }

  /** Whether nothing is done. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** Whether a larger value never has a smaller result. */
  public boolean isNondecreasing() {
    return switch (kind) {
      case LINEAR, RELU -> alpha >= 0;
      case SWISH, GELU, MISH -> false;
      default -> true;
    };
  }
}
