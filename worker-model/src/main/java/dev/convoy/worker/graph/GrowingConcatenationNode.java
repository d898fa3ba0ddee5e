package dev.convoy.worker.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A concatenation of a chain in which each one puts more channels behind those of the one before,
 * as the layers of a dense block do. What is joined already need not be copied: the results of a
 * chain are the first channels of the last one.
 *
 * @param inputs the first is the result of the concatenation before, if there is one
 * @param isFirst whether the chain begins here
 * @param room channels of the last result of the chain
 */
public record GrowingConcatenationNode(String name, List<String> inputs, boolean isFirst, long room)
    implements Node {

  /** Finds the chains of a network; those of vectors and on their own stay as they are. */
  public static Graph joinChains(Graph graph) {
    Map<String, ConcatenationNode> known = new HashMap<>();
    Map<String, ConcatenationNode> next = new HashMap<>();
    Map<String, String> chains = new HashMap<>(); // to the name of the chain's first
    Map<String, Shape> shapes = graph.shapes();
    for (Node node : graph.nodes()) {
      if (node instanceof ConcatenationNode concatenation && !shapes.get(node.name()).isVector()) {
        String before = concatenation.inputs().get(0);
        // Where two go on from the same one, the second has a chain of its own.
        if (known.containsKey(before) && next.putIfAbsent(before, concatenation) == null) {
          chains.put(node.name(), chains.get(before));
        } else {
          chains.put(node.name(), node.name());
        }
        known.put(node.name(), concatenation);
      }
    }
    Map<String, Long> rooms = new HashMap<>();
    chains.forEach((name, first) -> rooms.merge(first, shapes.get(name).channels(), Math::max));
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      String first = chains.get(node.name());
      boolean isChained = first != null && next.containsKey(first);
      nodes.add(
          isChained
              ? new GrowingConcatenationNode(
                  node.name(), node.inputs(), node.name().equals(first), rooms.get(first))
              : node);
    }
    return graph.with(nodes);
  }

  @Override
  public GrowingConcatenationNode reading(List<String> others) {
    return new GrowingConcatenationNode(name, others, isFirst, room);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return new ConcatenationNode(name, inputs).result(arguments);
  }
}
