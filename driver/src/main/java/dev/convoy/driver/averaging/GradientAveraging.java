package dev.convoy.driver.averaging;

import dev.convoy.data.component.Component;
import java.util.Collections;

/**
 * Synchronous SGD: workers send the gradient of one batch each, and one step is taken with their
 * mean, weighted by examples: that of all their batches together, with any optimizer, its clips and
 * penalties. What batches take off running statistics is averaged so that these become what one
 * batch of all images would make them ({@link Layout#ofGradient}).
 *
 * <p>To the rule gradients stand in place of parameters; {@link Averaging#averagesGradients} says
 * that a step is missing.
 */
record GradientAveraging() implements MeanRule {
  static final Component<AveragingRule> COMPONENT =
      Component.named(
              "gradient", "one step with the mean of the workers' gradients of a batch each")
          .from("Chen et al., Revisiting Distributed Synchronous SGD, 2016")
          .createdBy(options -> new GradientAveraging());

  @Override
  public boolean averagesGradients() {
    return true;
  }

  @Override
  public Result next(ModelState before, RoundPlace place, float[] mean, Layout layout) {
    return new Result(mean, Collections.emptySortedMap());
  }
}
