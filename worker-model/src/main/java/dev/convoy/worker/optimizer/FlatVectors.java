package dev.convoy.worker.optimizer;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongToIntFunction;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network's flat parameters and gradient, in native memory of the host, and the optimizer's
 * arrays, walked through in blocks that are plain Java arrays: what becomes of a value depends on
 * that value alone, wherever it lies. Vectorised libraries do not promise that: OpenBLAS rounds the
 * body of a loop in another way than its tail.
 *
 * <p>Belongs to one network and one thread at a time.
 */
final class FlatVectors {
  private static final int BLOCK = 8192;

  private final INDArray parameters;
  private final GradientMemory gradient;
  private final float[][] state;

  /** What loops see. New arrays for every segment would fill a cache with what is used once. */
  private final float[] parameterBlock = new float[BLOCK];

  private final float[] gradientBlock = new float[BLOCK];
  private final float[][] stateBlock;
  private float divisor = 1;

  /**
   * Wraps vectors of the same length.
   *
   * @param state changed in place
   */
  FlatVectors(INDArray parameters, GradientMemory gradient, float[][] state) {
    this.parameters = parameters;
    this.gradient = gradient;
    this.state = state;
    this.stateBlock = new float[state.length][BLOCK];
  }

  /**
   * Lets what is read of the gradient be divided first, until it is written: a batch's sum that is
   * read once need not be changed where it is.
   */
  void divideGradient(float by) {
    divisor = by;
  }

  /** A loop over a block of values, which starts no other. */
  @FunctionalInterface
  interface BlockLoop {
    /**
     * Reads, and may change.
     *
     * @param parameters of the block
     * @param gradient of the same
     * @param state of the same
     * @param count of values; the arrays may be longer
     * @param offset of the first value in the segment
     */
    void run(float[] parameters, float[] gradient, float[][] state, int count, long offset);
  }

  /** What a loop touches; the blocks of the rest hold nothing of the segment. */
  private enum Part {
    PARAMETERS,
    GRADIENT,
    STATE
  }

  /** Reads a segment, in order. */
  void read(Segment segment, BlockLoop loop) {
    blocks(segment, loop, EnumSet.allOf(Part.class), EnumSet.noneOf(Part.class));
  }

  /** Changes the gradients of a segment, in order; the loop sees nothing else. */
  void changeGradient(Segment segment, BlockLoop loop) {
    blocks(segment, loop, EnumSet.of(Part.GRADIENT), EnumSet.of(Part.GRADIENT));
  }

  /** Makes the gradients of a segment from the state, in order; the loop sees nothing else. */
  void makeGradient(Segment segment, BlockLoop loop) {
    blocks(segment, loop, EnumSet.of(Part.STATE), EnumSet.of(Part.GRADIENT));
  }

  /** Changes the parameters and the state of a segment, in order. */
  void changeParameters(Segment segment, BlockLoop loop) {
    blocks(segment, loop, EnumSet.allOf(Part.class), EnumSet.of(Part.PARAMETERS, Part.STATE));
  }

  /** Multiplies the gradients of a segment. */
  void scaleGradient(Segment segment, float factor) {
    changeGradient(
        segment,
        (parameters, gradient, state, count, offset) -> {
          for (int i = 0; i < count; i++) {
            gradient[i] *= factor;
          }
        });
  }

  /** The sum of the squares of the gradients of segments, in order. */
  double gradientSquares(List<Segment> parts) {
    double[] sum = {0};
    for (Segment segment : parts) {
      blocks(
          segment,
          (parameters, gradient, state, count, offset) ->
              sum[0] = addSquares(sum[0], gradient, count),
          EnumSet.of(Part.GRADIENT),
          EnumSet.noneOf(Part.class));
    }
    return sum[0];
  }

  /** The sum of the squares of a segment's parameters, in order. */
  double parameterSquares(Segment segment) {
    double[] sum = {0};
    blocks(
        segment,
        (parameters, gradient, state, count, offset) ->
            sum[0] = addSquares(sum[0], parameters, count),
        EnumSet.of(Part.PARAMETERS),
        EnumSet.noneOf(Part.class));
    return sum[0];
  }

  /** Adds the squares of a block's values to the sums of the units that they belong to. */
  static void addSquares(
      double[] sums, LongToIntFunction unitAt, float[] values, int count, long offset) {
    for (int i = 0; i < count; i++) {
      sums[unitAt.applyAsInt(offset + i)] += (double) values[i] * values[i];
    }
  }

  /** Multiplies a block's values by the factors of the units that they belong to. */
  static void scale(
      float[] factors, LongToIntFunction unitAt, float[] values, int count, long offset) {
    for (int i = 0; i < count; i++) {
      values[i] *= factors[unitAt.applyAsInt(offset + i)];
    }
  }

  /** A sum with the squares of some values in addition, in order. */
  static double addSquares(double sum, float[] values, int count) {
    double squares = sum;
    for (int i = 0; i < count; i++) {
      squares += (double) values[i] * values[i];
    }
    return squares;
  }

  /** Divides some values, from an index on. */
  static void divide(float[] values, int from, int count, float divisor) {
    if (divisor != 1) {
      for (int i = from; i < from + count; i++) {
        values[i] /= divisor;
      }
    }
  }

  private void blocks(Segment segment, BlockLoop loop, Set<Part> read, Set<Part> written) {
    FloatPointer parameterMemory = HostVector.memory(parameters);
    FloatPointer gradientMemory = gradient.of(segment);
    long length = segment.length();
    for (long done = 0; done < length; done += BLOCK) {
      int count = (int) Math.min(BLOCK, length - done);
      long at = segment.offset() + done;
      if (read.contains(Part.PARAMETERS)) {
        parameterMemory.position(at).get(parameterBlock, 0, count);
      }
      if (read.contains(Part.GRADIENT)) {
        gradientMemory.position(done).get(gradientBlock, 0, count);
        divide(gradientBlock, 0, count, divisor);
      }
      for (int i = 0; i < state.length && read.contains(Part.STATE); i++) {
        System.arraycopy(state[i], (int) at, stateBlock[i], 0, count);
      }
      loop.run(parameterBlock, gradientBlock, stateBlock, count, done);
      if (written.contains(Part.PARAMETERS)) {
        parameterMemory.position(at).put(parameterBlock, 0, count);
      }
      for (int i = 0; i < state.length && written.contains(Part.STATE); i++) {
        System.arraycopy(stateBlock[i], 0, state[i], (int) at, count);
      }
      if (written.contains(Part.GRADIENT)) {
        gradientMemory.position(done).put(gradientBlock, 0, count);
      }
    }
    if (written.contains(Part.PARAMETERS)) {
      Nd4j.getAffinityManager().tagLocation(parameters, AffinityManager.Location.HOST);
    }
    if (written.contains(Part.GRADIENT)) {
      divisor = 1;
      gradient.changed();
    }
  }
}
