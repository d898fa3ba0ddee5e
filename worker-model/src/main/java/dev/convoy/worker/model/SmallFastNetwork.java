package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The nine-layer residual network for small images with which races on CIFAR-10 were won: four
 * convolutions of w, 2w, 4w and 8w channels, a pooling behind the last three, a residual block of
 * two convolutions behind the second and the fourth; the largest value of each channel, softmax on
 * an eighth of it.
 */
final class SmallFastNetwork implements Architecture {
  private static final Option<Integer> WIDTH =
      NetworkSketch.width(64, "channels of the first convolution; then two, four, eight times");

  static final List<Component<Architecture>> VARIANTS =
      List.of(
          Component.named("resnet-9", "nine-layer residual network, fast on small images")
              .from("Page, \"How to train your ResNet\", 2018")
              .with(
                  WIDTH,
                  NetworkSketch.NORMALIZATION,
                  NetworkSketch.ACTIVATION,
                  NetworkSketch.FEATURE_DROPOUT)
              .createdBy(SmallFastNetwork::new));

  /** Of what goes into the softmax. */
  private static final double SCALE = 0.125;

  private final OptionValues options;

  private SmallFastNetwork(OptionValues options) {
    this.options = options;
  }

  @Override
  public int smallestImage() {
    return 8; // leaves one pixel behind the third pooling
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    int width = options.value(WIDTH);
    var sketch = NetworkSketch.of(input, options);
    sketch.unit("stem", Convolution.of(width, 3));
    sketch.unit("stage1", Convolution.of(2 * width, 3)).halve("stage1-pool");
    addResidual(sketch, "stage1-residual", 2 * width);
    sketch.unit("stage2", Convolution.of(4 * width, 3)).halve("stage2-pool");
    sketch.unit("stage3", Convolution.of(8 * width, 3)).halve("stage3-pool");
    addResidual(sketch, "stage3-residual", 8 * width);
    return sketch
        .globalMaximum("pool")
        .scale("scale", SCALE)
        .classify(options.value(NetworkSketch.FEATURE_DROPOUT));
  }

  private static void addResidual(NetworkSketch sketch, String name, int channels) {
    String source = sketch.last();
    sketch
        .unit(name + "-first", Convolution.of(channels, 3))
        .unit(name + "-second", Convolution.of(channels, 3))
        .sum(name, source, sketch.last());
  }
}
