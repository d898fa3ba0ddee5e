package dev.convoy.data.augment;

import dev.convoy.data.image.Interpolation;
import dev.convoy.data.image.LazyPicture;

/**
 * An operation that a policy has drawn.
 *
 * @param magnitude how strongly, and in which direction, it is to be done
 */
record PolicyStep(PolicyOperation operation, double magnitude) {
  /** Changes a picture; where its geometry is changed, the nearest pixel is shown. */
  void apply(LazyPicture picture) {
    apply(picture, Interpolation.NEAREST);
  }

  /** Changes a picture. */
  void apply(LazyPicture picture, Interpolation interpolation) {
    operation.apply(picture, magnitude, interpolation);
  }
}
