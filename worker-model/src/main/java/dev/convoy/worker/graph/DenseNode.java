package dev.convoy.worker.graph;

import dev.convoy.worker.model.layer.WeightNormalizedDense;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;

/**
 * A full connection of all of an example's values with every unit, its bias if it has one, and a
 * function of the result.
 *
 * @param layer whose parameters {@code W} (Fortran order, [inputs, units]) and {@code b} [units]
 *     are used
 * @param width how many values an example has
 */
public record DenseNode(
    String name,
    List<String> inputs,
    String layer,
    long width,
    long units,
    boolean hasBias,
    Weighting weighting,
    Activation activation)
    implements Node.Activated {

  static void read(Reading reading, DenseLayer layer) throws UnsupportedNetworkException {
    reading.require(!layer.isHasLayerNorm(), "has layer normalisation");
    reading.addWithFunction(of(reading, layer, layer.hasBias(), reading.weighting(layer)), layer);
  }

  /** The weights of a unit have a length that is a parameter of its own. */
  static void read(Reading reading, WeightNormalizedDense layer)
      throws UnsupportedNetworkException {
    reading.require(layer.getWeightNoise() == null, "has weight noise");
    Weighting weighting = new Weighting.Normalized(WeightNormalizedDense.LENGTH, layer.getNOut());
    reading.addWithFunction(of(reading, layer, layer.hasBias(), weighting), layer);
  }

  /** The softmax belongs to the loss, see {@link Head}. */
  static void read(Reading reading, OutputLayer layer) throws UnsupportedNetworkException {
    reading.add(of(reading, layer, layer.hasBias(), reading.weighting(layer)));
  }

  private static DenseNode of(
      Reading reading, FeedForwardLayer layer, boolean hasBias, Weighting weighting)
      throws UnsupportedNetworkException {
    return new DenseNode(
        reading.name(),
        List.of(reading.behindDropout(layer)),
        reading.name(),
        layer.getNIn(),
        layer.getNOut(),
        hasBias,
        weighting,
        Activation.NONE);
  }

  @Override
  public DenseNode reading(List<String> others) {
    return new DenseNode(name, others, layer, width, units, hasBias, weighting, activation);
  }

  @Override
  public DenseNode activated(String newName, Activation function) {
    return new DenseNode(newName, inputs, layer, width, units, hasBias, weighting, function);
  }

  @Override
  public Work work(List<Shape> arguments) {
    return new Work(units * (width + (hasBias ? 1 : 0)) + weighting.parameters(), 0, units * width);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return Shape.vector(units);
  }
}
