package dev.convoy.worker.optimizer;

import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A flat vector in the host's memory, copied in blocks; ND4J itself goes value by value. */
public final class HostVector {
  private HostVector() {}

  /** The host's copy, where a GPU has another. */
  public static FloatPointer memory(INDArray vector) {
    Nd4j.getAffinityManager().ensureLocation(vector, AffinityManager.Location.HOST);
    return new FloatPointer(vector.data().addressPointer());
  }

  /** A network's flat gradients; it has them from the first time that they are asked for. */
  public static INDArray gradients(ComputationGraph network) {
    if (network.getFlattenedGradients() == null) {
      network.initGradientsView();
    }
    return network.getFlattenedGradients();
  }

  /** A copy of the values. */
  public static float[] copy(INDArray vector) {
    float[] values = new float[Math.toIntExact(vector.length())];
    memory(vector).get(values);
    return values;
  }

  /** Overwrites the values. */
  public static void set(INDArray vector, float[] values) {
    memory(vector).put(values, 0, values.length);
    Nd4j.getAffinityManager().tagLocation(vector, AffinityManager.Location.HOST);
  }
}
