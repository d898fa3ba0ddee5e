package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Family;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;
import dev.convoy.worker.model.layer.ExactGelu;
import dev.convoy.worker.model.layer.StepFunction;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * The function of each value behind a convolution or a full connection. Immutable.
 *
 * <p>Maxout is not among them: it is several layers and a maximum of their results.
 */
@FunctionalInterface
public interface ActivationFunction {
  /** The name of no function at all. */
  String NONE = "none";

  /** The slope of a leaky rectifier below 0. */
  Option<Double> SLOPE = Option.number("slope", 0.01, Range.openClosed(0, 1), "derivative below 0");

  /** How far an exponential unit goes below 0. */
  Option<Double> ALPHA =
      Option.number("alpha", 1, Range.openClosed(0, 100), "the negative of the limit below 0");

  /** The slope of a parametric rectifier before it learns. */
  Option<Double> FIRST_SLOPE =
      Option.number("slope", 0.25, Range.closed(0, 1), "derivative below 0 in the beginning");

  /** A rectifier. */
  ActivationFunction RELU = of(ActivationReLU::new);

  /** Every function. A new one is one more element here. */
  Family<ActivationFunction> FAMILY =
      Family.of(
          "activation",
          List.of(
              plain(NONE, "the value itself", ActivationIdentity::new),
              plain("sigmoid", "1 / (1 + exp -x)", ActivationSigmoid::new),
              plain("tanh", "the hyperbolic tangent", ActivationTanH::new),
              from(
                  "relu",
                  "max(x, 0)",
                  "Glorot, Bordes and Bengio, \"Deep sparse rectifier neural networks\", 2011",
                  ActivationReLU::new),
              plain("relu-6", "min(max(x, 0), 6)", ActivationReLU6::new),
              Component.named("leaky-relu", "x above 0, a small part of it below")
                  .from(
                      "Maas, Hannun and Ng, \"Rectifier nonlinearities improve neural network"
                          + " acoustic models\", 2013")
                  .with(SLOPE)
                  .createdBy(options -> of(() -> new ActivationLReLU(options.value(SLOPE)))),
              Component.named("prelu", "x above 0, a learned part of it below, by channel")
                  .from("He, Zhang, Ren and Sun, \"Delving deep into rectifiers\", 2015")
                  .with(FIRST_SLOPE)
                  .createdBy(options -> input -> prelu(input, options.value(FIRST_SLOPE))),
              Component.named("elu", "x above 0, alpha (exp x - 1) below")
                  .from(
                      "Clevert, Unterthiner and Hochreiter, \"Fast and accurate deep network"
                          + " learning by exponential linear units\", 2016")
                  .with(ALPHA)
                  .createdBy(options -> of(() -> new ActivationELU(options.value(ALPHA)))),
              from(
                  "selu",
                  "1.0507 times an ELU of alpha 1.6733",
                  "Klambauer, Unterthiner, Mayr and Hochreiter, \"Self-normalizing neural"
                      + " networks\", 2017",
                  ActivationSELU::new),
              from(
                  "gelu",
                  "x times the probability that a standard normal value is less",
                  "Hendrycks and Gimpel, \"Gaussian error linear units\", 2016",
                  ExactGelu::new),
              from(
                  "silu",
                  "x / (1 + exp -x)",
                  "Elfwing, Uchibe and Doya, \"Sigmoid-weighted linear units\", 2018",
                  ActivationSwish::new),
              plain("softplus", "log(1 + exp x)", ActivationSoftPlus::new),
              from(
                  "mish",
                  "x tanh(log(1 + exp x))",
                  "Misra, \"Mish: a self regularized non-monotonic activation function\", 2020",
                  ActivationMish::new),
              from(
                  "hard-sigmoid",
                  "min(max(0.2 x + 0.5, 0), 1)",
                  "Courbariaux, Bengio and David, \"BinaryConnect\", 2015",
                  ActivationHardSigmoid::new),
              plain("hard-tanh", "min(max(x, -1), 1)", ActivationHardTanH::new),
              from(
                  "step",
                  "1 above 0, else 0; what is in front of it has no gradient",
                  "Rosenblatt, \"The perceptron\", 1958",
                  StepFunction::new)));

  /** A new layer that applies the function to such input. */
  Layer layer(InputType input);

  /** The option {@code activation} of a network. */
  static Option<ActivationFunction> option(String defaultName, String meaning) {
    return Option.member("activation", FAMILY, defaultName, meaning);
  }

  private static ActivationFunction of(Supplier<IActivation> function) {
    return input -> new ActivationLayer.Builder().activation(function.get()).build();
  }

  private static Component<ActivationFunction> plain(
      String name, String meaning, Supplier<IActivation> function) {
    return Component.named(name, meaning).createdBy(options -> of(function));
  }

  private static Component<ActivationFunction> from(
      String name, String meaning, String paper, Supplier<IActivation> function) {
    return Component.named(name, meaning).from(paper).createdBy(options -> of(function));
  }

  /** Deeplearning4j wants to be told of the input, and counts axes from the channels on. */
  private static Layer prelu(InputType input, double slope) {
    PReLULayer layer = new PReLULayer();
    if (input instanceof InputType.InputTypeConvolutional images) {
      layer.setInputShape(new long[] {images.getChannels(), images.getHeight(), images.getWidth()});
      layer.setSharedAxes(new long[] {2, 3});
    } else {
      layer.setInputShape(new long[] {input.arrayElementsPerExample()});
    }
    layer.setWeightInitFn(new WeightInitConstant(slope));
    return layer;
  }
}
