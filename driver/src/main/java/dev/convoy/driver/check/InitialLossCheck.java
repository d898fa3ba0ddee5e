package dev.convoy.driver.check;

import dev.convoy.data.Text;

/** Whether the first loss is about that of a network that knows nothing. */
final class InitialLossCheck extends Check {
  /** How much more than uniform answers cost, as drawn weights make answers unequal, in nats. */
  private static final double MOST_ABOVE = 1.5;

  /** The share of the loss of uniform answers below which a network knows what it cannot know. */
  private static final double LEAST_SHARE = 0.5;

  InitialLossCheck() {
    super(
        "initial-loss",
        "The loss before the first step, without penalties. A network that knows nothing gives"
            + " all classes one probability, which costs ln(classes).",
        "Karpathy, \"A recipe for training neural networks\", 2019: verify loss at init");
  }

  @Override
  Verdict look(CheckedRun run) {
    double loss = run.beginning().loss();
    double uniform = run.lossOfUniformAnswers();
    boolean fits = loss <= uniform + MOST_ABOVE && loss >= LEAST_SHARE * uniform;
    return Verdict.of(
        fits,
        Text.of("loss %.3f", loss),
        Text.of(
            "%.3f, as of uniform answers to %d classes, to %.3f",
            uniform, run.labels().size(), uniform + MOST_ABOVE),
        loss > uniform || Double.isNaN(loss)
            ? "normalise the inputs, or draw smaller weights, of the last layer above all"
            : "look at labels and images: the answer must not be seen in the image");
  }
}
