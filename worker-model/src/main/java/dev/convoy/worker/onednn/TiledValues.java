package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.ActivationNode;
import dev.convoy.worker.graph.BatchNormalizationNode;
import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.FoldedConvolutionNode;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.Node;
import dev.convoy.worker.graph.Shape;
import dev.convoy.worker.graph.SumNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which values of a network stay in tiles: those on the way from one {@link TiledConvolution} to
 * the next, where nothing lies between but what treats all pixels of a channel alike.
 */
final class TiledValues {
  private final Plan plan;
  private final List<Node> nodes;
  private final Map<String, Shape> shapes;

  private TiledValues(Graph graph, Plan plan) {
    this.plan = plan;
    this.nodes = graph.nodes();
    this.shapes = graph.shapes();
  }

  /** The names of the values. */
  static Set<String> of(Graph graph, Plan plan) {
    TiledValues values = new TiledValues(graph, plan);
    return values.made(values.wanted());
  }

  /** Whether it makes no difference to a node whether its images are in tiles. */
  static boolean takesEitherForm(Node node) {
    return node instanceof ActivationNode
        || node instanceof BatchNormalizationNode
        || node instanceof SumNode;
  }

  /** Whether a node is a convolution of tiles, which takes images in either form. */
  static boolean isOfTiles(Node node, Plan plan) {
    return node instanceof ConvolutionNode convolution
        ? TiledConvolution.pays(convolution, plan)
        : node instanceof FoldedConvolutionNode folded
            && TiledConvolution.pays(folded.convolution(), plan);
  }

  /** What is read in tiles in the end. */
  private Set<String> wanted() {
    Set<String> wanted = new HashSet<>();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      if (isOfTiles(node, plan)) {
        wanted.add(node.inputs().get(0));
      }
      if (takesEitherForm(node) && wanted.contains(node.name())) {
        wanted.addAll(node.inputs());
      }
    }
    return wanted;
  }

  /** What of it comes from a convolution of tiles. */
  private Set<String> made(Set<String> wanted) {
    Set<String> made = new HashSet<>();
    for (Node node : nodes) {
      boolean comesInTiles =
          isOfTiles(node, plan)
              || (takesEitherForm(node) && node.inputs().stream().anyMatch(made::contains));
      if (comesInTiles && wanted.contains(node.name()) && isWhole(shapes.get(node.name()))) {
        made.add(node.name());
      }
    }
    return made;
  }

  private static boolean isWhole(Shape shape) {
    return TileGrid.isWhole(shape.channels(), shape.height(), shape.width());
  }
}
