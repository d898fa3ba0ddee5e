package dev.convoy.worker.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins nodes that pass over the same values: each pass over memory that is saved is time saved.
 * Results change by rounding at most.
 */
public final class Fusion {
  private final boolean training;
  private final Map<String, Integer> uses;

  /** Nodes by the name of their result, in an order in which they can be computed. */
  private final LinkedHashMap<String, Node> fused = new LinkedHashMap<>();

  private Fusion(Graph graph, boolean training) {
    this.training = training;
    this.uses = graph.uses();
    graph.nodes().forEach(this::append);
  }

  /** Joins what can be joined where the network learns; the last result keeps its name. */
  public static Graph forTraining(Graph graph) {
    return graph.with(List.copyOf(new Fusion(graph, true).fused.values()));
  }

  /** Joins what can be joined where the network only answers; the last result keeps its name. */
  public static Graph forInference(Graph graph) {
    return graph.with(List.copyOf(new Fusion(graph, false).fused.values()));
  }

  private void append(Node node) {
    if (node instanceof ActivationNode function) {
      append(function);
    } else if (node instanceof PoolingNode pooling) {
      append(pooling);
    } else if (!training && node instanceof ConvolutionNode convolution) {
      put(FoldedConvolutionNode.of(convolution));
    } else if (!training && node instanceof BatchNormalizationNode normalization) {
      append(normalization);
    } else if (!training && node instanceof SumNode sum) {
      append(sum);
    } else {
      put(node);
    }
  }

  private void put(Node node) {
    fused.put(node.name(), node);
  }

  /** A node that nobody but the reader of its result uses; null if there is none. */
  private Node onlyUsedHere(String value) {
    return uses.get(value) == 1 ? fused.get(value) : null;
  }

  /** Puts a node in the place of another. */
  private void replace(String old, Node node) {
    List<Node> all = new ArrayList<>(fused.values());
    fused.clear();
    for (Node each : all) {
      put(each.name().equals(old) ? node : each);
    }
  }

  /**
   * A function goes into the node before it; in training only if its derivative is told from the
   * result, since the argument is gone then.
   */
  private void append(ActivationNode function) {
    String input = function.inputs().get(0);
    Node before = onlyUsedHere(input);
    boolean joins =
        before instanceof Node.Activated activated
            && activated.activation().isNone()
            && !(training && function.activation().isDerivedFromArgument())
            && (!activated.appliesReluAlone() || function.activation().equals(Activation.RELU));
    if (joins) {
      replace(input, ((Node.Activated) before).activated(function.name(), function.activation()));
    } else {
      put(function);
    }
  }

  /**
   * In training, the largest value is taken before the function, if that never decreases: the same
   * result, and the derivative of the function is taken of fewer values.
   */
  private void append(PoolingNode pooling) {
    String input = pooling.inputs().get(0);
    if (training
        && pooling.isMaximum()
        && onlyUsedHere(input) instanceof Node.Activated activated
        && !activated.activation().isNone()
        && activated.activation().isNondecreasing()
        && !activated.appliesReluAlone()) {
      String unpooled = input + " without function";
      Activation activation = activated.activation();
      replace(input, activated.activated(unpooled, Activation.NONE));
      String pooled = pooling.name() + " without function";
      put(pooling.named(pooled).reading(List.of(unpooled)));
      put(new ActivationNode(pooling.name(), List.of(pooled), activation));
    } else {
      put(pooling);
    }
  }

  /** In inference, a normalisation goes into the convolution before it. */
  private void append(BatchNormalizationNode normalization) {
    String input = normalization.inputs().get(0);
    if (onlyUsedHere(input) instanceof FoldedConvolutionNode folded
        && folded.normalization().isEmpty()
        && folded.addend().isEmpty()
        && folded.activation().isNone()) {
      replace(input, folded.normalized(normalization));
    } else {
      put(normalization);
    }
  }

  /** In inference, a sum of two goes into the convolution that is computed last of them. */
  private void append(SumNode sum) {
    if (sum.inputs().size() == 2 && sum.activation().isNone()) {
      List<String> order = new ArrayList<>(fused.keySet());
      String first = sum.inputs().get(0);
      String second = sum.inputs().get(1);
      boolean secondIsLast = order.indexOf(second) > order.indexOf(first);
      String last = secondIsLast ? second : first;
      String other = secondIsLast ? first : second;
      if (onlyUsedHere(last) instanceof FoldedConvolutionNode folded
          && folded.addend().isEmpty()
          && folded.activation().isNone()) {
        replace(last, folded.plus(sum.name(), other));
        return;
      }
    }
    put(sum);
  }
}
