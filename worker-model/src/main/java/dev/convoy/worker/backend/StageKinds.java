package dev.convoy.worker.backend;

import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.Node;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which stage computes which kind of node on a backend.
 *
 * @param <P> its plans
 * @param <T> its tensors
 */
public final class StageKinds<P, T> {
  private final String backend;
  private final Map<Class<? extends Node>, Kind<?, P, T>> kinds = new HashMap<>();

  /** None yet, of a backend that errors call by this name. */
  public StageKinds(String backend) {
    this.backend = backend;
  }

  /**
   * Adds a node's forward steps to a plan.
   *
   * @param <N> nodes
   * @param <P> plans
   * @param <T> tensors
   */
  @FunctionalInterface
  public interface Kind<N extends Node, P, T> {
    /** Adds them. */
    Stage<P, T> add(N node, P plan, List<T> inputs);
  }

  /** The same kinds with another one. */
  public <N extends Node> StageKinds<P, T> with(Class<N> type, Kind<N, P, T> kind) {
    kinds.put(type, kind);
    return this;
  }

  /**
   * Makes sure that every node can be computed.
   *
   * @throws UnsupportedNetworkException naming the first that cannot
   */
  public void requireKnown(Graph graph) throws UnsupportedNetworkException {
    for (Node node : graph.nodes()) {
      if (!kinds.containsKey(node.getClass())) {
        throw new UnsupportedNetworkException(
            backend
                + " has no stage for "
                + node.name()
                + ", a "
                + node.getClass().getSimpleName());
      }
    }
  }

  /** Adds the forward steps of a node, which is known. */
  public Stage<P, T> add(Node node, P plan, List<T> inputs) {
    return add(kinds.get(node.getClass()), node, plan, inputs);
  }

  @SuppressWarnings("unchecked") // with() pairs each class with a kind of it
  private static <N extends Node, P, T> Stage<P, T> add(
      Kind<N, P, T> kind, Node node, P plan, List<T> inputs) {
    return kind.add((N) node, plan, inputs);
  }
}
