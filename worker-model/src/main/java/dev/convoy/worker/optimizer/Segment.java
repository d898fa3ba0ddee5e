package dev.convoy.worker.optimizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongToIntFunction;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One parameter array of one layer, as a part of the network's flat parameter vector.
 *
 * @param layer its name
 * @param depth which of the layers with parameters it is, counted from 0 at the input
 * @param parameter its name in the layer
 * @param kind what it does
 * @param offset of its first value in the flat vector
 * @param shape of the array, as Deeplearning4j has it
 * @param units which of its axes tell the units of a weight array apart
 * @param columnMajor whether values that differ in the first index alone are next to each other
 */
public record Segment(
    String layer,
    int depth,
    String parameter,
    Kind kind,
    long offset,
    List<Integer> shape,
    UnitAxes units,
    boolean columnMajor) {

  /** What a parameter does. */
  public enum Kind {
    /** Multiplies inputs. */
    WEIGHT,
    /** Is added to sums of weighted inputs. */
    BIAS,
    /** Multiplies what was normalised, or what is below zero in front of a PReLU. */
    SCALE,
    /** Is added to what was normalised. */
    SHIFT,
    /** Mean or variance of what is normalised: measured, not learned. */
    RUNNING_STATISTIC
  }

  /**
   * The axes of a weight array that tell apart the units that its weights lead to.
   *
   * @param from the first of them
   * @param to the axis after the last
   */
  public record UnitAxes(int from, int to) {
    private static UnitAxes of(Layer layer, String parameter, int rank) {
      var configuration = layer.conf().getLayer();
      if (rank == 2) {
        return new UnitAxes(1, 2); // [inputs, units]
      }
      if (configuration instanceof DepthwiseConvolution2D) {
        return new UnitAxes(2, 4); // [height, width, channels, units of each channel]
      }
      if (configuration instanceof Deconvolution2D) {
        return new UnitAxes(1, 2); // [inputs, units, height, width]
      }
      return parameter.equals(SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY)
              && configuration instanceof SeparableConvolution2D
          ? new UnitAxes(0, 2) // [units of each channel, channels, height, width]
          : new UnitAxes(0, 1); // [units, inputs, height, width]
    }
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
    return of(network.getLayers(), network.params());
  }

  /** The same of layers one after another; those without names are called layer0, layer1 and on. */
  public static List<Segment> of(MultiLayerNetwork network) {
    return of(network.getLayers(), network.params());
  }

  private static List<Segment> of(Layer[] layers, INDArray parameters) {
    long start = parameters.offset();
    List<Segment> segments = new ArrayList<>();
    int depth = 0;
    for (Layer layer : layers) {
      String name =
          Optional.ofNullable(layer.conf().getLayer().getLayerName())
              .orElse("layer" + layer.getIndex());
      for (Map.Entry<String, INDArray> entry : layer.paramTable().entrySet()) {
        INDArray values = entry.getValue();
        segments.add(
            new Segment(
                name,
                depth,
                entry.getKey(),
                kind(layer, entry.getKey()),
                values.offset() - start,
                Arrays.stream(values.shape()).mapToObj(Math::toIntExact).toList(),
                UnitAxes.of(layer, entry.getKey(), values.rank()),
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
    if (configuration instanceof PReLULayer) {
      return Kind.SCALE; // which does not decay: a slope of 0 is not simpler than one of 1
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

  /** Whether it is the parameter of that name of that layer. */
  public boolean isOf(String someLayer, String someParameter) {
    return layer.equals(someLayer) && parameter.equals(someParameter);
  }

  /** How many values. */
  public long length() {
    return extent(0, shape.size());
  }

  private long extent(int from, int to) {
    return shape.subList(from, to).stream()
        .mapToLong(Integer::longValue)
        .reduce(1, Math::multiplyExact);
  }

  /** How many units a weight array leads to. */
  public int unitCount() {
    return (int) extent(units.from(), units.to());
  }

  /** From a position in the segment of a weight array to the unit that the weight leads to. */
  public LongToIntFunction unitAt() {
    int count = unitCount();
    long run = columnMajor ? extent(0, units.from()) : extent(units.to(), shape.size());
    return position -> (int) (position / run % count);
  }
}
