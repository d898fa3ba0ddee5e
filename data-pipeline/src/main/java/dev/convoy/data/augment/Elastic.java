package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.image.Displacement;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;

/**
 * Bends a picture as if it were drawn on rubber: every pixel comes from a place nearby. How far
 * away, in both directions, is noise from -1 to 1 that is smoothed by a Gaussian kernel and
 * multiplied. A pixel moves by about {@code 0.16 alpha / sigma} pixels.
 */
final class Elastic extends InterpolatedWarp {
  private static final Option<Double> ALPHA =
      Option.number("alpha", 34, Range.closed(0, 100_000), "what smoothed noise is multiplied by");

  private static final Option<Double> SIGMA =
      Option.number(
          "sigma", 4, Range.closed(0.1, 100), "standard deviation of the smoothing, in pixels");

  static final Component<Augmentation> COMPONENT =
      Component.named("elastic", "bends an image at random, smoothly")
          .from(
              "Simard, Steinkraus and Platt, \"Best practices for convolutional neural networks"
                  + " applied to visual document analysis\", 2003")
          .with(ALPHA, SIGMA, INTERPOLATION, PADDING_MODE, ALWAYS)
          .createdBy(Elastic::new);

  /** Standard deviations that the kernel reaches. */
  private static final int REACH = 4;

  private final float alpha;
  private final float[] kernel;

  private Elastic(OptionValues options) {
    super(options, ALWAYS);
    this.alpha = options.value(ALPHA).floatValue();
    double sigma = options.value(SIGMA);
    this.kernel = Blur.kernel((int) Math.ceil(REACH * sigma), sigma);
  }

  @Override
  Warp mapping(ImageShape picture, KeyedRandom random) {
    if (alpha == 0) {
      return Warp.none(picture);
    }
    return Warp.of(picture, new Displacement(field(picture, random), field(picture, random)));
  }

  private float[][] field(ImageShape picture, KeyedRandom random) {
    float[][] noise = new float[picture.height()][picture.width()];
    for (float[] row : noise) {
      for (int x = 0; x < row.length; x++) {
        row[x] = alpha * (2 * random.nextFloat() - 1);
      }
    }
    return Blur.smooth(noise, kernel, 0);
  }
}
