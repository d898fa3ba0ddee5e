package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.ValueType;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * LeNet-5 in its usual present form: full connections between the convolutions, max pooling, relu
 * and softmax. The first convolution is padded by 2, so that 28 × 28 digits need no border.
 */
final class LeNet implements Architecture {
  private static final Option<List<Integer>> FILTERS =
      Option.of(
          "filters",
          new ValueType.ListOf<>(new ValueType.WholeNumber(1, NetworkSketch.MAX_WIDTH), 2, 2),
          List.of(6, 16),
          "channels of the two 5 × 5 convolutions");

  private static final Option<List<Integer>> HIDDEN = HiddenLayers.sizes(List.of(120, 84));

  static final List<Component<Architecture>> VARIANTS =
      List.of(
          Component.named("lenet-5", "two convolutions and fully connected layers, for digits")
              .from(
                  "LeCun, Bottou, Bengio and Haffner, \"Gradient-based learning applied to document"
                      + " recognition\", 1998")
              .with(FILTERS, HIDDEN, HiddenLayers.DROPOUT)
              .createdBy(LeNet::new));

  private final List<Integer> filters;
  private final HiddenLayers hidden;

  private LeNet(OptionValues options) {
    filters = options.value(FILTERS);
    hidden = new HiddenLayers(options.value(HIDDEN), options.value(HiddenLayers.DROPOUT));
  }

  @Override
  public int smallestImage() {
    return 12; // leaves one pixel behind the second pooling
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    return hidden.classify(
        new NetworkSketch(input)
            .then("conv1", convolution(filters.get(0), 2))
            .halve("pool1")
            .then("conv2", convolution(filters.get(1), 0))
            .halve("pool2"));
  }

  private static ConvolutionLayer convolution(int filters, int padding) {
    return new ConvolutionLayer.Builder(5, 5)
        .padding(padding, padding)
        .nOut(filters)
        .activation(Activation.RELU)
        .build();
  }
}
