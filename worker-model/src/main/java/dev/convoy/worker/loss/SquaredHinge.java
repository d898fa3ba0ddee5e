package dev.convoy.worker.loss;

import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.Component;
import java.util.Optional;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;

/**
 * The square of how far margins are below 1, of every class against all others: Σ max(0, 1 - t z)²,
 * where t is 1 for the class and -1 for the others. Of a target distribution it is the mean over
 * its classes.
 */
record SquaredHinge() implements Loss {
  static final Component<Loss> COMPONENT =
      Component.named("squared-hinge", "the square of how far margins are below 1")
          .from("Tang, \"Deep learning using linear support vector machines\", 2013")
          .createdBy(options -> new SquaredHinge());

  @Override
  public double derive(double[] outputs, Targets targets, int image) {
    double loss = 0;
    for (int label = 0; label < outputs.length; label++) {
      double target = targets.probability(image, label);
      double below = Math.max(0, 1 - outputs[label]);
      double above = Math.max(0, 1 + outputs[label]);
      loss += target * below * below + (1 - target) * above * above;
      outputs[label] = 2 * ((1 - target) * above - target * below);
    }
    return loss;
  }

  @Override
  public OutputFunction function() {
    return OutputFunction.MARGINS;
  }

  @Override
  public Optional<ILossFunction> stock() {
    return Optional.of(new LossSquaredHinge());
  }
}
