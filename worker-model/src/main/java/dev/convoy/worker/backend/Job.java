package dev.convoy.worker.backend;

import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.optimizer.OptimizerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * What a session is opened for.
 *
 * @param network initialised; its configuration says what is computed, its parameters are the first
 *     ones; must outlive the session, and belongs to it alone until that is closed
 * @param input its images and the number of classes
 * @param optimizer the update rule; empty if the network only answers
 * @param threads that compute it where that is the host, at least 1
 * @param refusals why the backends that were asked before cannot compute the network
 */
public record Job(
    ComputationGraph network,
    InputShape input,
    Optional<OptimizerSettings> optimizer,
    int threads,
    List<String> refusals) {
  /** Copies the refusals. */
  public Job {
    refusals = List.copyOf(refusals);
  }

  /** A network that learns. */
  public static Job training(
      ComputationGraph network, InputShape input, OptimizerSettings optimizer, int threads) {
    return new Job(network, input, Optional.of(optimizer), threads, List.of());
  }

  /** A network that only answers. */
  public static Job inference(ComputationGraph network, InputShape input, int threads) {
    return new Job(network, input, Optional.empty(), threads, List.of());
  }

  /** The same for the next backend. */
  public Job refused(Backend by, String reason) {
    List<String> all = new ArrayList<>(refusals);
    all.add("not by " + by.name() + ": " + reason);
    return new Job(network, input, optimizer, threads, all);
  }
}
