package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.image.Interpolation;
import dev.convoy.data.image.LazyPicture;
import dev.convoy.data.random.KeyedRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Mixes a picture with what several chains of random operations make of it, as torchvision's {@code
 * AugMix}: the picture's share is uniform, and so is the rest's division among the chains.
 */
final class AugMix implements ImageAugmentation {
  private static final int LEVELS = 10;

  private static final Option<Integer> SEVERITY =
      Option.wholeNumber("severity", 3, 1, LEVELS, "how strong operations are at most");

  private static final Option<Integer> CHAINS =
      Option.wholeNumber("chains", 3, 1, 10, "how many pictures are mixed with the original");

  private static final Option<Integer> MIN_DEPTH =
      Option.wholeNumber("min-depth", 1, 1, 10, "fewest operations of a chain");

  private static final Option<Integer> MAX_DEPTH =
      Option.wholeNumber(
          "max-depth",
          3,
          1,
          10,
          "most operations of a chain, drawn uniformly; below min-depth it is that");

  static final Component<Augmentation> COMPONENT =
      Component.named("augmix", "mixes an image with several results of random operations")
          .from(
              "Hendrycks, Mu, Cubuk, Zoph, Gilmer and Lakshminarayanan 2020, AugMix: a simple data"
                  + " processing method to improve robustness and uncertainty")
          .with(SEVERITY, CHAINS, MIN_DEPTH, MAX_DEPTH)
          .createdBy(AugMix::new);

  private final int severity;
  private final int chains;
  private final int minDepth;
  private final int maxDepth;

  private AugMix(OptionValues options) {
    this.severity = options.value(SEVERITY);
    this.chains = options.value(CHAINS);
    this.minDepth = options.value(MIN_DEPTH);
    this.maxDepth = Math.max(minDepth, options.value(MAX_DEPTH));
  }

  @Override
  public Picture apply(Picture picture, ImageShape input, KeyedRandom random) {
    return draw(picture.shape(), random).of(picture);
  }

  /** Draws the chains and their shares. */
  Mixture draw(ImageShape shape, KeyedRandom random) {
    double share = random.nextDouble();
    double[] shares = new double[chains];
    double sum = 0;
    for (int i = 0; i < chains; i++) {
      // Exponential numbers, divided by their sum, are uniform among those that add up to 1.
      shares[i] = -StrictMath.log(1 - random.nextDouble());
      sum += shares[i];
    }
    List<Chain> drawn = new ArrayList<>(chains);
    for (int i = 0; i < chains; i++) {
      List<PolicyStep> steps = new ArrayList<>();
      int depth = random.nextInt(minDepth, maxDepth + 1);
      for (int step = 0; step < depth; step++) {
        PolicyOperation operation = random.any(PolicyOperation.OF_AUGMIX);
        MagnitudeLevel level = new MagnitudeLevel(random.nextInt(severity), LEVELS);
        steps.add(operation.draw(level, PolicyRanges.AUGMIX, shape, random));
      }
      drawn.add(new Chain((1 - share) * shares[i] / sum, steps));
    }
    return new Mixture(share, drawn);
  }

  /**
   * Operations that are done one after the other.
   *
   * @param share of their result in the mixture
   */
  record Chain(double share, List<PolicyStep> steps) {}

  /**
   * A mixture, whose shares add up to 1.
   *
   * @param share of the original
   */
  record Mixture(double share, List<Chain> chains) {
    /** The mixture of a picture, which is not changed. */
    Picture of(Picture original) {
      float[] sums = new float[original.pixels().length];
      add(share, original, sums);
      for (Chain chain : chains) {
        LazyPicture changed =
            new LazyPicture(new Picture(original.shape(), original.pixels().clone()));
        chain.steps().forEach(step -> step.apply(changed, Interpolation.PLAIN_BILINEAR));
        add(chain.share(), changed.picture(), sums);
      }
      byte[] mixed = new byte[sums.length];
      for (int i = 0; i < mixed.length; i++) {
        mixed[i] = (byte) (int) (sums[i] + 0.5f);
      }
      return new Picture(original.shape(), mixed);
    }

    private static void add(double share, Picture picture, float[] sums) {
      byte[] pixels = picture.pixels();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += (float) share * (pixels[i] & 0xff);
      }
    }
  }
}
