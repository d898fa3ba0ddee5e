package dev.convoy.worker.onednn;

import dev.convoy.data.Text;
import dev.convoy.worker.arena.Storage;
import dev.convoy.worker.optimizer.HostVector;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where a network keeps its parameters and gradients: they are used in place, never copied. A
 * network that is not there yet keeps them nowhere; then plans can be made, but not run.
 */
final class ParameterMemory {
  private final ComputationGraph network;
  private final INDArray parameters;
  private long changes;

  ParameterMemory(ComputationGraph network) {
    this.network = network;
    this.parameters = network == null ? null : network.params();
  }

  /** Of a network that is not there yet. */
  static ParameterMemory nowhere() {
    return new ParameterMemory(null);
  }

  /** Says that parameters have changed: what was prepared of them has to be made anew. */
  void changed() {
    changes++;
  }

  /** How often the parameters are known to have changed. */
  long changes() {
    return changes;
  }

  /** The place of a layer's parameter, which must have so many bytes. */
  Storage<Place> values(String layer, String parameter, long bytes) {
    return storage(parameters, layer, parameter, bytes);
  }

  /** The place of the gradient of a layer's parameter, which must have so many bytes. */
  Storage<Place> gradient(String layer, String parameter, long bytes) {
    return storage(gradients(), layer, parameter, bytes);
  }

  /** All gradients; a network that only answers never has any. */
  private INDArray gradients() {
    return network == null ? null : HostVector.gradients(network);
  }

  private Storage<Place> storage(INDArray all, String layer, String parameter, long bytes) {
    if (network == null) {
      return Storage.at(Place.ofBytes(bytes), bytes);
    }
    INDArray view = network.getLayer(layer).getParam(parameter);
    if (view.length() * Float.BYTES != bytes) {
      throw new IllegalStateException(
          Text.of(
              "Cannot place %s of %s: expected %d bytes, found %d values",
              parameter, layer, bytes, view.length()));
    }
    long offset = view.offset() - parameters.offset();
    return Storage.at(Place.at(new NetworkMemory(all, offset, view.length())), bytes);
  }

  /** A part of a network's flat vector. */
  private static final class NetworkMemory extends FloatPointer {
    NetworkMemory(INDArray all, long offset, long length) {
      super((Pointer) null);
      address = all.data().address() + offset * Float.BYTES;
      limit = length;
      capacity = length;
    }
  }
}
