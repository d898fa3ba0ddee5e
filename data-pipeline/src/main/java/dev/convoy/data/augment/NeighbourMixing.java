package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;
import dev.convoy.data.random.KeyedRandom;
import java.util.Arrays;

/**
 * Mixes every example with the next one of its batch that is not a copy of it, the last with the
 * first: λ of its own image and 1 − λ of the other's, with λ drawn from Beta(α, α) for each
 * example. Its loss becomes λ·w·(that of its own target) + (1 − λ)·w′·(that of the other's) of
 * their weights w and w′: its weight is λ·w + (1 − λ)·w′, and its own target's share λ·w of that.
 */
abstract class NeighbourMixing implements BatchAugmentation {
  private final double alpha;

  NeighbourMixing(double alpha) {
    this.alpha = alpha;
  }

  /** The parameter α, which is both of the beta distribution's. */
  static Option<Double> alpha(String name, double usual) {
    return Option.number(
        name,
        usual,
        Range.closed(0.05, 4),
        "both parameters of the beta distribution that shares are drawn from; 1 is uniform");
  }

  @Override
  public final void apply(AugmentedBatch batch, KeyedRandom random) {
    int size = batch.size();
    int values = batch.shape().size();
    int classes = batch.classes();
    int distance = batch.copies() % size;
    byte[] firstImages = Arrays.copyOf(batch.pixels(), distance * values);
    float[] firstTargets = Arrays.copyOf(batch.targets(), distance * classes);
    float[] firstWeights = Arrays.copyOf(batch.weights(), distance);
    for (int example = 0; example < size; example++) {
      boolean isChanged = example + distance >= size;
      byte[] otherImages = isChanged ? firstImages : batch.pixels();
      float[] otherTargets = isChanged ? firstTargets : batch.targets();
      float[] otherWeights = isChanged ? firstWeights : batch.weights();
      int other = (example + distance) % size;
      ImagePart own = new ImagePart(batch.pixels(), example * values);
      ImagePart others = new ImagePart(otherImages, other * values);
      double share = mix(own, others, batch.shape(), beta(random), random);
      double ofTarget = shareOfTarget(share, batch.weights()[example], otherWeights[other]);
      mix(batch.targets(), example * classes, otherTargets, other * classes, classes, ofTarget);
      mix(batch.weights(), example, otherWeights, other, 1, share);
    }
  }

  private static double shareOfTarget(double share, double weight, double otherWeight) {
    double mixed = share * weight + (1 - share) * otherWeight;
    return weight == otherWeight || mixed == 0 ? share : share * weight / mixed;
  }

  /**
   * One image among others.
   *
   * @param pixels of all of them
   * @param from where this one begins
   */
  record ImagePart(byte[] pixels, int from) {}

  /**
   * Changes an image in place.
   *
   * @param share of it that is to stay
   * @return the share that has stayed
   */
  abstract double mix(
      ImagePart own, ImagePart other, ImageShape shape, double share, KeyedRandom random);

  private static void mix(
      float[] own, int from, float[] others, int otherFrom, int count, double share) {
    for (int i = 0; i < count; i++) {
      own[from + i] = (float) (share * own[from + i] + (1 - share) * others[otherFrom + i]);
    }
  }

  /** Draws from Beta(α, α) by Jöhnk's rejection (1964), which is quick for small α. */
  private double beta(KeyedRandom random) {
    while (true) {
      double first = StrictMath.pow(random.nextDouble(), 1 / alpha);
      double sum = first + StrictMath.pow(random.nextDouble(), 1 / alpha);
      if (sum > 0 && sum <= 1) {
        return first / sum;
      }
    }
  }
}
