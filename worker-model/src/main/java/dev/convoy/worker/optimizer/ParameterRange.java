package dev.convoy.worker.optimizer;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Part of a network's flat parameter vector and the same part of its gradient, changed by plain
 * loops: what becomes of a value depends on that value alone, wherever it lies. Vectorised
 * libraries do not promise that: OpenBLAS rounds the body of a loop in another way than its tail.
 *
 * <p>Belongs to one network and one thread at a time.
 */
final class ParameterRange {
  private static final int BLOCK = 8192;

  private final INDArray parameters;
  private final INDArray gradient;
  private final long from;
  private final long to;

  /** A part of the vectors, from one position to before another. */
  ParameterRange(INDArray parameters, INDArray gradient, long from, long to) {
    this.parameters = parameters;
    this.gradient = gradient;
    this.from = from;
    this.to = to;
  }

  /** How many values. */
  long length() {
    return to - from;
  }

  /** A loop over a block of values. */
  interface BlockLoop {
    /**
     * Reads, and may change.
     *
     * @param parameters of the block
     * @param gradient of the same
     * @param count of values; the arrays may be longer
     * @param offset of the first value in the range
     */
    void run(float[] parameters, float[] gradient, int count, long offset);
  }

  /** Reads parameters and gradients, in order. */
  void read(BlockLoop loop) {
    blocks(loop, false, false);
  }

  /** Changes gradients by themselves and the parameters, in order. */
  void changeGradient(BlockLoop loop) {
    blocks(loop, false, true);
  }

  /** Changes parameters by themselves and the gradients, in order. */
  void changeParameters(BlockLoop loop) {
    blocks(loop, true, false);
  }

  private void blocks(BlockLoop loop, boolean parametersChange, boolean gradientChanges) {
    FloatPointer parameterMemory = memory(parameters);
    FloatPointer gradientMemory = memory(gradient);
    float[] parameterBlock = new float[(int) Math.min(BLOCK, length())];
    float[] gradientBlock = new float[parameterBlock.length];
    for (long at = from; at < to; at += BLOCK) {
      int count = (int) Math.min(BLOCK, to - at);
      parameterMemory.position(at).get(parameterBlock, 0, count);
      gradientMemory.position(at).get(gradientBlock, 0, count);
      loop.run(parameterBlock, gradientBlock, count, at - from);
      if (parametersChange) {
        parameterMemory.position(at).put(parameterBlock, 0, count);
      }
      if (gradientChanges) {
        gradientMemory.position(at).put(gradientBlock, 0, count);
      }
    }
    if (parametersChange) {
      Nd4j.getAffinityManager().tagLocation(parameters, AffinityManager.Location.HOST);
    }
    if (gradientChanges) {
      Nd4j.getAffinityManager().tagLocation(gradient, AffinityManager.Location.HOST);
    }
  }

  /** The host's copy, where a GPU has another. */
  private static FloatPointer memory(INDArray vector) {
    Nd4j.getAffinityManager().ensureLocation(vector, AffinityManager.Location.HOST);
    return new FloatPointer(vector.data().addressPointer());
  }
}
