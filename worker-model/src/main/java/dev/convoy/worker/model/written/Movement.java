package dev.convoy.worker.model.written;

import java.util.Optional;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * How a kernel, or the window of a pooling, moves over images.
 *
 * @param kernel its extent
 * @param stride from one place to the next
 * @param padding on either side
 * @param dilation from one pixel of the kernel to the next
 */
record Movement(Extent kernel, Extent stride, Extent padding, Extent dilation) {
  private static final Extent ONE = Extent.side(1);

  /**
   * One that was written.
   *
   * @param padding empty for half the kernel
   */
  static Movement of(
      Extent kernel, Extent stride, Optional<Extent> padding, Extent dilation, LayerPlace place) {
    if (!place.isSeries()) {
      return of(kernel, stride, padding, dilation);
    }
    return of(
        kernel.ofSeries(1),
        stride.ofSeries(1),
        padding.map(pixels -> pixels.ofSeries(0)),
        dilation.ofSeries(1));
  }

  private static Movement of(
      Extent kernel, Extent stride, Optional<Extent> padding, Extent dilation) {
    Extent half = reach(kernel, dilation).with(ONE, (reach, one) -> (reach - one) / 2);
    return new Movement(kernel, stride, padding.orElse(half), dilation);
  }

  /** From the first pixel of a kernel to its last. */
  private static Extent reach(Extent kernel, Extent dilation) {
    return kernel.with(dilation, (pixels, step) -> step * (pixels - 1) + 1);
  }

  /**
   * Makes sure that it has a place on images.
   *
   * @param noun what moves: kernel or window
   */
  Movement requireFit(LayerPlace place, String noun) {
    InputType.InputTypeConvolutional images = place.images();
    Extent image =
        new Extent(Math.toIntExact(images.getHeight()), Math.toIntExact(images.getWidth()), false);
    Extent padded = image.with(padding, (pixels, more) -> pixels + 2 * more);
    if (reach(kernel, dilation).exceeds(padded)) {
      throw place.unfit(
          "%s %s%s on %s image%s",
          kernel,
          noun,
          dilation.exceeds(ONE) ? " with dilation " + dilation : "",
          image,
          padded.exceeds(image) ? " with padding " + padding : "");
    }
    return this;
  }
}
