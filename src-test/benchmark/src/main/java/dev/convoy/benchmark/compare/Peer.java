package dev.convoy.benchmark.compare;

import dev.convoy.benchmark.Labels;
import dev.convoy.benchmark.Mode;
import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.Workload;
import dev.convoy.benchmark.peer.ConvoyPeer;
import dev.convoy.benchmark.peer.DjlPeer;
import dev.convoy.benchmark.peer.PeerArguments;
import dev.convoy.benchmark.peer.StockAveragingPeer;
import dev.convoy.benchmark.peer.StockPeer;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.onednn.CompiledNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.launcher.JavaModuleOptions;

/** Who is compared. Each uses two threads in all. */
public enum Peer {
  /** Convoy: two replicas with one thread each, as an executor with two cores runs them. */
  CONVOY("convoy", 1, 1),
  /** The same in bfloat16. */
  CONVOY_BFLOAT16("convoy-bfloat16", 1, 1),
  /** Deeplearning4j's {@code ComputationGraph.fit}, one network, two threads. */
  DL4J("dl4j", 1, 2),
  /** Deeplearning4j's parameter averaging on Spark, two workers. */
  DL4J_AVERAGING("dl4j-averaging", 1, 1),
  /** PyTorch in one process with two threads. */
  PYTORCH_1X2("pytorch-1x2", 1, 2),
  /** PyTorch in two processes with one thread each; their throughputs are added. */
  PYTORCH_2X1("pytorch-2x1", 2, 1),
  /** PyTorch in one process with two threads, images and weights with their channels last. */
  PYTORCH_1X2_LAST("pytorch-1x2-last", 1, 2),
  /** PyTorch in two processes with one thread each, the same. */
  PYTORCH_2X1_LAST("pytorch-2x1-last", 2, 1),
  /** PyTorch in one process, channels last: training by autocast to bfloat16, inference in it. */
  PYTORCH_1X2_BFLOAT16("pytorch-1x2-bfloat16", 1, 2),
  /** PyTorch in two processes with one thread each, the same. */
  PYTORCH_2X1_BFLOAT16("pytorch-2x1-bfloat16", 2, 1),
  /** DJL with PyTorch, two threads. */
  DJL("djl", 1, 2);

  private static final int LEAST_BATCH = 64;

  private final String label;
  private final int processes;
  private final int threads;

  Peer(String label, int processes, int threads) {
    this.label = label;
    this.processes = processes;
    this.threads = threads;
  }

  /**
   * The peer of a name.
   *
   * @throws IllegalArgumentException naming the known ones, if there is none
   */
  public static Peer named(String name) {
    return Labels.find(values(), name);
  }

  /** Whether it is one of the ways to run PyTorch of which the best one counts. */
  public boolean isPyTorch() {
    return label.startsWith("pytorch") && !isBfloat16();
  }

  /** Whether it is one of the ways to run PyTorch in bfloat16 of which the best one counts. */
  public boolean isPyTorchInBfloat16() {
    return label.startsWith("pytorch") && isBfloat16();
  }

  /** Whether it computes in bfloat16, else in single precision. */
  public boolean isBfloat16() {
    return label.endsWith("bfloat16");
  }

  private boolean isConvoy() {
    return this == CONVOY || this == CONVOY_BFLOAT16;
  }

  /** How many processes run at once. */
  int processes() {
    return processes;
  }

  /**
   * Whether it takes part in a task. The networks of the field are Convoy's and PyTorch's alone.
   * Stock parameter averaging makes some ten images a second and is measured in training with the
   * smaller batch alone.
   */
  public boolean takesPartIn(Task task) {
    if (task.workload().isNetworkOfTheField()) {
      return isConvoy() || label.startsWith("pytorch");
    }
    return this != DL4J_AVERAGING
        || (task.mode() == Mode.TRAINING
            && task.batch() <= LEAST_BATCH
            && task.workload() != Workload.VGG_11);
  }

  /** Why it cannot be measured on this machine; empty if it can. */
  public Optional<String> missing(Installation installation) {
    if (isBfloat16() && CompiledNetwork.available(Precision.BFLOAT16) != Precision.BFLOAT16) {
      return Optional.of("this processor does not multiply bfloat16");
    }
    return label.startsWith("pytorch") && installation.python().isEmpty()
        ? Optional.of(
            "no python with torch found (Debian: apt-get install python3-torch"
                + " libopenblas0-pthread; CONVOY_PYTHON names another python)")
        : Optional.empty();
  }

  /** The command of one of its processes. */
  List<String> command(Installation installation, PeerArguments arguments) {
    return switch (this) {
      case CONVOY -> java(installation, ConvoyPeer.class, arguments);
      case CONVOY_BFLOAT16 ->
          java(
              installation,
              ConvoyPeer.class,
              arguments,
              "-D" + ConvoyPeer.PRECISION + "=" + Precision.BFLOAT16);
      case DL4J -> java(installation, StockPeer.class, arguments);
      case DL4J_AVERAGING -> java(installation, StockAveragingPeer.class, arguments);
      case PYTORCH_1X2,
              PYTORCH_2X1,
              PYTORCH_1X2_LAST,
              PYTORCH_2X1_LAST,
              PYTORCH_1X2_BFLOAT16,
              PYTORCH_2X1_BFLOAT16 ->
          python(installation, arguments);
      case DJL -> djl(installation, arguments);
    };
  }

  /** How many OpenMP and BLAS threads each process has. */
  int threads() {
    return threads;
  }

  private String layout() {
    if (isBfloat16()) {
      return "bfloat16";
    }
    return label.endsWith("last") ? "channels-last" : "channels-first";
  }

  private static List<String> java(
      Installation installation, Class<?> main, PeerArguments arguments, String... options) {
    List<String> command = new ArrayList<>();
    command.add(installation.java());
    command.addAll(List.of(options));
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().strip().split("\\s+")));
    command.add("-XX:+UseParallelGC");
    // As submit-scripts/convoy starts the application: the heap in large pages where the system has
    // them, and networks outside of it.
    command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UseTransparentHugePages"));
    command.add("-Dorg.bytedeco.javacpp.maxbytes=0");
    command.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    command.addAll(List.of("-cp", installation.classPath("lib"), main.getName()));
    command.addAll(arguments.words());
    return command;
  }

  private List<String> djl(Installation installation, PeerArguments arguments) {
    List<String> command = new ArrayList<>();
    command.add(installation.java());
    command.add("-XX:+UseParallelGC");
    command.add("-Dai.djl.offline=true");
    command.add("-DDJL_CACHE_DIR=" + installation.jars().resolve("djl-cache"));
    command.add("-Dai.djl.pytorch.num_threads=" + threads);
    command.add("-Dai.djl.pytorch.num_interop_threads=1");
    command.addAll(List.of("-cp", installation.classPath("djl"), DjlPeer.class.getName()));
    command.addAll(arguments.words());
    return command;
  }

  private List<String> python(Installation installation, PeerArguments arguments) {
    List<String> command = new ArrayList<>();
    command.add(installation.python().orElseThrow());
    command.addAll(List.of("-c", Installation.resource("pytorch.py")));
    command.addAll(arguments.words());
    command.add(Integer.toString(threads));
    command.add(layout());
    return command;
  }

  @Override
  public String toString() {
    return label;
  }
}
