package dev.convoy.worker.datainitialization;

import dev.convoy.worker.optimizer.Segment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Walks through a network from its images to its classes and initialises layer after layer on what
 * those in front of it give, as {@link DataInitialization} says. Nothing is dropped and no noise
 * added; batch normalisation takes the statistics of the batch, and its running ones stay as they
 * are. A value is kept until the last layer that reads it was computed.
 *
 * <p>Computed by Deeplearning4j's own layers, one after the other.
 */
public final class DataInitializer {
  private final DataInitialization how;
  private final ComputationGraph network;
  private final Set<String> kept;
  private final Map<String, List<Segment>> segments;
  private final Map<String, String> left = new LinkedHashMap<>();

  private DataInitializer(DataInitialization how, ComputationGraph network, Set<String> kept) {
    this.how = how;
    this.network = network;
    this.kept = kept;
    this.segments = Segment.of(network).stream().collect(Collectors.groupingBy(Segment::layer));
  }

  /**
   * Changes the parameters of a network.
   *
   * @param images axes [image, channel, row, column]; not changed
   * @param kept names of layers that stay as they are
   * @return layers of which something is left as it was, with the reason, in the order of the walk
   */
  public static Map<String, String> initialize(
      DataInitialization how, ComputationGraph network, INDArray images, Set<String> kept) {
    DataInitializer initializer = new DataInitializer(how, network, kept);
    initializer.walk(images);
    return initializer.left;
  }

  private void walk(INDArray images) {
    LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
    network.setInput(0, images); // of which layers ask how many there are
    GraphVertex[] vertices = network.getVertices();
    for (int index : network.topologicalSortOrder()) {
      GraphVertex vertex = vertices[index];
      INDArray value = vertex.isInputVertex() ? images.dup() : forward(vertex, workspaces);
      vertex.clear();
      VertexIndices[] readers = vertex.getOutputVertices();
      for (int i = 0; readers != null && i < readers.length; i++) {
        // Some layers write over what they read.
        INDArray own = i == readers.length - 1 ? value : value.dup();
        vertices[readers[i].getVertexIndex()].setInput(
            readers[i].getVertexEdgeNumber(), own, workspaces);
      }
    }
  }

  private INDArray forward(GraphVertex vertex, LayerWorkspaceMgr workspaces) {
    if (!vertex.hasLayer()) {
      return vertex.doForward(false, workspaces);
    }
    Layer layer = vertex.getLayer();
    boolean takesStatistics = layer.conf().getLayer() instanceof BatchNormalization;
    Supplier<INDArray> forward = () -> vertex.doForward(takesStatistics, workspaces);
    String name = vertex.getVertexName();
    if (!kept.contains(name)) {
      Optional<String> reason =
          MeasuredLayer.of(layer, segments.getOrDefault(name, List.of()), forward)
              .flatMap(how::adjust);
      reason.ifPresent(why -> left.put(name, why));
    }
    return forward.get();
  }
}
