package dev.convoy.worker.optimizer;

import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network's own flat gradient vector, which it has from the first time that it is asked for. */
record NetworkGradient(ComputationGraph network) implements GradientMemory {
  @Override
  public FloatPointer of(Segment segment) {
    return HostVector.memory(values()).getPointer(segment.offset());
  }

  @Override
  public void changed() {
    Nd4j.getAffinityManager().tagLocation(values(), AffinityManager.Location.HOST);
  }

  private INDArray values() {
    return HostVector.gradients(network);
  }
}
