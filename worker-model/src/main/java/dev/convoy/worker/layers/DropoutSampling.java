package dev.convoy.worker.layers;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.worker.graph.KeyedDropout;
import dev.convoy.worker.model.layer.OriginalDropout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Forward propagation with every layer of Deeplearning4j in inference, and values dropped before
 * the layers that drop them in training. Deeplearning4j itself knows only all or nothing of
 * training: with dropout, batch normalisation would look at the batch.
 */
final class DropoutSampling {
  private final ComputationGraph network;
  private final Map<String, Dropped> dropped = new LinkedHashMap<>();

  /**
   * What a vertex does not see of its input.
   *
   * @param number among the network's vertices that drop something
   */
  private record Dropped(KeyedDropout dropout, int number) {
    INDArray of(INDArray input, long[] keys) {
      float[] mask = new float[Math.toIntExact(input.length())];
      dropout.drawImages(
          mask, Math.toIntExact(input.size(0)), Math.toIntExact(input.size(1)), keys, number);
      float[] shifts = new float[mask.length];
      dropout.shifts(mask, keys, number, shifts);
      return input
          .mul(Nd4j.create(mask, input.shape(), 'c'))
          .addi(Nd4j.create(shifts, input.shape(), 'c'));
    }
  }

  DropoutSampling(ComputationGraph network) {
    this.network = network;
    for (String name : network.getConfiguration().getTopologicalOrderStr()) {
      if (layer(name) != null) {
        KeyedDropout.of(layer(name))
            .ifPresent(dropout -> dropped.put(name, new Dropped(dropout, dropped.size())));
      }
    }
  }

  /** A vertex' layer; null if it has none. */
  private Layer layer(String name) {
    return network.getConfiguration().getVertices().get(name) instanceof LayerVertex vertex
        ? vertex.getLayerConf().getLayer()
        : null;
  }

  /** Whether anything is ever dropped. */
  boolean hasDropout() {
    return !dropped.isEmpty();
  }

  /**
   * The network's answers.
   *
   * @param images axes [batch, channels, height, width]; may be overwritten
   * @param keys one for each image
   * @return axes [batch, classes]
   */
  INDArray probabilities(INDArray images, long[] keys) {
    requireNoOtherNoise();
    long[] mixed = Arrays.stream(keys).map(KeyedRandom::mix).toArray();
    network.setInput(0, images); // of which preprocessors ask the batch size
    var configuration = network.getConfiguration();
    Map<String, INDArray> values = new HashMap<>();
    values.put(configuration.getNetworkInputs().get(0), images);
    for (String name : configuration.getTopologicalOrderStr()) {
      if (!configuration.getNetworkInputs().contains(name)) {
        List<INDArray> inputs =
            configuration.getVertexInputs().get(name).stream().map(values::get).toList();
        values.put(name, forward(name, inputs, mixed));
      }
    }
    network.setInput(0, null);
    return values.get(configuration.getNetworkOutputs().get(0));
  }

  private INDArray forward(String name, List<INDArray> inputs, long[] keys) {
    if (layer(name) instanceof OriginalDropout) {
      return dropped.get(name).of(inputs.get(0), keys); // and not scaled, as in inference
    }
    LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
    GraphVertex vertex = network.getVertex(name);
    for (int i = 0; i < inputs.size(); i++) {
      INDArray input = inputs.get(i);
      Dropped here = dropped.get(name);
      // A copy, since functions overwrite their argument, which others may have to read.
      vertex.setInput(i, here == null ? input.dup() : here.of(input, keys), workspaces);
    }
    INDArray result = vertex.doForward(false, workspaces);
    vertex.clear();
    return result;
  }

  /** Deeplearning4j draws masks for a whole batch, and so none that partners have in common. */
  void requireNoNoise() {
    if (hasDropout()) {
      throw new UnsupportedOperationException(
          "Cannot compare the answers to an image and to its partner: expected a network without"
              + " dropout, or one that is compiled (accelerator.compiled), found dropout in "
              + dropped.keySet()
              + ".");
    }
    requireNoOtherNoise();
  }

  private void requireNoOtherNoise() {
    for (String name : network.getConfiguration().getTopologicalOrderStr()) {
      if (layer(name) != null && KeyedDropout.isOtherNoiseOn(layer(name))) {
        throw new UnsupportedOperationException(
            "Cannot sample answers: expected no noise but dropout with a fixed probability, found "
                + layer(name).getIDropout().getClass().getSimpleName()
                + " in "
                + name
                + ".");
      }
    }
  }
}
