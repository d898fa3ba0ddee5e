package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;

/** Division by the squares of neighbouring channels. Its options are those of the paper. */
final class LocalResponse {
  private static final Option<Integer> SIZE =
      Option.wholeNumber(
          "size", 5, 1, 1023, "channels that are summed over; of an even number, one more");

  private static final Option<Double> K =
      Option.number("k", 2, Range.openClosed(0, 1000), "what is added to the sum");

  private static final Option<Double> ALPHA =
      Option.number("alpha", 1e-4, Range.openClosed(0, 1000), "what the sum is multiplied by");

  private static final Option<Double> BETA =
      Option.number("beta", 0.75, Range.openClosed(0, 10), "the power of what is divided by");

  static final Component<ChannelNormalization> COMPONENT =
      Component.named("local-response", "by (k + alpha Σ x²)^beta over neighbouring channels")
          .from(
              "Krizhevsky, Sutskever and Hinton, \"ImageNet classification with deep convolutional"
                  + " neural networks\", 2012")
          .with(SIZE, K, ALPHA, BETA)
          .createdBy(options -> () -> Optional.of(layer(options)));

  private LocalResponse() {}

  private static Layer layer(OptionValues options) {
    return new LocalResponseNormalization.Builder()
        .n(options.value(SIZE))
        .k(options.value(K))
        .alpha(options.value(ALPHA))
        .beta(options.value(BETA))
        .build();
  }
}
