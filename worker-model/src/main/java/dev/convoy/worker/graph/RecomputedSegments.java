package dev.convoy.worker.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the way forward is cut so that training keeps only what goes from one segment into the
 * next, and computes the rest again when the gradients come back (Chen, Xu, Zhang and Guestrin,
 * "Training deep nets with sublinear memory cost", 2016; of dense blocks: Pleiss et al.,
 * "Memory-efficient implementation of DenseNets", 2017).
 *
 * <p>A cut is where one value alone goes on, as between residual blocks. Which cuts are taken
 * follows from the extents of the values: the segments are those for which what is kept and the
 * largest segment are smallest together.
 */
public final class RecomputedSegments {
  /** Segments are tried from the largest block to the whole network, in so many steps. */
  private static final int TRIALS = 64;

  private RecomputedSegments() {}

  /** Neighbouring nodes, of which only the last one's result is read by others. */
  private record Block(List<Node> nodes, long inner, long kept) {
    Block and(Block next) {
      List<Node> both = new ArrayList<>(nodes);
      both.addAll(next.nodes);
      return new Block(both, inner + kept + next.inner, next.kept);
    }

    long values() {
      return inner + kept;
    }
  }

  /** The nodes of a graph in their order, one list a segment. */
  public static List<List<Node>> of(Graph graph) {
    List<Block> blocks = blocks(graph);
    double least = blocks.stream().mapToLong(Block::values).max().orElseThrow();
    double most = blocks.stream().mapToLong(Block::values).sum();
    List<Block> best = blocks;
    for (int trial = 0; trial <= TRIALS; trial++) {
      double limit = least * Math.pow(most / least, trial / (double) TRIALS);
      List<Block> joined = joined(blocks, limit);
      if (cost(joined) < cost(best)) {
        best = joined;
      }
    }
    return best.stream().map(Block::nodes).toList();
  }

  /** How many values are kept, and how many the largest segment has beside. */
  private static long cost(List<Block> segments) {
    return segments.stream().mapToLong(Block::kept).sum()
        + segments.stream().mapToLong(Block::inner).max().orElseThrow();
  }

  private static List<Block> joined(List<Block> blocks, double limit) {
    List<Block> joined = new ArrayList<>();
    for (Block block : blocks) {
      int last = joined.size() - 1;
      if (last >= 0 && joined.get(last).values() + block.values() <= limit) {
        joined.set(last, joined.get(last).and(block));
      } else {
        joined.add(block);
      }
    }
    return joined;
  }

  private static List<Block> blocks(Graph graph) {
    Map<String, Shape> shapes = graph.shapes();
    Map<String, Integer> lastUse = lastUses(graph);
    List<Block> blocks = new ArrayList<>();
    List<Node> block = new ArrayList<>();
    Set<String> alive = new HashSet<>();
    long inner = 0;
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      int now = i;
      block.add(node);
      alive.add(node.name());
      alive.removeIf(value -> lastUse.getOrDefault(value, -1) <= now);
      long own = ownValues(node, shapes);
      if (alive.isEmpty() || alive.equals(Set.of(node.name()))) {
        blocks.add(new Block(block, inner, own));
        block = new ArrayList<>();
        inner = 0;
      } else {
        inner += own;
      }
    }
    return blocks;
  }

  /** The first channels of a concatenation that grows are there already. */
  private static long ownValues(Node node, Map<String, Shape> shapes) {
    long values = shapes.get(node.name()).values();
    return node instanceof GrowingConcatenationNode growing && !growing.isFirst()
        ? values - shapes.get(growing.inputs().get(0)).values()
        : values;
  }

  /** The number of the last node that reads a value; the images are there all the time. */
  private static Map<String, Integer> lastUses(Graph graph) {
    Map<String, Integer> lastUse = new HashMap<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      for (String input : graph.nodes().get(i).inputs()) {
        lastUse.put(input, i);
      }
    }
    return lastUse;
  }
}
