package dev.convoy.worker.model.initialization;

import java.util.Random;
import java.util.function.DoubleSupplier;
import org.deeplearning4j.nn.weights.IWeightInit;

/** How the weights of a layer are drawn before they learn. Immutable. */
public interface Initialization {
  /** What a layer's configuration, and so a saved model, has for it: one of Deeplearning4j's. */
  IWeightInit scheme();

  /**
   * Draws the weights of a parameter.
   *
   * @param shape of the parameter
   * @param random from which alone all randomness comes
   * @return gives as many weights as the shape has, one after another in C order
   */
  DoubleSupplier draw(WeightShape shape, Random random);
}
