package dev.convoy.worker.loss;

import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.ValueType;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;

/**
 * How far margins are below 1, as support vector machines have it. Of a target distribution it is
 * the mean over its classes.
 *
 * @param form of more than two classes
 */
record Hinge(Form form) implements Loss {
  /** How several classes are told apart. */
  enum Form {
    /** Every class from all others: Σ max(0, 1 - t z), where t is 1 for the class, else -1. */
    ONE_VS_REST,
    /** The class from its strongest rival r: max(0, 1 + z of r - z of the class). */
    CRAMMER_SINGER
  }

  private static final Option<Form> FORM =
      Option.choice(
          "form",
          Form.ONE_VS_REST,
          ValueType::nameOf,
          "every class from all others, or the class from its strongest rival (Crammer and Singer,"
              + " 2001)");

  static final Component<Loss> COMPONENT =
      Component.named("hinge", "how far margins are below 1")
          .from("Cortes and Vapnik, \"Support-vector networks\", 1995")
          .with(FORM)
          .createdBy(options -> new Hinge(options.value(FORM)));

  @Override
  public double derive(double[] outputs, Targets targets, int image) {
    return form == Form.ONE_VS_REST
        ? deriveClassByClass(outputs, targets, image)
        : deriveAgainstRivals(outputs, targets, image);
  }

  private static double deriveClassByClass(double[] outputs, Targets targets, int image) {
    double loss = 0;
    for (int label = 0; label < outputs.length; label++) {
      double target = targets.probability(image, label);
      double below = Math.max(0, 1 - outputs[label]);
      double above = Math.max(0, 1 + outputs[label]);
      loss += target * below + (1 - target) * above;
      outputs[label] = (above > 0 ? 1 - target : 0) - (below > 0 ? target : 0);
    }
    return loss;
  }

  private static double deriveAgainstRivals(double[] outputs, Targets targets, int image) {
    double[] margins = outputs.clone();
    Arrays.fill(outputs, 0);
    double loss = 0;
    for (int label = 0; label < margins.length; label++) {
      double target = targets.probability(image, label);
      int rival = rival(margins, label);
      double missing = 1 + margins[rival] - margins[label];
      if (target > 0 && !(missing <= 0)) { // NaN is not passed over
        loss += target * missing;
        outputs[rival] += target;
        outputs[label] -= target;
      }
    }
    return loss;
  }

  /** The strongest of the other classes; of equal ones the first, but one that is no number. */
  private static int rival(double[] margins, int label) {
    int rival = label == 0 ? 1 : 0;
    for (int other = rival + 1; other < margins.length; other++) {
      boolean isStronger = margins[other] > margins[rival] || Double.isNaN(margins[other]);
      rival = other != label && isStronger ? other : rival;
    }
    return rival;
  }

  @Override
  public OutputFunction function() {
    return OutputFunction.MARGINS;
  }

  @Override
  public Optional<ILossFunction> stock() {
    return form == Form.ONE_VS_REST ? Optional.of(new LossHinge()) : Optional.empty();
  }
}
