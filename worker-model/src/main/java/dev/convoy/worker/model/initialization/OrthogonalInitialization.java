package dev.convoy.worker.model.initialization;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.deeplearning4j.nn.conf.distribution.OrthogonalDistribution;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;

/**
 * A random matrix whose rows, or columns where these are fewer, are orthogonal and have one norm:
 * normal values, made orthogonal by Gram and Schmidt's process.
 *
 * @param gain the norm
 */
record OrthogonalInitialization(double gain) implements Initialization {
  private static final Option<Double> GAIN =
      Option.number(
          "gain",
          1,
          Range.openClosed(0, 1000),
          "norm of the weights; for rectifiers the root of 2");

  static final InitializationMember MEMBER =
      new InitializationMember(
          Component.named("orthogonal", "a random orthogonal matrix")
              .from(
                  "Saxe, McClelland and Ganguli, \"Exact solutions to the nonlinear dynamics of"
                      + " learning in deep linear neural networks\", 2014")
              .with(GAIN)
              .createdBy(options -> new OrthogonalInitialization(options.value(GAIN))),
          scheme ->
              SchemeDistribution.of(scheme, OrthogonalDistribution.class)
                  .map(distribution -> new OrthogonalInitialization(distribution.getGain())));

  @Override
  public IWeightInit scheme() {
    return new WeightInitDistribution(new OrthogonalDistribution(gain));
  }

  @Override
  public DoubleSupplier draw(WeightShape shape, Random random) {
    int rows = shape.rows();
    int columns = shape.count() / rows;
    double[][] vectors = new double[Math.min(rows, columns)][Math.max(rows, columns)];
    for (double[] vector : vectors) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] = random.nextGaussian();
      }
    }
    OrthonormalVectors.make(vectors);
    AtomicInteger next = new AtomicInteger();
    return () -> {
      int i = next.getAndIncrement();
      int row = i / columns;
      int column = i % columns;
      return gain * (rows <= columns ? vectors[row][column] : vectors[column][row]);
    };
  }
}
