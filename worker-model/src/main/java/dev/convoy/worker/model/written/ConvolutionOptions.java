package dev.convoy.worker.model.written;

import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;

/** What all convolutions can be told. */
final class ConvolutionOptions {
  /** The most pixels of a kernel, a stride, a padding or a dilation in one direction. */
  static final int MAX_PIXELS = 1024;

  private static final Option<Extent> KERNEL =
      Option.of("kernel", Extent.type(1, MAX_PIXELS), 3, "extent of the kernel, in pixels");

  private static final Option<Extent> STRIDE =
      Option.of("stride", Extent.type(1, MAX_PIXELS), 1, "pixels from one place of it to the next");

  private static final Option<Optional<Extent>> PADDING =
      Option.optional(
          "padding",
          Extent.type(0, MAX_PIXELS),
          "pixels of zeros on every side; null: half the kernel, with which odd kernels change the"
              + " image's size by their stride alone");

  private static final Option<Extent> DILATION =
      Option.of(
          "dilation", Extent.type(1, MAX_PIXELS), 1, "pixels from one of the kernel to the next");

  private ConvolutionOptions() {}

  static Option<?>[] all() {
    return new Option<?>[] {KERNEL, STRIDE, PADDING, DILATION};
  }

  /** A layer with kernel, stride, padding, dilation and weights. */
  static <B extends ConvolutionLayer.BaseConvBuilder<B>> B configured(
      B layer, OptionValues options, Unit unit, LayerPlace place) {
    Movement movement =
        Movement.of(
                options.value(KERNEL),
                options.value(STRIDE),
                options.value(PADDING),
                options.value(DILATION),
                place)
            .requireFit(place, "kernel");
    return unit.weighted(layer)
        .convolutionMode(ConvolutionMode.Truncate)
        .kernelSize(movement.kernel().both())
        .stride(movement.stride().both())
        .padding(movement.padding().both())
        .dilation(movement.dilation().both())
        .hasBias(unit.hasBias());
  }
}
