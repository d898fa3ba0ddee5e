package dev.convoy.worker.model.initialization;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;
import dev.convoy.worker.model.initialization.IndependentWeights.Law;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.weights.WeightInitDistribution;

/** Normal weights of one deviation in every layer. */
final class NormalInitialization {
  private static final Option<Double> DEVIATION =
      Option.number("deviation", 0.01, Range.openClosed(0, 1000), "standard deviation of a weight");

  static final InitializationMember MEMBER =
      new InitializationMember(
          Component.named("normal", "normal, of the same variance in every layer")
              .from(
                  "Krizhevsky, Sutskever and Hinton, \"ImageNet classification with deep"
                      + " convolutional neural networks\", 2012")
              .with(DEVIATION)
              .createdBy(options -> of(options.value(DEVIATION))),
          scheme ->
              SchemeDistribution.of(scheme, NormalDistribution.class)
                  .filter(distribution -> distribution.getMean() == 0)
                  .map(distribution -> of(distribution.getStd())));

  private NormalInitialization() {}

  private static Initialization of(double deviation) {
    return new IndependentWeights(
        new WeightInitDistribution(new NormalDistribution(0, deviation)),
        Law.NORMAL,
        shape -> deviation * deviation);
  }
}
