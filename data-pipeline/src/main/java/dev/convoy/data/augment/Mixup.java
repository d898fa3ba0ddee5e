package dev.convoy.data.augment;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType.RealNumber;
import dev.convoy.data.random.KeyedRandom;
import java.util.Arrays;

/**
 * Mixes every example with the next one of its batch, the last with the first: λ of its own image,
 * target and weight and 1 − λ of the other's, with λ drawn from Beta(α, α) for each example. Pixels
 * are rounded to 8 bits.
 */
final class Mixup implements BatchAugmentation {
  private static final Option<Double> ALPHA =
      Option.of(
          "alpha",
          new RealNumber(Range.closed(0.05, 4)),
          0.2,
          "both parameters of the beta distribution that shares are drawn from; 1 is uniform");

  static final Component<Augmentation> COMPONENT =
      Component.named("mixup", "mixes every image of a batch, and its target, with another one")
          .from(
              "Zhang, Cisse, Dauphin and Lopez-Paz 2018, mixup: beyond empirical risk minimization")
          .with(ALPHA)
          .createdBy(Mixup::new);

  private final double alpha;

  private Mixup(OptionValues options) {
    this.alpha = options.value(ALPHA);
  }

  @Override
  public void apply(AugmentedBatch batch, KeyedRandom random) {
    int values = batch.shape().size();
    int classes = batch.classes();
    byte[] firstImage = Arrays.copyOf(batch.pixels(), values);
    float[] firstTarget = Arrays.copyOf(batch.targets(), classes);
    float[] firstWeight = Arrays.copyOf(batch.weights(), 1);
    for (int example = 0; example < batch.size(); example++) {
      double share = beta(random);
      boolean isLast = example == batch.size() - 1;
      byte[] otherImages = isLast ? firstImage : batch.pixels();
      float[] otherTargets = isLast ? firstTarget : batch.targets();
      float[] otherWeights = isLast ? firstWeight : batch.weights();
      int other = isLast ? 0 : example + 1;
      mix(batch.pixels(), example * values, otherImages, other * values, values, share);
      mix(batch.targets(), example * classes, otherTargets, other * classes, classes, share);
      mix(batch.weights(), example, otherWeights, other, 1, share);
    }
  }

  private static void mix(
      byte[] pixels, int from, byte[] others, int otherFrom, int count, double share) {
    for (int i = 0; i < count; i++) {
      double own = share * (pixels[from + i] & 0xff);
      pixels[from + i] = (byte) (own + (1 - share) * (others[otherFrom + i] & 0xff) + 0.5);
    }
  }

  private static void mix(
      float[] targets, int from, float[] others, int otherFrom, int count, double share) {
    for (int i = 0; i < count; i++) {
      targets[from + i] = (float) (share * targets[from + i] + (1 - share) * others[otherFrom + i]);
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
