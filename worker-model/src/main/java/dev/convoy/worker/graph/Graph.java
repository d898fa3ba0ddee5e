package dev.convoy.worker.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network from its images to the values that go into its softmax (the logits). Immutable.
 *
 * @param imageName what the nodes call the images
 * @param image their extent
 * @param nodes in an order in which they can be computed
 * @param heads where it answers; the others than the first take part in training only
 */
public record Graph(String imageName, Shape image, List<Node> nodes, List<Head> heads) {
  /** Copies the lists. */
  public Graph {
    nodes = List.copyOf(nodes);
    heads = List.copyOf(heads);
  }

  /** A network whose last node gives the logits of a cross-entropy. */
  public Graph(String imageName, Shape image, List<Node> nodes) {
    this(imageName, image, nodes, List.of(Head.of(nodes.get(nodes.size() - 1).name())));
  }

  /** The same images through other nodes. */
  Graph with(List<Node> others) {
    return new Graph(imageName, image, others, heads);
  }

  /** The name of the logits that are the network's answer. */
  public String logits() {
    return heads.get(0).logits();
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

  /** The network as it answers: nothing is dropped, and its first head is its only one. */
  public Graph inference() {
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
    return with(kept).withFirstHead();
  }

  /**
   * The network as it answers with values dropped. Its masks are numbered from 0 on among
   * themselves, not among all nodes, so that every backend that samples answers draws the same
   * masks.
   */
  public Graph sampling() {
    List<Node> all = new ArrayList<>();
    int next = 0;
    for (Node node : nodes) {
      all.add(node instanceof DropoutNode dropout ? dropout.numbered(next++) : node);
    }
    return with(all).withFirstHead();
  }

  /** Without the other heads and all that only they need. */
  private Graph withFirstHead() {
    Set<String> needed = new HashSet<>(Set.of(logits()));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (needed.contains(nodes.get(i).name())) {
        needed.addAll(nodes.get(i).inputs());
      }
    }
    List<Node> kept = nodes.stream().filter(node -> needed.contains(node.name())).toList();
    return new Graph(imageName, image, kept, heads.subList(0, 1));
  }
}
