package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;
import dev.convoy.data.random.KeyedRandom;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Mixes every example with one of the next image of its batch, the last with one of the first: λ of
 * its own image and 1 − λ of the other's, with λ drawn from Beta(α, α) for each example. Its loss
 * becomes λ·w·(that of its own target) + (1 − λ)·w′·(that of the other's) of their weights w and
 * w′: its weight is λ·w + (1 − λ)·w′, and its own target's share λ·w of that.
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
    int[] partners = partners(batch.ids(), size);
    int wrapped =
        IntStream.range(0, size)
            .filter(example -> partners[example] < example)
            .map(example -> partners[example] + 1)
            .max()
            .orElse(0);
    byte[] firstImages = Arrays.copyOf(batch.pixels(), wrapped * values);
    float[] firstTargets = Arrays.copyOf(batch.targets(), wrapped * classes);
    float[] firstWeights = Arrays.copyOf(batch.weights(), wrapped);
    for (int example = 0; example < size; example++) {
      int other = partners[example];
      boolean isChanged = other < example;
      byte[] otherImages = isChanged ? firstImages : batch.pixels();
      float[] otherTargets = isChanged ? firstTargets : batch.targets();
      float[] otherWeights = isChanged ? firstWeights : batch.weights();
      ImagePart own = new ImagePart(batch.pixels(), example * values);
      ImagePart others = new ImagePart(otherImages, other * values);
      double share = mix(own, others, batch.shape(), beta(random), random);
      double ofTarget = shareOfTarget(share, batch.weights()[example], otherWeights[other]);
      mix(batch.targets(), example * classes, otherTargets, other * classes, classes, ofTarget);
      mix(batch.weights(), example, otherWeights, other, 1, share);
    }
  }

  /**
   * What every example is mixed with: the first copy of an image with the first of the next image,
   * the second with the second, and so on. Itself where the whole batch is of one image.
   */
  private static int[] partners(int[] ids, int size) {
    int[] partners = new int[size];
    for (int own = 0; own < size; own = end(ids, own, size)) {
      int to = end(ids, own, size);
      int next = to % size;
      if (ids[next] == ids[own]) {
        next = end(ids, next, size) % size;
      }
      int copies = end(ids, next, size) - next;
      for (int example = own; example < to; example++) {
        partners[example] = next + (example - own) % copies;
      }
    }
    return partners;
  }

  /** The place after the last copy of the image that stands at one. */
  private static int end(int[] ids, int place, int size) {
    int end = place + 1;
    while (end < size && ids[end] == ids[place]) {
      end++;
    }
    return end;
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
