package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.worker.model.Architecture;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.LayerException;
import dev.convoy.worker.model.NetworkSketch;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** A network that is written out layer by layer, and a softmax layer behind the last one. */
public final class WrittenNetwork implements Architecture {
  private static final Option<List<WrittenLayer>> LAYERS =
      Option.of(
          "layers",
          LayerList.TYPE,
          List.of(),
          "the layers, each on the result of the one before; the softmax layer is added");

  /** The only one. */
  public static final List<Component<Architecture>> VARIANTS =
      List.of(
          Component.named("layers", "layers that are written out one by one, and a softmax layer")
              .with(LAYERS)
              .createdBy(options -> new WrittenNetwork(options.value(LAYERS))));

  private final List<WrittenLayer> layers;

  private WrittenNetwork(List<WrittenLayer> layers) {
    this.layers = layers;
  }

  @Override
  public void require(InputShape input) {
    configuration(input);
  }

  /**
   * The network.
   *
   * @throws LayerException naming the first layer that cannot be made
   */
  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    if (layers.isEmpty()) {
      throw new LayerException("", "expected at least one layer, found none");
    }
    NetworkSketch sketch = new NetworkSketch(input);
    WrittenSketch written = new WrittenSketch(sketch);
    written.add(layers, LayerPosition.OfList.TOP);
    written.requireAllRead();
    return sketch.classify();
  }
}
