package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.Fusion;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.Node;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The compiled nodes of a network but the last, the softmax layer, forward and backward from a
 * gradient of their result that is given.
 */
final class LayerRun implements AutoCloseable {
  private final Plan plan;
  private final Tensor images;
  private final Tensor result;
  private final Tensor ofResult;
  private final Tensor ofImages;

  /**
   * Compiles what is in front of the last layer.
   *
   * @param block channels of an image that lie side by side; 1 for the plain layout
   */
  LayerRun(
      ComputationGraph network, InputShape input, int batchSize, int block, Precision precision)
      throws UnsupportedNetworkException {
    Graph graph = GraphReader.read(network.getConfiguration(), input);
    List<Node> nodes = graph.nodes().subList(0, graph.nodes().size() - 1);
    Graph fused =
        Fusion.forTraining(new Graph(graph.imageName(), graph.image(), List.copyOf(nodes)));
    plan = new Plan(batchSize, true, precision, new ParameterMemory(network));
    images = plan.keep(plan.allocate(OneDnn.plainLayout(batchSize, graph.image())));
    Tensor given =
        block == 1
            ? images
            : plan.inLayout(images, OneDnn.blockedLayout(block, images.dimensions()));
    List<Stage<Plan, Tensor>> stages = new ArrayList<>();
    Map<String, Tensor> values = new HashMap<>(Map.of(graph.imageName(), given));
    for (Node node : fused.nodes()) {
      Stage<Plan, Tensor> stage =
          Stages.add(node, plan, node.inputs().stream().map(values::get).toList());
      stages.add(stage);
      values.put(node.name(), stage.output());
    }
    Tensor last = values.get(fused.logits());
    result = plan.keep(plan.inLayout(last, OneDnn.plainLayout(last.dimensions())));
    ofResult = plan.keep(plan.allocate(result.layout()));
    Gradients<Tensor> gradients = plan.gradients(Set.of());
    gradients.add(fused.logits(), ofResult);
    for (int i = stages.size() - 1; i >= 0; i--) {
      stages.get(i).backward(plan, gradients.take(fused.nodes().get(i).name()), gradients);
    }
    ofImages = plan.keep(plan.inLayout(gradients.take(graph.imageName()), images.layout()));
    plan.arrange();
    plan.allocate();
  }

  /** How many values the result has. */
  int results() {
    return Math.toIntExact(result.size());
  }

  /** Runs once; the gradients of parameters are left where the network keeps them. */
  void run(float[] pixels, float[] gradient, long dropoutKey) {
    images.values().put(pixels);
    ofResult.values().put(gradient, 0, results());
    plan.setDropoutKeys(dropoutKey);
    plan.run();
  }

  float[] result() {
    return result.toArray();
  }

  float[] gradientOfImages() {
    return ofImages.toArray();
  }

  @Override
  public void close() {
    plan.close();
  }
}
