package dev.convoy.benchmark.search;

import dev.convoy.benchmark.report.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was measured of the search so far. */
public final class SearchFindings {
  private Methods methods;
  private Parallel parallel;
  private Scheduling scheduling;

  void add(Methods compared) {
    methods = compared;
  }

  void add(Parallel compared) {
    parallel = compared;
  }

  void add(Scheduling measured) {
    scheduling = measured;
  }

  Optional<Methods> methods() {
    return Optional.ofNullable(methods);
  }

  Optional<Parallel> parallel() {
    return Optional.ofNullable(parallel);
  }

  Optional<Scheduling> scheduling() {
    return Optional.ofNullable(scheduling);
  }

  /** Whether nothing was measured. */
  boolean isEmpty() {
    return methods == null && parallel == null && scheduling == null;
  }

  /** What the search is to reach, of what was measured. */
  List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    methods().map(Methods::target).ifPresent(targets::add);
    parallel().map(Parallel::target).ifPresent(targets::add);
    scheduling().map(Scheduling::targets).ifPresent(targets::addAll);
    return targets;
  }
}
