package dev.convoy.benchmark.ensemble;

import dev.convoy.benchmark.report.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What was measured of ensembles so far. */
public final class EnsembleFindings {
  private final List<Cost> costs = new ArrayList<>();
  private Streaming streaming;

  void add(List<Cost> measured) {
    costs.addAll(measured);
  }

  void add(Streaming measured) {
    streaming = measured;
  }

  List<Cost> costs() {
    return Collections.unmodifiableList(costs);
  }

  Optional<Streaming> streaming() {
    return Optional.ofNullable(streaming);
  }

  /** Whether nothing was measured. */
  boolean isEmpty() {
    return costs.isEmpty() && streaming == null;
  }

  /** What ensembles are to reach, of what was measured. */
  List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    costs.stream().map(Cost::target).forEach(targets::add);
    streaming().map(Streaming::target).ifPresent(targets::add);
    return targets;
  }
}
