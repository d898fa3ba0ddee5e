package dev.convoy.worker.loss;

import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.worker.Probabilities;
import java.util.Optional;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Cross-entropy of the softmax, -Σ w q ln p in nats for targets q, class weights w and
 * probabilities p; its gradient is p Σ w q - w q.
 */
public record CrossEntropy(ClassWeights weights) implements Loss {
  private static final Option<Optional<ClassWeights>> CLASS_WEIGHTS =
      ClassWeights.option(
          "class-weights",
          "how much each class counts; balanced: in inverse proportion to its training images");

  static final Component<Loss> COMPONENT =
      Component.named("cross-entropy", "minus the logarithm of the class's probability")
          .from(
              "Bridle, \"Probabilistic interpretation of feedforward classification network"
                  + " outputs\", 1990")
          .with(CLASS_WEIGHTS)
          .createdBy(
              options -> new CrossEntropy(options.value(CLASS_WEIGHTS).orElse(ClassWeights.ALIKE)));

  /** All classes count alike. */
  public CrossEntropy() {
    this(ClassWeights.ALIKE);
  }

  @Override
  public double derive(double[] outputs, Targets targets, int image) {
    Probabilities.softmax(outputs);
    return weights.areAlike()
        ? derivePlain(outputs, targets, image)
        : deriveWeighted(outputs, targets, image);
  }

  private static double derivePlain(double[] probabilities, Targets targets, int image) {
    double loss = 0;
    for (int label = 0; label < probabilities.length; label++) {
      double target = targets.probability(image, label);
      if (target != 0) { // of a single label, the others take no time
        loss += target * Probabilities.crossEntropy(probabilities[label]);
      }
      probabilities[label] -= target;
    }
    return loss;
  }

  private double deriveWeighted(double[] probabilities, Targets targets, int image) {
    double loss = 0;
    double sum = 0;
    for (int label = 0; label < probabilities.length; label++) {
      double target = weights.of(label) * targets.probability(image, label);
      loss += target == 0 ? 0 : target * Probabilities.crossEntropy(probabilities[label]);
      sum += target;
    }
    for (int label = 0; label < probabilities.length; label++) {
      probabilities[label] =
          probabilities[label] * sum - weights.of(label) * targets.probability(image, label);
    }
    return loss;
  }

  @Override
  public Optional<ILossFunction> stock() {
    return Optional.of(
        weights.areAlike()
            ? new LossMCXENT()
            : new LossMCXENT(
                Nd4j.createFromArray(
                    weights.values().stream().mapToDouble(Double::doubleValue).toArray())));
  }
}
