package dev.convoy.worker.graph;

import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * A function of each value on its own.
 *
 * @param kind which function
 * @param alpha its parameter: the slope below zero for {@link Kind#RELU}, the limit's negative for
 *     {@link Kind#ELU}; 0 for the others
 */
public record Activation(Kind kind, float alpha) {
  /** The functions. Of all of them the derivative can be told from the result. */
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
    SIGMOID
  }

  /** No function at all. */
  public static final Activation NONE = new Activation(Kind.IDENTITY, 0);

  /** max(x, 0). */
  public static final Activation RELU = new Activation(Kind.RELU, 0);

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
    return Optional.empty();
  }

  private static boolean isPlain(ActivationReLU relu) {
    return (relu.getMax() == null || relu.getMax() == 0)
        && (relu.getThreshold() == null || relu.getThreshold() == 0)
        && (relu.getNegativeSlope() == null || relu.getNegativeSlope() == 0);
  }

  /** Whether nothing is done. */
  public boolean isNone() {
    return equals(NONE);
  }
}
