package dev.convoy.worker.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network from its images to the values that go into the softmax (the logits). Immutable.
 *
 * @param imageName what the nodes call the images
 * @param image their extent
 * @param nodes in an order in which they can be computed; the last one gives the logits
 */
public record Graph(String imageName, Shape image, List<Node> nodes) {
  /** Copies the nodes. */
  public Graph {
    nodes = List.copyOf(nodes);
  }

  /** The same images through other nodes. */
  Graph with(List<Node> others) {
    return new Graph(imageName, image, others);
  }

  /** The name of the logits. */
  public String logits() {
    return nodes.get(nodes.size() - 1).name();
  }

  /** How often each value is read, by its name. */
  public Map<String, Integer> uses() {
    Map<String, Integer> uses = new HashMap<>();
    nodes.forEach(node -> node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum)));
    return uses;
  }

  /** The extent of each value, by its name. */
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new HashMap<>();
    shapes.put(imageName, image);
    nodes.forEach(
        node ->
            shapes.put(node.name(), node.result(node.inputs().stream().map(shapes::get).toList())));
    return shapes;
  }

  /** Whether anything is dropped in training. */
  public boolean hasDropout() {
    return nodes.stream().anyMatch(DropoutNode.class::isInstance);
  }

  /** The network as it is in inference, where nothing is dropped. */
  public Graph withoutDropout() {
    Map<String, String> renamed = new HashMap<>();
    List<Node> kept = new ArrayList<>();
    for (Node node : nodes) {
      List<String> inputs =
          node.inputs().stream().map(input -> renamed.getOrDefault(input, input)).toList();
      Optional<Node> inInference =
          node instanceof DropoutNode dropout ? dropout.inInference() : Optional.of(node);
      inInference.ifPresentOrElse(
          left -> kept.add(left.reading(inputs)), () -> renamed.put(node.name(), inputs.get(0)));
    }
    return with(kept);
  }

  /**
   * The network with its dropout masks numbered from 0 on among themselves, not among all nodes, so
   * that every backend that samples answers draws the same masks.
   */
  public Graph withNumberedMasks() {
    List<Node> all = new ArrayList<>();
    int next = 0;
    for (Node node : nodes) {
      all.add(node instanceof DropoutNode dropout ? dropout.numbered(next++) : node);
    }
    return with(all);
  }
}
