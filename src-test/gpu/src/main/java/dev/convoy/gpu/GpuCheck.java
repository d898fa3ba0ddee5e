package dev.convoy.gpu;

import dev.convoy.worker.backend.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Checks and measures the GPU of this machine, one part a process: what a part has found is in its
 * file after every entry, whatever happens to the rest.
 */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Checks and measures the GPU of this machine.")
public final class GpuCheck implements Callable<Integer> {
  /** What can be asked for. */
  enum Part {
    found,
    gradients,
    speed,
    cifar,
    summary
  }

  /** A network in a precision, or a run. */
  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  @Parameters(index = "0", description = "one of ${COMPLETION-CANDIDATES}")
  private Part part;

  @Option(names = "--data", required = true, description = "the folder that was prepared")
  private Path data;

  @Option(names = "--out", required = true, description = "the folder for results")
  private Path out;

  @Option(names = "--simulated", description = "on a simulated GPU, to rehearse")
  private boolean simulated;

  @Option(
      names = "--precisions",
      split = ",",
      defaultValue = "FLOAT32,TF32,BFLOAT16",
      description = "default: ${DEFAULT-VALUE}")
  private List<Precision> precisions;

  @Option(names = "--networks", split = ",", description = "of gradients: all; of speed: one")
  private List<String> networks = new ArrayList<>();

  @Option(names = "--batch", defaultValue = "128", description = "default: ${DEFAULT-VALUE}")
  private int batch;

  @Option(
      names = "--sample-seconds",
      defaultValue = "0.3",
      description = "how long a sample of speed takes; default: ${DEFAULT-VALUE}")
  private double sampleSeconds;

  @Option(names = "--images", description = "of cifar: the folder with train and test")
  private Path images;

  @Option(names = "--epochs", defaultValue = "12", description = "default: ${DEFAULT-VALUE}")
  private int epochs;

  @Option(
      names = "--limit",
      defaultValue = "500",
      description = "after so many seconds the process ends; default: ${DEFAULT-VALUE}")
  private int limitSeconds;

  private Report report;
  private boolean failed;

