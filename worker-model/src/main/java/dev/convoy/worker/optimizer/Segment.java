package dev.convoy.worker.optimizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongToIntFunction;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One parameter array of one layer, as a part of the network's flat parameter vector.
 *
 * @param layer its name
 * @param depth which of the layers with parameters it is, counted from 0 at the input
 * @param parameter its name in the layer
 * @param kind what it does
 * @param offset of its first value in the flat vector
 * @param shape of the array: [inputs, units], or [units, inputs, height, width] of a convolution
 * @param columnMajor whether values that differ in the first index alone are next to each other
 */
public record Segment(
    String layer,
    int depth,
    String parameter,
    Kind kind,
    long offset,
    List<Integer> shape,
    boolean columnMajor) {

  /** What a parameter does. */
  public enum Kind {
    /** Multiplies inputs. */
    WEIGHT,
    /** Is added to sums of weighted inputs. */
    BIAS,
    /** Multiplies what was normalised. */
    SCALE,
    /** Is added to what was normalised. */
    SHIFT,
    /** Mean or variance of what is normalised: measured, not learned. */
    RUNNING_STATISTIC
  }

  private static final Set<String> RUNNING_STATISTICS =
      Set.of(
          BatchNormalizationParamInitializer.GLOBAL_MEAN,
          BatchNormalizationParamInitializer.GLOBAL_VAR,
          BatchNormalizationParamInitializer.GLOBAL_LOG_STD);

  /** Copies the shape. */
  public Segment {
    shape = List.copyOf(shape);
  }

  /** The segments of a network, in the order of the flat vector; together they are all of it. */
  public static List<Segment> of(ComputationGraph network) {
    long start = network.params().offset();
    List<Segment> segments = new ArrayList<>();
    int depth = 0;
    for (Layer layer : network.getLayers()) {
      for (Map.Entry<String, INDArray> entry : layer.paramTable().entrySet()) {
        INDArray values = entry.getValue();
        segments.add(
            new Segment(
                layer.conf().getLayer().getLayerName(),
                depth,
                entry.getKey(),
                kind(layer, entry.getKey()),
                values.offset() - start,
                Arrays.stream(values.shape()).mapToObj(Math::toIntExact).toList(),
                values.ordering() == 'f'));
      }
      depth += layer.paramTable().isEmpty() ? 0 : 1;
    }
    segments.sort(Comparator.comparingLong(Segment::offset));
    return List.copyOf(segments);
  }

  private static Kind kind(Layer layer, String parameter) {
    var configuration = layer.conf().getLayer();
    if (RUNNING_STATISTICS.contains(parameter)) {
      return Kind.RUNNING_STATISTIC;
    }
    if (configuration.initializer().isWeightParam(configuration, parameter)) {
      return Kind.WEIGHT;
    }
    return switch (parameter) {
      case BatchNormalizationParamInitializer.GAMMA -> Kind.SCALE;
      case BatchNormalizationParamInitializer.BETA -> Kind.SHIFT;
      default -> Kind.BIAS;
    };
  }

  /** How many values. */
  public long length() {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  /** How many units a weight array leads to. */
  int units() {
    return shape.get(unitAxis());
  }

  /** From a position in the segment of a weight array to the unit that the weight leads to. */
  LongToIntFunction unitAt() {
    int units = units();
    long weightsOfUnit = length() / units;
    boolean unitAfterUnit = columnMajor == (unitAxis() > 0);
    return unitAfterUnit
        ? position -> (int) (position / weightsOfUnit)
        : position -> (int) (position % units);
  }

  private int unitAxis() {
    return shape.size() == 2 ? 1 : 0;
  }
}
