package dev.convoy.worker.loss;

import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.Component;
import java.util.Optional;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/**
 * Cross-entropy of each class by itself, -Σ q ln s + (1 - q) ln(1 - s) for targets q and the
 * sigmoids s of the outputs; its gradient is s - q.
 */
record BinaryCrossEntropy() implements Loss {
  static final Component<Loss> COMPONENT =
      Component.named("binary-cross-entropy", "whether an image is of a class, class by class")
          .from(
              "Baum and Wilczek, \"Supervised learning of probability distributions by neural"
                  + " networks\", 1988")
          .createdBy(options -> new BinaryCrossEntropy());

  @Override
  public double derive(double[] outputs, Targets targets, int image) {
    double loss = 0;
    for (int label = 0; label < outputs.length; label++) {
      double target = targets.probability(image, label);
      double output = outputs[label];
      double decay = StrictMath.exp(-Math.abs(output)); // at most 1, whatever the output
      loss += Math.max(output, 0) - target * output + StrictMath.log1p(decay);
      outputs[label] = (output < 0 ? decay : 1) / (1 + decay) - target;
    }
    return loss;
  }

  @Override
  public OutputFunction function() {
    return OutputFunction.SIGMOIDS;
  }

  @Override
  public Optional<ILossFunction> stock() {
    return Optional.of(new LossBinaryXENT());
  }
}
