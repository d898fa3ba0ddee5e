package dev.convoy.worker.loss;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Family;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** The family of losses. */
public final class Losses {
  /** Every loss. A new one is its own file and one more line here. */
  public static final Family<Loss> FAMILY =
      Family.of(
          "loss",
          List.of(
              CrossEntropy.COMPONENT,
              BinaryCrossEntropy.COMPONENT,
              Hinge.COMPONENT,
              SquaredHinge.COMPONENT,
              Huber.COMPONENT,
              KullbackLeiblerDivergence.COMPONENT,
              MeanAbsoluteError.COMPONENT,
              MeanSquaredError.COMPONENT,
              Focal.COMPONENT));

  /** What networks learn with that are not told otherwise. */
  public static final ComponentSettings DEFAULT = ComponentSettings.defaults("cross-entropy");

  private Losses() {}

  /** The loss that Deeplearning4j's is, of a layer with such a function; empty if there is none. */
  public static Optional<Loss> of(ILossFunction stock, IActivation function) {
    if (stock.getClass() == LossMCXENT.class
        && ((LossMCXENT) stock).getWeights() != null
        && function.equals(OutputFunction.SOFTMAX.layerFunction())) {
      double[] weights = ((LossMCXENT) stock).getWeights().toDoubleVector();
      return Optional.of(
          new CrossEntropy(new ClassWeights(Arrays.stream(weights).boxed().toList())));
    }
    return FAMILY.names().stream()
        .map(name -> FAMILY.create(ComponentSettings.defaults(name)))
        .filter(loss -> loss.stock().filter(stock::equals).isPresent())
        .filter(loss -> loss.function().layerFunction().equals(function))
        .findFirst();
  }
}
