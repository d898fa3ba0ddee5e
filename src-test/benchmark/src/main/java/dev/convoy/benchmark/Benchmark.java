package dev.convoy.benchmark;

import dev.convoy.benchmark.averaging.AveragingBenchmark;
import dev.convoy.benchmark.averaging.AveragingOptions;
import dev.convoy.benchmark.compare.Comparison;
import dev.convoy.benchmark.compare.Installation;
import dev.convoy.benchmark.compare.Peer;
import dev.convoy.benchmark.curves.CurvesOptions;
import dev.convoy.benchmark.ensemble.EnsembleBenchmark;
import dev.convoy.benchmark.ensemble.EnsembleOptions;
import dev.convoy.benchmark.parts.Parts;
import dev.convoy.benchmark.pipeline.PipelineBenchmark;
import dev.convoy.benchmark.report.JsonReport;
import dev.convoy.benchmark.report.Machine;
import dev.convoy.benchmark.report.Picture;
import dev.convoy.benchmark.report.Plot;
import dev.convoy.benchmark.report.Results;
import dev.convoy.benchmark.report.Table;
import dev.convoy.benchmark.search.SearchBenchmark;
import dev.convoy.benchmark.search.SearchOptions;
import dev.convoy.benchmark.spark.SparkComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line of the benchmark. */
@Command(
    name = "bench",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    version = "convoy 0.1.0",
    description = {
      "Measures Convoy and its peers in turn, on two threads each. Progress goes to stderr, the"
          + " table to stdout; benchmark.json, benchmark.png and the peers' messages go to the"
          + " output folder.",
      "",
      "compare: Convoy, stock Deeplearning4j, its parameter averaging on Spark, PyTorch and DJL.",
      "networks: Convoy and PyTorch on the networks of the field, each with a batch size of its own,"
          + " and the memory that they take; a quarter of an hour, with --seconds=1 and"
          + " --repetitions=3.",
      "bfloat16: Convoy and PyTorch in bfloat16, on processors that multiply it; ten minutes, with"
          + " --seconds=1 and --repetitions=3.",
      "spark:   convoy train on local[2] against the same network in a loop without Spark.",
      "parts:   optimizer and batches on their own, with JMH.",
      "pipeline: JPEGs decoded, augmented and normalised on one thread, beside torchvision with"
          + " Pillow, by CPU time; leaves pipeline.json.",
      "search:  convoy search: what its methods find on MNIST in the same number of epochs, two"
          + " trials at once, and what scheduling costs; leaves search.json and"
          + " search-methods.png.",
      "ensemble: prediction by an ensemble: several members against one, and the heap while a"
          + " million images are predicted; leaves ensemble.json.",
      "averaging: rounds that train nothing, through the driver and on executors, beside"
          + " Deeplearning4j's parameter averaging, on local-cluster: seconds, and bytes through the"
          + " driver and the busiest executor; leaves averaging.json.",
      "curves:  draws the losses of runs or of a search's trials, pass by pass; leaves curves.png.",
      "means:   the mean and deviation of a search's trials over their seeds, as a table; leaves"
          + " means.png, where they are drawn over the values of one key.",
      "",
      "Compare and spark take about 45 minutes together; search some 15, and with MNIST an hour"
          + " more; ensemble some 10. Figures count only if the machine does nothing else meanwhile.",
      ""
    },
    footer = {
      "",
      "On a machine with more than two cores: taskset -c 0,1 submit-scripts/bench",
      "Exit codes: 0 done, 2 usage, 1 anything else."
    })
public final class Benchmark implements Callable<Integer> {
  private static final int LEAST_IMAGES = 256;
  private static final int USUAL_REPETITIONS = 5;
  private static final int FEWER_REPETITIONS = 3;
  private static final int SPARK_IMAGES = 5120;

  /** Each takes its time; those that are mostly the fastest ways. */
  private static final List<Peer> BESIDE_NETWORKS =
      List.of(Peer.CONVOY, Peer.PYTORCH_1X2, Peer.PYTORCH_1X2_LAST, Peer.PYTORCH_2X1_LAST);

  private static final List<Peer> IN_BFLOAT16 =
      List.of(
          Peer.CONVOY, Peer.CONVOY_BFLOAT16, Peer.PYTORCH_1X2_BFLOAT16, Peer.PYTORCH_2X1_BFLOAT16);

