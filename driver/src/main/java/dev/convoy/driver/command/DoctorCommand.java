package dev.convoy.driver.command;

import dev.convoy.driver.cluster.Diagnosis;
import dev.convoy.driver.cluster.Diagnosis.Finding;
import dev.convoy.driver.directory.StandardOutput;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code convoy doctor}. */
@Command(
    name = "doctor",
    description = "Look at Java, Spark, native kernels, threads, memory and GPUs of this machine.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    List<Finding> findings = Diagnosis.ofThisMachine();
    for (Finding finding : findings) {
      StandardOutput.results()
          .printf("%-4s  %-24s %s%n", finding.state().label(), finding.subject(), finding.found());
      if (!finding.advice().isEmpty()) {
        StandardOutput.results().printf("%-30s -> %s%n", "", finding.advice());
      }
    }
    StandardOutput.results().println();
    StandardOutput.results().println(Diagnosis.verdict(findings));
    return findings.stream().anyMatch(finding -> finding.state() == Diagnosis.State.WRONG)
        ? ExitCode.OTHER
        : ExitCode.DONE;
  }
}
