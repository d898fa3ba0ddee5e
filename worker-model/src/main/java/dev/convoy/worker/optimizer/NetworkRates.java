package dev.convoy.worker.optimizer;

import dev.convoy.worker.optimizer.Segment.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * What {@link LayerRates} come to in one network. Layers are counted from the network's end by
 * their weights: what follows a layer with weights and has none, such as a normalisation, goes with
 * it.
 */
public final class NetworkRates {
  private final LayerRates rates;
  private final Set<String> frozen;
  private final Map<String, Integer> layersBehind = new HashMap<>();

  /**
   * Counts the layers of a network.
   *
   * @param segments of its parameters
   */
  public NetworkRates(
      LayerRates rates, ComputationGraphConfiguration network, List<Segment> segments) {
    this.rates = rates;
    this.frozen = rates.frozenLayers(network);
    Set<Integer> withWeights = new HashSet<>();
    segments.stream()
        .filter(segment -> segment.kind() == Kind.WEIGHT)
        .forEach(segment -> withWeights.add(segment.depth()));
    for (Segment segment : segments) {
      long upToIt = withWeights.stream().filter(depth -> depth <= segment.depth()).count();
      long behind = withWeights.size() - Math.max(1, upToIt);
      layersBehind.put(segment.layer(), (int) Math.max(0, behind));
    }
  }

  /** How many stages of unfreezing there are, at least 1. */
  int stages() {
    return 1 + layersBehind.values().stream().mapToInt(rates.unfreezing()::stage).max().orElse(0);
  }

  /** In which stage, counted from 0, a segment begins to learn. */
  int stage(Segment segment) {
    return rates.unfreezing().stage(layersBehind.get(segment.layer()));
  }

  /** The last stage that has begun in an epoch, counted from 0. */
  int lastStage(int epoch) {
    return Math.min(rates.unfreezing().stageOf(epoch), stages() - 1);
  }

  /** Whether a segment learns when the stages up to this one have begun. */
  boolean learns(Segment segment, int lastStage) {
    return !frozen.contains(segment.layer()) && stage(segment) <= lastStage;
  }

  /** Whether a segment learns in an epoch, counted from 0. */
  public boolean learnsIn(int epoch, Segment segment) {
    return learns(segment, lastStage(epoch));
  }

  /** The rate of a segment as a share of that of the last layer. */
  double share(Segment segment) {
    return StrictMath.pow(rates.decay(), layersBehind.get(segment.layer()));
  }
}
