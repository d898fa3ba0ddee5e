package dev.convoy.worker.accelerator.compiled;

import java.util.Locale;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where a network keeps its parameters and gradients: they are used in place, never copied. */
final class ParameterMemory {
  private final ComputationGraph network;
  private final INDArray parameters;
  private final INDArray gradients;

  ParameterMemory(ComputationGraph network) {
    this.network = network;
    if (network.getFlattenedGradients() == null) {
      network.initGradientsView();
    }
    parameters = network.params();
    gradients = network.getFlattenedGradients();
  }

  /** The values of a layer's parameter. */
  Tensor values(String layer, String parameter, memory.desc layout) {
    return tensor(parameters, layer, parameter, layout);
  }

  /** The gradient of a layer's parameter. */
  Tensor gradient(String layer, String parameter, memory.desc layout) {
    return tensor(gradients, layer, parameter, layout);
  }

  private Tensor tensor(INDArray all, String layer, String parameter, memory.desc layout) {
    INDArray view = network.getLayer(layer).getParam(parameter);
    if (view.length() * Float.BYTES != layout.get_size()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot place %s of %s: expected %d bytes, found %d values",
              parameter,
              layer,
              layout.get_size(),
              view.length()));
    }
    long offset = view.offset() - parameters.offset();
    Buffer buffer = new Buffer(new NetworkMemory(all, offset, view.length()));
    buffer.hold(); // by the network, for good
    return Tensor.of(layout, buffer);
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
