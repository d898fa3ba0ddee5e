package dev.convoy.driver.command;

import dev.convoy.driver.cluster.Diagnosis;
import dev.convoy.driver.cluster.Diagnosis.Finding;
import dev.convoy.driver.cluster.MemoryCheck;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.directory.StandardOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code convoy doctor}. */
@Command(
    name = "doctor",
    customSynopsis = {"convoy doctor", "convoy doctor CONF [key.path=value …]", ""},
    description = {
      "Look at Java, Spark, native kernels, threads, memory and GPUs of this machine, and whether"
          + " the network of an experiment fits into its memory.",
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  /** As many as ImageNet has: the images are not read, and the last layer is a small part. */
  private static final int CLASSES = 1000;

  @Parameters(
      index = "0..*",
      arity = "0..*",
      paramLabel = "CONF key.path=value",
      description = "An experiment's file, then what differs from it.")
  private List<String> arguments = List.of();

  @Override
  public Integer call() {
    List<Finding> findings = new ArrayList<>(Diagnosis.ofThisMachine());
    if (!arguments.isEmpty()) {
      List<String> overrides = arguments.subList(1, arguments.size());
      MemoryCheck.of(ConfigurationReader.read(arguments.get(0), overrides), CLASSES)
          .map(MemoryCheck::finding)
          .ifPresent(findings::add);
    }
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
