package dev.convoy.worker.loss;

import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.Component;
import dev.convoy.worker.Probabilities;
import java.util.Optional;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;

/**
 * The divergence Σ q ln(q / p) of the softmax p from targets q: the cross-entropy less the entropy
 * of the targets, so that it is 0 where the answer is right. Its gradient is that of the
 * cross-entropy.
 */
record KullbackLeiblerDivergence() implements Loss {
  static final Component<Loss> COMPONENT =
      Component.named("kl-divergence", "cross-entropy less the entropy of the target")
          .from("Kullback and Leibler, \"On information and sufficiency\", 1951")
          .createdBy(options -> new KullbackLeiblerDivergence());

  private static final Loss CROSS_ENTROPY = new CrossEntropy();

  @Override
  public double derive(double[] outputs, Targets targets, int image) {
    double loss = CROSS_ENTROPY.derive(outputs, targets, image);
    for (int label = 0; label < outputs.length; label++) {
      loss -= Probabilities.entropy(targets.probability(image, label));
    }
    return Math.max(loss, 0);
  }

  @Override
  public Optional<ILossFunction> stock() {
    return Optional.of(new LossKLD());
  }
}
