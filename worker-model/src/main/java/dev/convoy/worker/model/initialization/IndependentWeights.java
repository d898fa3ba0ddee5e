package dev.convoy.worker.model.initialization;

import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.weights.IWeightInit;

/**
 * Weights of mean 0 that are drawn independently of each other.
 *
 * @param scheme Deeplearning4j's
 * @param law of the distribution
 * @param variance of a weight
 */
record IndependentWeights(IWeightInit scheme, Law law, ToDoubleFunction<WeightShape> variance)
    implements Initialization {
  /** The form of a distribution. */
  enum Law {
    NORMAL {
      @Override
      double draw(double deviation, Random random) {
        return random.nextGaussian() * deviation;
      }
    },
    /** Between the two limits that have this deviation. */
    UNIFORM {
      @Override
      double draw(double deviation, Random random) {
        return (2 * random.nextDouble() - 1) * Math.sqrt(3) * deviation;
      }
    };

    abstract double draw(double deviation, Random random);
  }

  @Override
  public DoubleSupplier draw(WeightShape shape, Random random) {
    double deviation = Math.sqrt(variance.applyAsDouble(shape));
    return () -> law.draw(deviation, random);
  }
}
