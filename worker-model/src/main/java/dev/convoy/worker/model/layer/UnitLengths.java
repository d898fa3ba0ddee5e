package dev.convoy.worker.model.layer;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Weights that have a direction, the parameter {@code W}, and for each unit a length, {@code gamma}
 * [1, units]: they are gamma W / |W| (Salimans and Kingma, "Weight normalization", 2016).
 *
 * @param axis of the weights along which units are: 0 if they lie one after the other in C order, 1
 *     for the columns of a matrix
 */
record UnitLengths(int axis) {
  /** The parameter that holds the lengths. */
  static final String LENGTH = BatchNormalizationParamInitializer.GAMMA;

  private static final String DIRECTION = DefaultParamInitializer.WEIGHT_KEY;

  /** Makes the lengths those of the directions, so that the weights are these. */
  void beginWithDirections(Map<String, INDArray> parameters) {
    INDArray directions = parameters.get(DIRECTION);
    float[] values = directions.dup(axis == 0 ? 'c' : 'f').data().asFloat();
    int row = values.length / Math.toIntExact(directions.size(axis));
    for (int unit = 0; unit < directions.size(axis); unit++) {
      double squares = 0;
      for (int i = unit * row; i < (unit + 1) * row; i++) {
        squares += (double) values[i] * values[i];
      }
      parameters.get(LENGTH).putScalar(0, unit, Math.sqrt(squares));
    }
  }

  /** The weights that follow from the parameters; a new array. */
  INDArray weights(Map<String, INDArray> parameters) {
    INDArray directions = parameters.get(DIRECTION);
    return directions
        .mul(perUnit(parameters.get(LENGTH), directions))
        .div(norms(directions))
        .dup(directions.ordering());
  }

  /**
   * Leaves the parameters' gradients.
   *
   * @param ofWeights the weights' gradient
   * @param gradients where those of the parameters go
   */
  void backward(
      Map<String, INDArray> parameters, INDArray ofWeights, Map<String, INDArray> gradients) {
    INDArray directions = parameters.get(DIRECTION);
    INDArray norms = norms(directions);
    INDArray units = directions.div(norms);
    INDArray along = perUnit(ofWeights.mul(units).sum(otherAxes(directions)), directions);
    gradients.get(LENGTH).assign(along.reshape(1, -1));
    gradients
        .get(DIRECTION)
        .assign(
            ofWeights
                .sub(units.mul(along))
                .mul(perUnit(parameters.get(LENGTH), directions))
                .div(norms));
  }

  /** A number for each unit, to be broadcast over its weights. */
  private INDArray perUnit(INDArray numbers, INDArray weights) {
    long[] shape = new long[weights.rank()];
    Arrays.fill(shape, 1);
    shape[axis] = numbers.length();
    return numbers.reshape(shape);
  }

  private INDArray norms(INDArray directions) {
    return perUnit(directions.norm2(otherAxes(directions)), directions);
  }

  private int[] otherAxes(INDArray weights) {
    return IntStream.range(0, weights.rank()).filter(other -> other != axis).toArray();
  }
}
