package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;

/**
 * Five convolutions, overlapping poolings, three fully connected layers, dropout in front of the
 * first two of them.
 *
 * <p>{@code alexnet} is the one-column form of 2014, which is the usual one today; {@code
 * alexnet-2012} that of the first paper, with local response normalisation and without the split
 * between two GPUs unless there are two groups. Images of any size are averaged to 6 × 6 features,
 * as those of 224 × 224 have them.
 */
final class AlexNet implements Architecture {
  private static final Option<Integer> WIDTH =
      NetworkSketch.width(
          32, "channels in multiples of which the convolutions have theirs: 2, 6, 12, 8 and 8");

  private static final Option<Integer> WIDTH_OF_2012 =
      NetworkSketch.width(
          32, "channels in multiples of which the convolutions have theirs: 3, 8, 12, 12 and 8");

  private static final Option<List<Integer>> HIDDEN = HiddenLayers.sizes(List.of(4096, 4096));

  private static final Option<Double> DROPOUT =
      NetworkSketch.dropout(
          0.5, "probability of dropping a value in front of each hidden layer in training");

  private static final Option<Double> DROPOUT_OF_2012 = HiddenLayers.dropout(0.5);

  private static final Option<Integer> GROUPS =
      Option.wholeNumber(
          "groups",
          1,
          1,
          2,
          "groups of the second, fourth and fifth convolution; 2: one for each of the paper's GPUs");

  static final List<Component<Architecture>> VARIANTS =
      List.of(
          Component.named("alexnet", "five convolutions and three fully connected layers")
              .from(
                  "Krizhevsky, \"One weird trick for parallelizing convolutional neural networks\","
                      + " 2014")
              .with(WIDTH, HIDDEN, DROPOUT)
              .createdBy(AlexNet::new),
          Component.named("alexnet-2012", "alexnet as it won ImageNet's challenge of 2012")
              .from(
                  "Krizhevsky, Sutskever and Hinton, \"ImageNet classification with deep"
                      + " convolutional neural networks\", 2012")
              .with(WIDTH_OF_2012, HIDDEN, DROPOUT_OF_2012, GROUPS)
              .createdBy(AlexNet::of2012));

  private static final int FEATURES = 6;

  private final List<Integer> multiples;
  private final int width;
  private final int groups;
  private final boolean normalises;
  private final HiddenLayers hidden;

  private AlexNet(OptionValues options) {
    multiples = List.of(2, 6, 12, 8, 8);
    width = options.value(WIDTH);
    groups = 1;
    normalises = false;
    hidden =
        new HiddenLayers(options.value(HIDDEN), options.value(DROPOUT), HiddenLayers.Place.BEFORE);
  }

  private AlexNet(OptionValues options, int groups) {
    multiples = List.of(3, 8, 12, 12, 8);
    width = options.value(WIDTH_OF_2012);
    this.groups = groups;
    normalises = true;
    hidden = new HiddenLayers(options.value(HIDDEN), options.value(DROPOUT_OF_2012));
  }

  private static AlexNet of2012(OptionValues options) {
    return new AlexNet(options, options.value(GROUPS));
  }

  @Override
  public int usualImage() {
    return 224;
  }

  @Override
  public int smallestImage() {
    return 63; // leaves one pixel behind the third pooling
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    var sketch = new NetworkSketch(input, ChannelNormalization.none());
    sketch.unit("conv1", convolution(0, 11).stride(4).padding(2));
    poolNormalised(sketch, 1);
    sketch.unit("conv2", convolution(1, 5).groups(groups));
    poolNormalised(sketch, 2);
    sketch
        .unit("conv3", convolution(2, 3))
        .unit("conv4", convolution(3, 3).groups(groups))
        .unit("conv5", convolution(4, 3).groups(groups))
        .maximum("pool5", 3, 2, 0)
        .meanTo("features", FEATURES);
    return hidden.classify(sketch);
  }

  private Convolution convolution(int number, int kernel) {
    return Convolution.of(multiples.get(number) * width, kernel);
  }

  private void poolNormalised(NetworkSketch sketch, int number) {
    if (normalises) {
      sketch.then(
          "norm" + number,
          new LocalResponseNormalization.Builder(2, 5, 1e-4, 0.75).build()); // k, n, alpha, beta
    }
    sketch.maximum("pool" + number, 3, 2, 0);
  }
}
