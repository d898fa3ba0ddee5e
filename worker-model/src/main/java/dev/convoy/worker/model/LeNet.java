package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.ValueType;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * LeNet-5 with full connections between its convolutions and a softmax: {@code lenet-5} in its
 * usual present form, max pooling and relu, {@code lenet-5-1998} with mean pooling and the
 * hyperbolic tangent, as in the paper. The first convolution is padded by 2, so that 28 × 28 digits
 * need no border.
 */
final class LeNet implements Architecture {
  private static final String PAPER =
      "LeCun, Bottou, Bengio and Haffner, \"Gradient-based learning applied to document"
          + " recognition\", 1998";

  private static final Option<List<Integer>> FILTERS =
      Option.of(
          "filters",
          new ValueType.ListOf<>(new ValueType.WholeNumber(1, NetworkSketch.MAX_WIDTH), 2, 2),
          List.of(6, 16),
          "channels of the two 5 × 5 convolutions");

  private static final Option<List<Integer>> HIDDEN = HiddenLayers.sizes(List.of(120, 84));

  private static final Option<Squashing> SQUASHING =
      Option.choice(
          "activation", Squashing.TANH, ValueType::nameOf, "function of every unit but the last");

  static final List<Component<Architecture>> VARIANTS =
      List.of(
          Component.named("lenet-5", "two convolutions and fully connected layers, for digits")
              .from(PAPER)
              .with(FILTERS, HIDDEN, HiddenLayers.DROPOUT)
              .createdBy(options -> new LeNet(options, new ActivationReLU(), false)),
          Component.named("lenet-5-1998", "lenet-5 with mean pooling and squashing functions")
              .from(PAPER)
              .with(FILTERS, HIDDEN, HiddenLayers.DROPOUT, SQUASHING)
              .createdBy(options -> new LeNet(options, options.value(SQUASHING).function(), true)));

  private final List<Integer> filters;
  private final HiddenLayers hidden;
  private final IActivation function;
  private final boolean takesMeans;

  /** The functions of the time. */
  private enum Squashing {
    TANH,
    SIGMOID;

    IActivation function() {
      return this == TANH ? new ActivationTanH() : new ActivationSigmoid();
    }
  }

  private LeNet(OptionValues options, IActivation function, boolean takesMeans) {
    filters = options.value(FILTERS);
    hidden =
        new HiddenLayers(
            options.value(HIDDEN),
            options.value(HiddenLayers.DROPOUT),
            HiddenLayers.Place.BEHIND,
            HiddenUnits.of(function));
    this.function = function;
    this.takesMeans = takesMeans;
  }

  @Override
  public int usualImage() {
    return 28;
  }

  @Override
  public int smallestImage() {
    return 12; // leaves one pixel behind the second pooling
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    var sketch = new NetworkSketch(input).then("conv1", convolution(filters.get(0), 2));
    halve(sketch, "pool1").then("conv2", convolution(filters.get(1), 0));
    return hidden.classify(halve(sketch, "pool2"));
  }

  private NetworkSketch halve(NetworkSketch sketch, String name) {
    return takesMeans ? sketch.mean(name, 2, 2, 0) : sketch.halve(name);
  }

  private ConvolutionLayer convolution(int channels, int padding) {
    return new ConvolutionLayer.Builder(5, 5)
        .padding(padding, padding)
        .nOut(channels)
        .activation(function)
        .build();
  }
}
