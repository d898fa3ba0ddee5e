package dev.convoy.benchmark.peer;

import dev.convoy.benchmark.Mode;
import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.Workload;
import java.util.List;

/**
 * What a peer is started with: WORKLOAD BATCH MODE WARM-UP-SECONDS.
 *
 * @param task what to do
 * @param warmUpSeconds for how long to do it before saying {@code ready}
 */
public record PeerArguments(Task task, double warmUpSeconds) {
  static PeerArguments parse(String[] arguments) {
    return new PeerArguments(
        new Task(
            Workload.named(arguments[0]), Integer.parseInt(arguments[1]), Mode.named(arguments[2])),
        Double.parseDouble(arguments[3]));
  }

  /** As they stand on a command line. */
  public List<String> words() {
    return List.of(
        task.workload().toString(),
        Integer.toString(task.batch()),
        task.mode().toString(),
        Double.toString(warmUpSeconds));
  }
}
