package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.image.Luma;
import dev.convoy.data.random.KeyedRandom;

/**
 * Adds to all pixels of a picture the same multiples of the principal components of ImageNet's
 * colours. A grey picture stays as it is.
 */
final class Lighting extends OccasionalChange {
  private static final Option<Double> DEVIATION =
      Option.number(
          "deviation",
          0.1,
          Range.closed(0, 10),
          "standard deviation of the normal numbers that each component is multiplied by");

  static final Component<Augmentation> COMPONENT =
      Component.named("lighting", "shifts colours along the principal components of ImageNet's")
          .from(
              "Krizhevsky, Sutskever and Hinton 2012, ImageNet classification with deep"
                  + " convolutional neural networks")
          .with(DEVIATION, ALWAYS)
          .createdBy(Lighting::new);

  /** Of the covariance of red, green and blue over ImageNet, with values in [0, 1]. */
  private static final double[] EIGENVALUES = {0.2175, 0.0188, 0.0045};

  /** Axes [channel, component]. */
  private static final double[][] EIGENVECTORS = {
    {-0.5675, 0.7192, 0.4009}, {-0.5808, -0.0045, -0.8140}, {-0.5836, -0.6948, 0.4203}
  };

  private final double deviation;

  private Lighting(OptionValues options) {
    super(options, ALWAYS);
    this.deviation = options.value(DEVIATION);
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    light(picture, draw(random));
    return picture;
  }

  /** Draws how much of each component is added. */
  double[] draw(KeyedRandom random) {
    double[] multiples = new double[EIGENVALUES.length];
    for (int component = 0; component < multiples.length; component++) {
      multiples[component] = deviation * random.nextGaussian();
    }
    return multiples;
  }

  /** Changes a picture in place. */
  static void light(Picture picture, double... multiples) {
    if (picture.shape().channels() != Luma.CHANNELS) {
      return;
    }
    int plane = picture.shape().planeSize();
    for (int channel = 0; channel < Luma.CHANNELS; channel++) {
      double shift = 0;
      for (int component = 0; component < multiples.length; component++) {
        shift +=
            EIGENVECTORS[channel][component] * multiples[component] * EIGENVALUES[component] * 255;
      }
      int added = (int) Math.round(shift);
      new ValueTable(value -> Math.max(0, Math.min(255, value + added)))
          .apply(picture.pixels(), channel * plane, (channel + 1) * plane);
    }
  }
}
