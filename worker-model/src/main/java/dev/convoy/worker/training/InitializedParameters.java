package dev.convoy.worker.training;

import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.worker.datainitialization.DataInitialization;
import dev.convoy.worker.datainitialization.DataInitializations;
import dev.convoy.worker.datainitialization.DataInitializer;
import dev.convoy.worker.layers.BatchArrays;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.initialization.Initialization;
import dev.convoy.worker.optimizer.HostVector;
import dev.convoy.worker.optimizer.Segment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The parameters that a network begins with where its first batch decides them. A plain class,
 * because it crosses the wire; its arrays belong to the receiver.
 */
public final class InitializedParameters {
  private final float[] parameters;
  private final String[] left;

  private InitializedParameters(float[] parameters, String[] left) {
    this.parameters = parameters;
    this.left = left;
  }

  /**
   * Initialises a network on a batch.
   *
   * @param settings which network and how; not off
   * @param parameters as they were drawn or given, flat; not changed
   * @param kept names of layers that stay as they are, which are those of another network
   */
  public static InitializedParameters of(
      WorkerSettings settings,
      Batch batch,
      Normalization normalization,
      float[] parameters,
      List<String> kept) {
    DataInitialization how = DataInitializations.FAMILY.create(settings.dataInitialization());
    Set<String> stay = Set.copyOf(kept);
    ComputationGraph network = begun(settings, how, parameters, stay);
    NativeOpsHolder.getInstance()
        .getDeviceNativeOps()
        .setOmpNumThreads(settings.batches().threads());
    Map<String, String> left =
        DataInitializer.initialize(
            how,
            network,
            BatchArrays.images(batch.images(normalization), 0, batch.size(), settings.input()),
            stay);
    return new InitializedParameters(
        HostVector.copy(network.params()),
        left.entrySet().stream()
            .map(layer -> layer.getKey() + " " + layer.getValue())
            .toArray(String[]::new));
  }

  /** The network, frozen where the run's is, with what it begins with before it sees the batch. */
  private static ComputationGraph begun(
      WorkerSettings settings, DataInitialization how, float[] parameters, Set<String> kept) {
    ComputationGraph network = settings.undrawn();
    float[] begun = how.start().map(start -> drawn(settings, start)).orElse(parameters);
    if (how.start().isPresent()) {
      for (Segment segment : Segment.of(network)) {
        if (kept.contains(segment.layer())) {
          int from = Math.toIntExact(segment.offset());
          System.arraycopy(parameters, from, begun, from, Math.toIntExact(segment.length()));
        }
      }
    }
    HostVector.set(network.params(), begun);
    return network;
  }

  private static float[] drawn(WorkerSettings settings, Initialization start) {
    return HostVector.copy(
        Models.create(
                settings.model(),
                settings.loss(),
                settings.input(),
                KeyedRandom.key(settings.seed(), Purpose.INITIALIZATION),
                start)
            .params());
  }

  /** Flat. */
  public float[] parameters() {
    return parameters;
  }

  /** Of layers that are left as they were, in whole or in part: the name and the reason. */
  public List<String> left() {
    return List.of(left);
  }
}
