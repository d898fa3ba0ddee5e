package dev.convoy.worker.optimizer;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.worker.optimizer.Segment.Kind;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The gradient at w + n, where n is normal noise on the weights, anew in every step (Murray and
 * Edwards 1994; Graves, Mohamed and Hinton 2013). A step then changes w itself. To the order of the
 * noise's variance σ² it adds σ² / 2 · Σ ∂²L / ∂w² to the loss, and so leads to where the loss is
 * flat (An 1996; Goodfellow, Bengio and Courville 2016, 7.5). Biases, scales and shifts have no
 * noise.
 *
 * <p>Belongs to one network and one thread at a time.
 */
public final class NoisyWeightsGradient {
  private final double deviation;
  private final List<Segment> weights;
  private final FlatVectors vectors;

  /**
   * Binds it to a network's parameter and gradient vectors.
   *
   * @param deviation σ, above 0
   */
  public NoisyWeightsGradient(ComputationGraph network, double deviation) {
    this.deviation = deviation;
    this.weights =
        Segment.of(network).stream().filter(segment -> segment.kind() == Kind.WEIGHT).toList();
    this.vectors =
        new FlatVectors(
            network.params(),
            new NetworkGradient(network),
            new float[1][Math.toIntExact(network.numParams())]);
  }

  /**
   * Does work while the weights have noise, and gives them back as they were, to the last bit.
   *
   * @param key of the step, what the noise is drawn from
   * @param work that computes a gradient
   */
  public void around(long key, Runnable work) {
    KeyedRandom random = KeyedRandom.of(key, Purpose.WEIGHT_NOISE);
    for (Segment segment : weights) {
      vectors.changeParameters(
          segment,
          (parameters, gradient, kept, count, offset) -> {
            System.arraycopy(parameters, 0, kept[0], 0, count);
            for (int i = 0; i < count; i++) {
              parameters[i] += (float) (deviation * random.nextGaussian());
            }
          });
    }
    try {
      work.run();
    } finally {
      for (Segment segment : weights) {
        vectors.changeParameters(
            segment,
            (parameters, gradient, kept, count, offset) ->
                System.arraycopy(kept[0], 0, parameters, 0, count));
      }
    }
  }
}
