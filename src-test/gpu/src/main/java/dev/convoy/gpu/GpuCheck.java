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
    precisions,
    memory,
    speed,
    cifar,
    summary
  }

  private static final int WRONG = 1;

  /** Behind {@link CommandLine.ExitCode#USAGE} and the limit's. */
  private static final int FAILED = 4;

  private static final int STOPPED = 3;

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
      defaultValue = "BFLOAT16,TF32,FLOAT32",
      description = "default: ${DEFAULT-VALUE}")
  private List<Precision> precisions;

  @Option(
      names = "--networks",
      split = ",",
      description = "names; default: of gradients all, of others resnet-20")
  private List<String> networks = new ArrayList<>();

  @Option(names = "--report", description = "name of the results; default: the part's")
  private String name;

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
  private int status;

  /**
   * Runs a part, which exits with 0 if all was right, with 1 if an answer was not, with 4 if
   * something could not be done, and with 3 if it was stopped.
   */
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
    report =
        new Report(
            out.resolve("convoy-" + (name == null ? part.name() : name) + ".json"), System.out);
    limit();
    guarded(
        part.name(),
        () -> {
          switch (part) {
            case found -> found();
            case gradients -> onMachine(this::gradients);
            case precisions -> onMachine(this::precisions);
            case memory -> onMachine(this::memory);
            case speed -> onMachine(this::speed);
            case cifar -> onMachine(this::cifar);
            case summary -> Summary.of(out).print(report);
          }
        });
    report.put("complete", true);
    return status;
  }

  private void limit() {
    new Timer("limit", true)
        .schedule(
            new TimerTask() {
              @Override
              public void run() {
                report.put("stopped", "after " + limitSeconds + " seconds");
                report.line("Stopped after %d seconds.", limitSeconds);
                Runtime.getRuntime().halt(STOPPED);
              }
            },
            limitSeconds * 1000L);
  }

  /** Writes down what goes wrong, and goes on. */
  private void guarded(String what, Work work) {
    try {
      work.run();
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      status = FAILED;
      Failure failure = Failure.of(what, e);
      report.remarks("firstStep").forEach((key, value) -> report.line("%s: %s", key, value));
      report.add(failure);
      report.line("%s: %s", what, failure.trace().strip());
    }
  }

  private void judge(boolean right) {
    if (!right && status != FAILED) {
      status = WRONG;
    }
  }

  private void found() throws IOException {
    CheckedGpu.Found found = CheckedGpu.Found.on(CheckedGpu.gpus(simulated));
    report.add(found);
    found.cards().forEach(card -> report.line("%s", card));
    report.line("libraries: %s", found.versions());
    report.line("precisions: %s", found.precisions());
    List<String> mapped = MappedLibraries.paths();
    report.put("mapped", mapped);
    mapped.forEach(path -> report.line("loaded: %s", path));
    if (!found.problem().isEmpty()) {
      status = FAILED;
      report.line("problem: %s", found.problem());
    }
  }

  private interface OnMachine {
    void run(CheckedGpu machine) throws Exception;
  }

  private void onMachine(OnMachine work) throws Exception {
    CheckedGpu machine = CheckedGpu.open(CheckedGpu.gpus(simulated));
    report.put("machine", machine.kind());
    report.line("%s", machine.kind());
    work.run(machine);
    report.put("mapped", MappedLibraries.paths());
  }

  private void gradients(CheckedGpu machine) throws IOException {
    report.line("%s", GradientCheck.HEADER);
    for (Path folder : cases()) {
      for (Precision precision : precisions) {
        guarded(folder.getFileName() + " " + precision, () -> gradient(machine, folder, precision));
      }
    }
  }

  /** Of the small networks, those that are asked for, in that order. */
  private List<Path> cases() throws IOException {
    Path folder = data.resolve("cases");
    return networks.isEmpty() ? folders(folder) : networks.stream().map(folder::resolve).toList();
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
    GradientCheck.Entry entry =
        GradientCheck.of(
            machine,
            ReferenceCase.read(folder),
            precision,
            first -> report.put("firstStepIn" + precision, first.toString()));
    judge(GradientVerdict.isRight(entry.verdict()));
    report.add(entry);
    report.line("%s", entry.line());
  }

  /** One of those to measure with, or of the small ones. */
  private SavedNetwork network(String name) throws IOException {
    Path folder = data.resolve("networks").resolve(name);
    return SavedNetwork.read(Files.exists(folder) ? folder : data.resolve("cases").resolve(name));
  }

  private SavedNetwork first() throws IOException {
    return network(networks.isEmpty() ? "resnet-20" : networks.get(0));
  }

  private void precisions(CheckedGpu machine) throws Exception {
    PrecisionCheck check = new PrecisionCheck(machine, first(), batch);
    for (Precision precision : precisions) {
      if (precision != Precision.FLOAT32 && machine.has(precision)) {
        guarded(
            "gradient in " + precision,
            () -> {
              PrecisionCheck.Entry entry = check.of(precision);
              report.add(entry);
              report.line("%s", entry.line());
            });
      }
    }
  }

  private void memory(CheckedGpu machine) throws Exception {
    OutOfMemoryCheck.Entry entry = OutOfMemoryCheck.of(machine, first(), precisions.get(0), batch);
    judge(GradientVerdict.isRight(entry.verdict()));
    report.add(entry);
    report.line(
        "%s %s, batch %d: '%s' Next session: loss %.4f; bytes lost: %d; %s",
        entry.network(),
        entry.precision(),
        batch,
        entry.message(),
        entry.lossAfterwards(),
        entry.lostBytes(),
        entry.verdict());
  }

  private void speed(CheckedGpu machine) throws IOException {
    SavedNetwork network = first();
    report.line("%s", Speed.HEADER);
    for (Precision precision : precisions) {
      if (machine.has(precision)) {
        guarded(network.name() + " " + precision, () -> speed(machine, network, precision));
      }
    }
  }

  private void speed(CheckedGpu machine, SavedNetwork network, Precision precision)
      throws Exception {
    Speed.Entry entry = Speed.of(machine, network, precision, batch, sampleSeconds);
    judge(GradientVerdict.isRight(entry.verdict()));
    report.add(entry);
    report.line("%s", entry.line());
  }

  private void cifar(CheckedGpu machine) throws IOException {
    long start = System.nanoTime();
    SavedNetwork network = first();
    try (CifarTraining training = new CifarTraining(network, images)) {
      report.put("images", training.images());
      report.line(
          "%s images decoded in %.1f s", training.images(), (System.nanoTime() - start) / 1e9);
      for (Precision precision : precisions) {
        // Twice: the parameters' digests have to be the same.
        for (int time = 0; time < 2 && machine.has(precision); time++) {
          guarded(network.name() + " " + precision, () -> train(machine, training, precision));
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
