package dev.convoy.worker.loss;

import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.worker.Probabilities;
import java.util.Optional;

/**
 * Cross-entropy of the softmax that counts less where the answer is right already, -Σ a q (1 - p)^g
 * ln p for targets q, class weights a and probabilities p. Its gradient is d - p Σ d, where d is p
 * times the derivative by p.
 */
record Focal(double gamma, ClassWeights alpha) implements Loss {
  private static final Option<Double> GAMMA =
      Option.number(
          "gamma", 2, Range.closed(0, 100), "power of 1 - p; 0 makes it the cross-entropy");

  private static final Option<Optional<ClassWeights>> ALPHA =
      ClassWeights.option("alpha", "how much each class counts, as class-weights");

  static final Component<Loss> COMPONENT =
      Component.named("focal", "cross-entropy that looks at what is not learned yet")
          .from(
              "Lin, Goyal, Girshick, He and Dollár, \"Focal loss for dense object detection\", 2017")
          .with(GAMMA, ALPHA)
          .createdBy(Focal::new);

  private Focal(OptionValues options) {
    this(options.value(GAMMA), options.value(ALPHA).orElse(ClassWeights.ALIKE));
  }

  @Override
  public double derive(double[] outputs, Targets targets, int image) {
    Probabilities.softmax(outputs);
    double[] probabilities = outputs.clone();
    double loss = 0;
    double sum = 0;
    for (int label = 0; label < outputs.length; label++) {
      double weight = alpha.of(label) * targets.probability(image, label);
      double derivative = 0;
      double rest = 1 - probabilities[label];
      if (weight != 0 && !(rest <= 0)) { // NaN is not passed over
        double entropy = Probabilities.crossEntropy(probabilities[label]);
        double focus = StrictMath.pow(rest, gamma);
        loss += weight * focus * entropy;
        derivative = -weight * focus * (1 + gamma * probabilities[label] * entropy / rest);
      }
      outputs[label] = derivative;
      sum += derivative;
    }
    for (int label = 0; label < outputs.length; label++) {
      outputs[label] -= probabilities[label] * sum;
    }
    return loss;
  }
}