  /** Runs a part, which exits with 0 if all was right, and 1 if something was not. */
  public static void main(String[] arguments) {
    int status =
        new CommandLine(new GpuCheck())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments);
    // Threads of libraries do not keep the process.
    System.exit(status);
  }

  @Override
  public Integer call() throws IOException {
    report = new Report(out.resolve("convoy-" + name() + ".json"), System.out);
    limit();
    guarded(
        part.name(),
        () -> {
          switch (part) {
            case found -> found();
            case gradients -> onMachine(this::gradients);
            case speed -> onMachine(this::speed);
            case cifar -> onMachine(this::cifar);
            case summary -> Summary.of(out).print(report);
          }
        });
    report.put("complete", true);
    return failed ? 1 : 0;
  }

  private String name() {
    return part == Part.speed ? part + "-" + String.join("-", networks) + "-" + batch : part.name();
  }

  private void limit() {
    new Timer("limit", true)
        .schedule(
            new TimerTask() {
              @Override
              public void run() {
                report.put("stopped", "after " + limitSeconds + " seconds");
                report.line("Stopped after %d seconds.", limitSeconds);
                Runtime.getRuntime().halt(3);
              }
            },
            limitSeconds * 1000L);
  }

  /** Writes down what goes wrong, and goes on. */
  private void guarded(String what, Work work) {
    try {
      work.run();
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      failed = true;
      report.add(Failure.of(what, e));
      report.line("%s: %s", what, e);
    }
  }

  private void found() {
    CheckedGpu.Found found = CheckedGpu.Found.on(CheckedGpu.gpus(simulated));
    report.add(found);
    found.cards().forEach(card -> report.line("%s", card));
    report.line("libraries: %s", found.versions());
    report.line("precisions: %s", found.precisions());
    if (!found.problem().isEmpty()) {
      failed = true;
      report.line("problem: %s", found.problem());
    }
  }

  private interface OnMachine {
    void run(CheckedGpu machine) throws Exception;
  }

  private void onMachine(OnMachine work) throws Exception {
    try (CheckedGpu machine = CheckedGpu.open(CheckedGpu.gpus(simulated))) {
      report.put("machine", machine.kind());
      report.line("%s", machine.kind());
      work.run(machine);
    }
  }

  private void gradients(CheckedGpu machine) throws IOException {
    report.line(
        "%-20s %-8s %9s %9s %9s %10s %5s %6s %6s  %s",
        "network", "", "largest", "CPU's", "1-cosine", "loss", "steps", "params", "s", "verdict");
    for (Path folder : folders(data.resolve("cases"))) {
      String name = folder.getFileName().toString();
      if (networks.isEmpty() || networks.contains(name)) {
        for (Precision precision : precisions) {
          guarded(name + " " + precision, () -> gradient(machine, folder, precision));
        }
      }
    }
  }

  private static List<Path> folders(Path parent) throws IOException {
    try (Stream<Path> paths = Files.list(parent)) {
      return paths.sorted().toList();
    }
  }

  private void gradient(CheckedGpu machine, Path folder, Precision precision) throws Exception {
    if (!machine.has(precision)) {
      report.line("%-20s %-8s the card has it not", folder.getFileName(), precision);
      return;
    }
    GradientCheck.Entry entry = GradientCheck.of(machine, ReferenceCase.read(folder), precision);
    failed |= !entry.verdict().equals("right");
    report.add(entry);
    report.line(
        "%-20s %-8s %9.1e %9.1e %9.1e %10.6f %5s %6s %6.2f  %s",
        entry.network(),
        precision,
        entry.fromFormulas().largest(),
        entry.cpuFromFormulas(),
        1 - entry.fromFormulas().cosine(),
        entry.loss(),
        entry.sameStep() ? "same" : "other",
        entry.sameParameters() ? "same" : "other",
        entry.seconds(),
        entry.verdict());
  }

  /** One of those to measure with, or of the small ones. */
  private SavedNetwork network(String name) throws IOException {
    Path folder = data.resolve("networks").resolve(name);
    return SavedNetwork.read(Files.exists(folder) ? folder : data.resolve("cases").resolve(name));
  }

  private void speed(CheckedGpu machine) throws IOException {
    SavedNetwork network = network(networks.get(0));
    report.line(
        "%-10s %-8s %6s %12s %12s %8s %10s",
        "images/s", "", "batch", "training", "inference", "MB", "to start/s");
    for (Precision precision : precisions) {
      if (machine.has(precision)) {
        guarded(network.name() + " " + precision, () -> speed(machine, network, precision));
      }
    }
  }

  private void speed(CheckedGpu machine, SavedNetwork network, Precision precision)
      throws Exception {
    Speed.Entry entry = Speed.of(machine, network, precision, batch, sampleSeconds);
    report.add(entry);
    report.line(
        "%-10s %-8s %6d %,12.0f %,12.0f %,8d %10.1f",
        entry.network(),
        precision,
        entry.batch(),
        entry.training(),
        entry.inference(),
        entry.takenBytes() >> 20,
        entry.firstStepsSeconds());
  }

  private void cifar(CheckedGpu machine) throws IOException {
    long start = System.nanoTime();
    String name = networks.isEmpty() ? "resnet-20" : networks.get(0);
    try (CifarTraining training = new CifarTraining(network(name), images)) {
      report.put("images", training.images());
      report.line(
          "%s images decoded in %.1f s", training.images(), (System.nanoTime() - start) / 1e9);
      for (Precision precision : precisions) {
        // Twice: the parameters' digests have to be the same.
        for (int time = 0; time < 2 && machine.has(precision); time++) {
          guarded(name + " " + precision, () -> train(machine, training, precision));
        }
      }
    }
  }

  private void train(CheckedGpu machine, CifarTraining training, Precision precision)
      throws Exception {
    CifarTraining.Entry entry = training.train(machine, precision, epochs, batch);
    report.add(entry);
    report.line(
        "%-8s %d epochs: accuracy %.4f, %.1f s of training (%.1f of them waiting for batches),"
            + " %.1f s in all, parameters %s",
        precision,
        epochs,
        entry.accuracy(),
        entry.trainingSeconds(),
        entry.waitedSeconds(),
        entry.seconds(),
        entry.parameters().substring(0, 16));
  }
}
