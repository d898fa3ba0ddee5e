package dev.convoy.worker.optimizer;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * Which layers of a network learn, from when on, and how fast: for a network that begins with the
 * weights of a trained one.
 *
 * @param frozen layers that learn nothing
 * @param frozenUpTo layers that learn nothing, nor does any that they are computed from
 * @param decay the rate of a layer is this share of the rate of the layer behind it, in (0, 1]
 *     ("discriminative fine-tuning": Howard and Ruder, "Universal Language Model Fine-tuning for
 *     Text Classification", 2018)
 * @param unfreezing when the others begin to learn
 */
public record LayerRates(
    LayerNames frozen, LayerNames frozenUpTo, double decay, Unfreezing unfreezing)
    implements Serializable {
  /** All layers learn from the beginning and at the same rate. */
  public static final LayerRates ALIKE =
      new LayerRates(LayerNames.NONE, LayerNames.NONE, 1, Unfreezing.AT_ONCE);

  /**
   * Gradual unfreezing (Howard and Ruder 2018): at first only the last layers learn, and after
   * every so many epochs those in front of them begin to learn as well.
   *
   * @param epochs between two unfreezings; 0 if all layers learn from the beginning
   * @param layers that begin to learn together, at least 1
   */
  public record Unfreezing(int epochs, int layers) implements Serializable {
    /** All layers learn from the beginning. */
    public static final Unfreezing AT_ONCE = new Unfreezing(0, 1);

    /**
     * In which stage, counted from 0, a layer begins to learn.
     *
     * @param layersBehind how many layers with weights there are from it to the network's end
     */
    int stage(int layersBehind) {
      return epochs == 0 ? 0 : layersBehind / layers;
    }

    /** The stage of an epoch, counted from 0. */
    int stageOf(int epoch) {
      return epochs == 0 ? 0 : epoch / epochs;
    }
  }

  /** The names of a network's layers that never learn. */
  public Set<String> frozenLayers(ComputationGraphConfiguration network) {
    Set<String> names = new HashSet<>();
    Deque<String> found = new ArrayDeque<>();
    for (String name : network.getVertices().keySet()) {
      if (frozen.contain(name)) {
        names.add(name);
      }
      if (frozenUpTo.contain(name)) {
        found.add(name);
      }
    }
    Set<String> seen = new HashSet<>(found);
    while (!found.isEmpty()) {
      String name = found.remove();
      names.add(name);
      for (String input : network.getVertexInputs().getOrDefault(name, List.of())) {
        if (network.getVertices().containsKey(input) && seen.add(input)) {
          found.add(input);
        }
      }
    }
    return names;
  }

  /**
   * The layers of a network that no layer that ever learns takes part in, so that nobody needs the
   * gradient of their values. Empty if none is frozen.
   */
  public Set<String> settledLayers(ComputationGraphConfiguration network) {
    Set<String> frozenOnes = frozenLayers(network);
    Set<String> settled = new HashSet<>();
    boolean grows = !frozenOnes.isEmpty();
    while (grows) {
      grows = false;
      for (String name : network.getVertices().keySet()) {
        boolean learns =
            !frozenOnes.contains(name) && network.getVertices().get(name).numParams(true) > 0;
        boolean followsSettledOnes =
            network.getVertexInputs().get(name).stream()
                .allMatch(
                    input -> settled.contains(input) || network.getNetworkInputs().contains(input));
        grows |= !learns && followsSettledOnes && settled.add(name);
      }
    }
    return settled;
  }

  /** The patterns that fit no layer of a network. */
  public List<String> unknown(ComputationGraphConfiguration network) {
    List<String> patterns = new ArrayList<>(frozen.without(network.getVertices().keySet()));
    patterns.addAll(frozenUpTo.without(network.getVertices().keySet()));
    return patterns;
  }
}
