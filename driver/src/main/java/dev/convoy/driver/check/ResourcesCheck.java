package dev.convoy.driver.check;

import dev.convoy.data.Text;
import dev.convoy.driver.cluster.MemoryCheck;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import java.util.Optional;

/** Whether the run fits into memory and into its time. */
final class ResourcesCheck extends Check {
  ResourcesCheck() {
    super(
        "resources",
        "The memory that training takes, planned, and its time, from the steps that were measured"
            + " on all cores of this machine.",
        "the plan of the network's memory (docs/operations.md, \"Sizing\")");
  }

  @Override
  Verdict look(CheckedRun run) {
    RunConfiguration.Training training = run.configuration().training();
    Optional<MemoryCheck> memory = MemoryCheck.of(run.configuration(), run.labels().size());
    double images = (double) run.split().train().size() * training.repeats() * training.epochs();
    double seconds = images * run.firstSteps().secondsPerImage();
    boolean fitsMemory = memory.map(MemoryCheck::fits).orElse(true);
    boolean fitsTime = seconds <= training.maxSeconds();
    String limit =
        Double.isInfinite(training.maxSeconds())
            ? "no limit of time"
            : "at most " + Progress.duration(training.maxSeconds());
    return Verdict.of(
        fitsMemory && fitsTime,
        Text.of(
            "%s for %d epochs on this machine alone; memory: %s",
            Progress.duration(seconds),
            training.epochs(),
            memory.map(MemoryCheck::text).orElse("not known before")),
        "memory that is free, " + limit,
        fitsMemory
            ? "raise training.max-minutes, or lower training.epochs"
            : memory.orElseThrow().advice());
  }
}
