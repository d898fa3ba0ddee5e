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
import java.util.function.BiFunction;
import java.util.stream.Collectors;
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
  private final boolean areAllInTiles;

  /**
   * Compiles what is in front of the last layer.
   *
   * @param block channels of an image that lie side by side; 1 for the plain layout
   */
  LayerRun(
      ComputationGraph network, InputShape input, int batchSize, int block, Precision precision)
      throws UnsupportedNetworkException {
    this(
        network,
        input,
        new Plan(batchSize, true, precision, new ParameterMemory(network)),
        (plan, images) ->
            block == 1
                ? images
                : plan.inLayout(images, OneDnn.blockedLayout(block, images.dimensions())));
  }

  /** Compiles what is in front of the last layer, for images in tiles. */
  static LayerRun inTiles(ComputationGraph network, InputShape input, int batchSize)
      throws UnsupportedNetworkException {
    Plan plan = new Plan(batchSize, true, Precision.FLOAT32, new ParameterMemory(network));
    plan.keepInTiles(
        fused(network, input).nodes().stream().map(Node::name).collect(Collectors.toSet()));
    return new LayerRun(network, input, plan, Plan::inTiles);
  }

  private LayerRun(
      ComputationGraph network, InputShape input, Plan plan, BiFunction<Plan, Tensor, Tensor> form)
      throws UnsupportedNetworkException {
    this.plan = plan;
    Graph fused = fused(network, input);
    images = plan.keep(plan.allocate(OneDnn.plainLayout(plan.batchSize(), fused.image())));
    Tensor given = form.apply(plan, images);
    List<Stage<Plan, Tensor>> stages = new ArrayList<>();
    Map<String, Tensor> values = new HashMap<>(Map.of(fused.imageName(), given));
    for (Node node : fused.nodes()) {
      Stage<Plan, Tensor> stage =
          Stages.add(node, plan, node.inputs().stream().map(values::get).toList());
      stages.add(stage);
      values.put(node.name(), stage.output());
    }
    areAllInTiles = stages.stream().allMatch(stage -> plan.isInTiles(stage.output()));
    Tensor last = plan.outOfTiles(values.get(fused.logits()));
    result = plan.keep(plan.inLayout(last, OneDnn.plainLayout(last.dimensions())));
    ofResult = plan.keep(plan.allocate(result.layout()));
    Gradients<Tensor> gradients = plan.gradients(Set.of());
    gradients.add(fused.logits(), ofResult);
    for (int i = stages.size() - 1; i >= 0; i--) {
      Stage<Plan, Tensor> stage = stages.get(i);
      Tensor gradient = gradients.take(fused.nodes().get(i).name());
      stage.backward(plan, plan.inFormOf(stage.output(), gradient), gradients);
    }
    ofImages =
        plan.keep(
            plan.inLayout(plan.outOfTiles(gradients.take(fused.imageName())), images.layout()));
    plan.arrange();
    plan.allocate();
  }

  private static Graph fused(ComputationGraph network, InputShape input)
      throws UnsupportedNetworkException {
    Graph graph = GraphReader.read(network.getConfiguration(), input);
    List<Node> nodes = graph.nodes().subList(0, graph.nodes().size() - 1);
    return Fusion.forTraining(new Graph(graph.imageName(), graph.image(), List.copyOf(nodes)));
  }

  /** Whether the result of every node is in tiles. */
  boolean areAllInTiles() {
    return areAllInTiles;
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
