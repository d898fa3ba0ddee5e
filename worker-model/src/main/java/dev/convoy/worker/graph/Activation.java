package dev.convoy.worker.graph;

import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * A function of each value on its own.
 *
 * @param kind which function
 * @param alpha its parameter: the slope below zero for {@link Kind#RELU}, the limit's negative for
 *     {@link Kind#ELU}, the factor for {@link Kind#SWISH}; 0 for the others
 */
public record Activation(Kind kind, float alpha) {
  /** The functions. */
  public enum Kind {
    /** The value itself. */
    IDENTITY,
    /** max(x, 0) + alpha min(x, 0). */
    RELU,
    /** x above 0, alpha (exp x - 1) below (Clevert, Unterthiner and Hochreiter 2016). */
    ELU,
    /** The hyperbolic tangent. */
    TANH,
    /** 1 / (1 + exp -x). */
    SIGMOID,
    /**
     * x / (1 + exp(-alpha x)): with alpha 1, SiLU (Elfwing, Uchibe and Doya 2018); with 1.702, the
     * approximation of GELU (Hendrycks and Gimpel 2016) that Deeplearning4j computes by default.
     */
    SWISH,
    /** log(1 + exp x). */
    SOFTPLUS,
    /** x tanh(log(1 + exp x)) (Misra 2020). */
    MISH
  }

  /** No function at all. */
  public static final Activation NONE = new Activation(Kind.IDENTITY, 0);

  /** max(x, 0). */
  public static final Activation RELU = new Activation(Kind.RELU, 0);

  /** Of Deeplearning4j's GELU, in floats. */
  private static final float GELU_FACTOR = 1.702f;

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
    if (function instanceof ActivationTanH) {
      return Optional.of(new Activation(Kind.TANH, 0));
    }
    if (function instanceof ActivationSigmoid) {
      return Optional.of(new Activation(Kind.SIGMOID, 0));
    }
    if (function instanceof ActivationSwish) {
      return Optional.of(new Activation(Kind.SWISH, 1));
    }
    // Deeplearning4j's precise form cubes 0.044715 together with x, and is nobody's GELU.
    if (function instanceof ActivationGELU gelu && !gelu.isPrecise()) {
      return Optional.of(new Activation(Kind.SWISH, GELU_FACTOR));
    }
    if (function instanceof ActivationSoftPlus) {
      return Optional.of(new Activation(Kind.SOFTPLUS, 0));
    }
    if (function instanceof ActivationMish) {
      return Optional.of(new Activation(Kind.MISH, 0));
    }
    return Optional.empty();
  }

  private static boolean isPlain(ActivationReLU relu) {
    return (relu.getMax() == null || relu.getMax() == 0)
        && (relu.getThreshold() == null || relu.getThreshold() == 0)
        && (relu.getNegativeSlope() == null || relu.getNegativeSlope() == 0);
  }

  /** Whether its derivative is told from the argument; else it is told from the result. */
  public boolean isDerivedFromArgument() {
    return switch (kind) {
      case IDENTITY, RELU, ELU, TANH, SIGMOID -> false;
      case SWISH, SOFTPLUS, MISH -> true;
    };
  }

  /** Whether nothing is done. */
  public boolean isNone() {
    return equals(NONE);
  }
}
