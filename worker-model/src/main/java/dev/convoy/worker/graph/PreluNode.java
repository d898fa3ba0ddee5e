package dev.convoy.worker.graph;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.PReLULayer;

/**
 * max(x, 0) + a min(x, 0), where each channel has an a of its own, which is learned (He, Zhang, Ren
 * and Sun, "Delving deep into rectifiers", 2015).
 *
 * @param layer whose parameter {@code W} [channels] is used
 */
public record PreluNode(String name, List<String> inputs, String layer, long channels)
    implements Node {
  private static final long[] ROWS_AND_COLUMNS = {2, 3};

  static void read(Reading reading, PReLULayer layer) throws UnsupportedNetworkException {
    reading.require(
        reading.shape().isVector() || Arrays.equals(layer.getSharedAxes(), ROWS_AND_COLUMNS),
        "has slopes that are not one for each channel");
    reading.require(layer.getWeightNoise() == null, "has weight noise");
    reading.add(
        new PreluNode(
            reading.name(),
            List.of(reading.behindDropout(layer)),
            reading.name(),
            reading.shape().channels()));
  }

  @Override
  public PreluNode reading(List<String> others) {
    return new PreluNode(name, others, layer, channels);
  }

  @Override
  public Work work(List<Shape> arguments) {
    return new Work(channels, 0, 0);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return arguments.get(0);
  }
}
