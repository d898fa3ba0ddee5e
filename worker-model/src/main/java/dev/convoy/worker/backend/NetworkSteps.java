package dev.convoy.worker.backend;

import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.Node;
import dev.convoy.worker.graph.RecomputedSegments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * Adds the steps of a network to a plan: the way forward and, in training, the way back.
 *
 * @param <P> plans
 * @param <T> tensors
 */
public final class NetworkSteps<P, T> {
  private final P plan;
  private final StageKinds.Kind<Node, P, T> kinds;
  private final List<List<Node>> segments;
  private final Map<String, T> values;
  private List<Stage<P, T>> last = List.of();

  /**
   * Adds the way forward.
   *
   * @param recomputes whether the way back computes again what is inside of a segment
   * @param images what goes into the network
   * @param kinds adds the forward steps of a node
   */
  public NetworkSteps(
      P plan, Graph graph, boolean recomputes, T images, StageKinds.Kind<Node, P, T> kinds) {
    this.plan = plan;
    this.kinds = kinds;
    this.segments = recomputes ? RecomputedSegments.of(graph) : List.of(graph.nodes());
    this.values = new HashMap<>(Map.of(graph.imageName(), images));
    for (List<Node> segment : segments) {
      last = forward(segment);
    }
  }

  private List<Stage<P, T>> forward(List<Node> segment) {
    List<Stage<P, T>> stages = new ArrayList<>();
    for (Node node : segment) {
      List<T> inputs = node.inputs().stream().map(values::get).toList();
      Stage<P, T> stage = kinds.add(node, plan, inputs);
      stages.add(stage);
      values.put(node.name(), stage.output());
    }
    return stages;
  }

  /** The result of a node. */
  public T value(String node) {
    return values.get(node);
  }

  /**
   * Adds the way back.
   *
   * @param gradients has those of the losses
   * @param fitted gives a gradient in the form of a result: of the result and the gradient
   */
  public void addBackward(Gradients<T> gradients, BinaryOperator<T> fitted) {
    for (int i = segments.size() - 1; i >= 0; i--) {
      List<Node> segment = segments.get(i);
      if (segment.stream().anyMatch(node -> gradients.areWanted(node.name()))) {
        boolean isLast = i == segments.size() - 1;
        backward(segment, isLast ? last : forward(segment), gradients, fitted);
      }
    }
  }

  private void backward(
      List<Node> segment,
      List<Stage<P, T>> stages,
      Gradients<T> gradients,
      BinaryOperator<T> fitted) {
    for (int i = segment.size() - 1; i >= 0; i--) {
      String name = segment.get(i).name();
      if (gradients.hold(name)) {
        Stage<P, T> stage = stages.get(i);
        stage.backward(plan, fitted.apply(stage.output(), gradients.take(name)), gradients);
      }
    }
  }
}