  private static final List<Workload> BFLOAT16_WORKLOADS =
      List.of(
          Workload.RESNET_20,
          Workload.VGG_11,
          Workload.RESNET_18,
          Workload.RESNET_50,
          Workload.DENSENET_121);

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "PART",
      description =
          "compare, networks, bfloat16, spark, parts, pipeline, search, ensemble, averaging, curves or"
              + " means; default: compare and spark")
  private List<String> parts = List.of();

  @Option(
      names = "--workloads",
      split = ",",
      paramLabel = "NAMES",
      converter = WorkloadConverter.class,
      description =
          "lenet-5, resnet-20, vgg-11; default: all; of ensemble: the first two. Of networks:"
              + " resnet-18, resnet-50, vgg-16, densenet-121, alexnet, googlenet, resnet-56,"
              + " wide-resnet-16-4, densenet-bc-100-12; default: all")
  private List<Workload> workloads = List.of();

  @Option(
      names = "--batches",
      split = ",",
      paramLabel = "SIZES",
      description = "images in a batch; default: 64,128")
  private List<Integer> batches = List.of(64, 128);

  @Option(
      names = "--modes",
      split = ",",
      paramLabel = "NAMES",
      converter = ModeConverter.class,
      description = "training, inference; default: both")
  private List<Mode> modes = List.of(Mode.values());

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "NAMES",
      converter = PeerConverter.class,
      description =
          "convoy, convoy-bfloat16, dl4j, dl4j-averaging, pytorch-1x2 (one process, two threads), pytorch-2x1, the"
              + " same with channels last (pytorch-1x2-last, pytorch-2x1-last) and in bfloat16"
              + " (pytorch-1x2-bfloat16, pytorch-2x1-bfloat16), djl; default: all in float32;"
              + " of networks: convoy, pytorch-1x2, pytorch-1x2-last, pytorch-2x1-last")
  private List<Peer> peers = List.of();

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description = "of every measurement; default: 5; of search's and ensemble's: 3")
  private Integer repetitions;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "of every measurement; a peer warms up for 10, or twice as long; default: 2")
  private double seconds = 2;

  @Option(
      names = "--images",
      paramLabel = "N",
      description =
          "JPEGs that spark trains on, and that ensemble predicts; default: 5120; of ensemble: 20000"
              + " for lenet-5, 4000 for the others")
  private Integer images;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "that spark trains, of which the first does not count; default: 5")
  private int epochs = 5;

  @Mixin private SearchOptions search = new SearchOptions();

  @Mixin private EnsembleOptions ensemble = new EnsembleOptions();

  @Mixin private AveragingOptions averaging = new AveragingOptions();

  @Mixin private CurvesOptions curves = new CurvesOptions();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "default: runs/benchmark in the project")
  private Path output;

  private Benchmark() {}

  /** What can be run. */
  enum Part {
    COMPARE,
    NETWORKS,
    BFLOAT16,
    SPARK,
    PARTS,
    PIPELINE,
    SEARCH,
    ENSEMBLE,
    AVERAGING,
    CURVES,
    MEANS
  }

  /** Runs the benchmark and ends the process. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the benchmark; returns the exit code. */
  static int run(String... arguments) {
    CommandLine line = new CommandLine(new Benchmark());
    line.setParameterExceptionHandler(
        (failure, given) -> {
          CommandLine command = failure.getCommandLine();
          command
              .getErr()
              .println(
                  "Cannot understand the command line: "
                      + failure.getMessage()
                      + ". bench --help tells what can be given.");
          return CommandLine.ExitCode.USAGE;
        });
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (failure instanceof BenchmarkException || failure instanceof IOException) {
            command.getErr().println(failure.getMessage());
          } else {
            failure.printStackTrace(command.getErr());
          }
          return CommandLine.ExitCode.SOFTWARE;
        });
    return line.execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    check();
    Set<Part> chosen = chosenParts();
    Installation installation = Installation.find();
    Path directory = output == null ? installation.home().resolve("runs/benchmark") : output;
    Files.createDirectories(directory.resolve("logs"));
    if (chosen.contains(Part.PARTS)) {
      Parts.run(installation, directory, repetitions(USUAL_REPETITIONS), seconds);
    }
    if (chosen.contains(Part.PIPELINE)) {
      new PipelineBenchmark(installation, repetitions(USUAL_REPETITIONS), seconds, directory)
          .run(System.err, System.out);
    }
    if (chosen.contains(Part.SEARCH)) {
      new SearchBenchmark(installation, search, repetitions(FEWER_REPETITIONS), directory)
          .run(System.err, System.out);
    }
    if (chosen.contains(Part.ENSEMBLE)) {
      new EnsembleBenchmark(
              ensemble,
              new EnsembleBenchmark.Settings(
                  workloads,
                  images == null ? OptionalInt.empty() : OptionalInt.of(images),
                  repetitions(FEWER_REPETITIONS)),
              directory)
          .run(System.err, System.out);
    }
    if (chosen.contains(Part.AVERAGING)) {
      new AveragingBenchmark(installation, averaging, repetitions(USUAL_REPETITIONS), directory)
          .run(System.err, System.out);
    }
    if (chosen.contains(Part.CURVES)) {
      curves.draw(directory, System.err);
    }
    if (chosen.contains(Part.MEANS)) {
      curves.average(directory, System.out, System.err);
    }
    measureSpeed(chosen, installation, directory);
    return CommandLine.ExitCode.OK;
  }

  private void measureSpeed(Set<Part> chosen, Installation installation, Path directory)
      throws IOException {
    int times = repetitions(USUAL_REPETITIONS);
    Results results = new Results();
    Comparison.Settings settings =
        new Comparison.Settings(tasks(), peers.isEmpty() ? inFloat32() : peers, times, seconds);
    try {
      if (chosen.contains(Part.NETWORKS)) {
        Comparison.Settings networks =
            new Comparison.Settings(
                tasksOf(Workload.ofTheField()),
                peers.isEmpty() ? BESIDE_NETWORKS : peers,
                times,
                seconds);
        new Comparison(installation, networks, directory.resolve("logs"), System.err).run(results);
      }
      if (chosen.contains(Part.BFLOAT16)) {
        Comparison.Settings halved =
            new Comparison.Settings(
                tasksOf(BFLOAT16_WORKLOADS), peers.isEmpty() ? IN_BFLOAT16 : peers, times, seconds);
        new Comparison(installation, halved, directory.resolve("logs"), System.err).run(results);
      }
      if (chosen.contains(Part.COMPARE)) {
        new Comparison(installation, settings, directory.resolve("logs"), System.err).run(results);
      }
      if (chosen.contains(Part.SPARK)) {
        new SparkComparison(
                installation,
                new SparkComparison.Settings(
                    times,
                    images == null ? SPARK_IMAGES : images,
                    epochs,
                    settings.warmUpSeconds()),
                directory,
                System.err)
            .run(results);
      }
    } finally {
      // What was measured before a failure is worth keeping.
      report(results, directory);
    }
  }

  private int repetitions(int usual) {
    return repetitions == null ? usual : repetitions;
  }

  private void check() {
    require(repetitions == null || repetitions >= 1, "--repetitions", "at least 1", repetitions);
    search.check();
    ensemble.check();
    averaging.check();
    require(seconds > 0 && seconds <= 600, "--seconds", "more than 0 and at most 600", seconds);
    require(epochs >= 2, "--epochs", "at least 2", epochs);
    require(
        images == null || images >= LEAST_IMAGES, "--images", "at least " + LEAST_IMAGES, images);
    for (int batch : batches) {
      require(batch >= 1, "--batches", "at least 1", batch);
    }
  }

  private Set<Part> chosenParts() {
    Set<Part> chosen = EnumSet.noneOf(Part.class);
    for (String name : parts) {
      chosen.add(
          Arrays.stream(Part.values())
              .filter(part -> part.name().toLowerCase(Locale.ROOT).equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "expected compare, networks, bfloat16, spark, parts, pipeline, search, ensemble,"
                              + " averaging, curves or means, found "
                              + name)));
    }
    return chosen.isEmpty() ? EnumSet.of(Part.COMPARE, Part.SPARK) : chosen;
  }

  private void require(boolean condition, String option, String expected, Number found) {
    if (!condition) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '%s': expected %s, found %s"
              .formatted(option, expected, found));
    }
  }

  private List<Task> tasks() {
    List<Task> tasks = new ArrayList<>();
    for (Workload workload : workloads.isEmpty() ? Workload.small() : workloads) {
      for (int batch : batches) {
        for (Mode mode : modes) {
          tasks.add(new Task(workload, batch, mode));
        }
      }
    }
    return tasks;
  }

  private static List<Peer> inFloat32() {
    return Arrays.stream(Peer.values()).filter(peer -> !peer.isBfloat16()).toList();
  }

  /** Some networks, those of the field each with its own batch size. */
  private List<Task> tasksOf(List<Workload> usual) {
    List<Task> tasks = new ArrayList<>();
    for (Workload workload : workloads.isEmpty() ? usual : workloads) {
      for (Mode mode : modes) {
        int batch = workload.isNetworkOfTheField() ? workload.usualBatch() : batches.get(0);
        tasks.add(new Task(workload, batch, mode));
      }
    }
    return tasks;
  }

  private void report(Results results, Path directory) throws IOException {
    if (results.entries().isEmpty() && results.spark().isEmpty()) {
      return;
    }
    JsonReport.write(
        directory.resolve("benchmark.json"),
        Machine.here(),
        repetitions(USUAL_REPETITIONS),
        seconds,
        results);
    if (!results.entries().isEmpty()) {
      Picture.write(directory.resolve("benchmark.png"), () -> Plot.of(results), System.err);
    }
    System.out.print(Table.of(results));
    System.err.println("written to " + directory);
  }

  /** Says what was expected when a name is unknown. */
  private static <T> T convert(String value, Function<String, T> named) {
    try {
      return named.apply(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static final class WorkloadConverter implements ITypeConverter<Workload> {
    @Override
    public Workload convert(String value) {
      return Benchmark.convert(value, Workload::named);
    }
  }

  private static final class ModeConverter implements ITypeConverter<Mode> {
    @Override
    public Mode convert(String value) {
      return Benchmark.convert(value, Mode::named);
    }
  }

  private static final class PeerConverter implements ITypeConverter<Peer> {
    @Override
    public Peer convert(String value) {
      return Benchmark.convert(value, Peer::named);
    }
  }
}
