package dev.convoy.worker.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network layer by layer, as it is written: what it computes, with what, and how far it sees.
 *
 * @param layers in the order in which they are computed
 */
public record LayerTable(List<Layer> layers) {
  /** Copies the list. */
  public LayerTable {
    layers = List.copyOf(layers);
  }

  /**
   * A layer, with its function.
   *
   * @param name in the network
   * @param output the extent of its result
   * @param work of an example
   * @param field rows and columns that a value depends on
   */
  public record Layer(String name, Shape output, Work work, Field field) {
    /** Bytes of an example's result in float32. */
    public long bytes() {
      return output.values() * Float.BYTES;
    }
  }

  /**
   * The receptive field of a value: 1 + Σ (kernel - 1) · dilation · the strides before it, along
   * the longest path, which may reach beyond the image; of vectors, all of the image.
   *
   * @param height rows
   * @param width columns
   */
  public record Field(long height, long width) {}

  /** How far values see, and how far neighbours lie apart, by axis. */
  private record Sight(long[] field, long[] pitch) {
    Sight through(Window window) {
      long[] wider = new long[2];
      long[] coarser = new long[2];
      for (int axis = 0; axis < 2; axis++) {
        wider[axis] =
            field[axis] + (window.kernel()[axis] - 1) * window.dilation()[axis] * pitch[axis];
        coarser[axis] = pitch[axis] * window.stride()[axis];
      }
      return new Sight(wider, coarser);
    }

    Sight and(Sight other) {
      long[] widest = new long[2];
      long[] coarsest = new long[2];
      for (int axis = 0; axis < 2; axis++) {
        widest[axis] = Math.max(field[axis], other.field[axis]);
        coarsest[axis] = Math.max(pitch[axis], other.pitch[axis]);
      }
      return new Sight(widest, coarsest);
    }
  }

  /**
   * Reads a network's layers; what only drops values, or only takes part in training, is left out.
   */
  public static LayerTable of(Graph network) {
    Graph graph = network.inference();
    Map<String, Shape> shapes = graph.shapes();
    Map<String, Sight> sights = new HashMap<>();
    sights.put(graph.imageName(), new Sight(new long[] {1, 1}, new long[] {1, 1}));
    List<Layer> layers = new ArrayList<>();
    Work pending = Work.NONE;
    for (Node node : graph.nodes()) {
      Sight before = node.inputs().stream().map(sights::get).reduce(Sight::and).orElseThrow();
      Sight sight =
          shapes.get(node.name()).isVector()
              ? new Sight(graph.image().plane(), before.pitch())
              : node.windowOverImages().map(before::through).orElse(before);
      sights.put(node.name(), sight);
      pending = pending.plus(node.work(node.inputs().stream().map(shapes::get).toList()));
      if (!isCompletedByNext(graph, node)) {
        layers.add(
            new Layer(
                node.name(),
                shapes.get(node.name()),
                pending,
                new Field(sight.field()[0], sight.field()[1])));
        pending = Work.NONE;
      }
    }
    return new LayerTable(layers);
  }

  /** Whether the node is the inner part of a layer whose function is a node of its own. */
  private static boolean isCompletedByNext(Graph graph, Node node) {
    int next = graph.nodes().indexOf(node) + 1;
    return next < graph.nodes().size()
        && graph.nodes().get(next) instanceof ActivationNode function
        && function.inputs().get(0).equals(node.name())
        && node.name().equals(Reading.inner(function.name()));
  }

  /** Everything together. */
  public Work work() {
    return layers.stream().map(Layer::work).reduce(Work.NONE, Work::plus);
  }

  /** Bytes of all results of an example in float32. */
  public long bytes() {
    return layers.stream().mapToLong(Layer::bytes).sum();
  }
}
