package dev.convoy.driver.cluster;

import com.esotericsoftware.kryo.Kryo;
import com.sun.management.HotSpotDiagnosticMXBean;
import dev.convoy.data.Text;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.accelerator.NativeBackend;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.cuda.device.Gpus;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.natives.InstructionSet;
import dev.convoy.worker.natives.LargePages;
import dev.convoy.worker.onednn.CompiledNetwork;
import dev.convoy.worker.training.EvaluationSums;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import scala.reflect.ClassTag$;

/** What {@code doctor} finds on this machine, each with what to do where it is not right. */
public final class Diagnosis {
  private static final long SMALL_HEAP = 1L << 30;
  private static final String LARGE_HEAP = ", large ones for the heap";
  private static final String SMALL_HEAP_PAGES =
      ", small ones for the heap; -XX:+UseTransparentHugePages asks";

  private Diagnosis() {}

  /** How bad it is. */
  public enum State {
    /** As it should be. */
    RIGHT("ok"),
    /** Works, but not as well as it could. */
    DOUBTFUL("warn"),
    /** Does not work. */
    WRONG("FAIL");

    private final String label;

    State(String label) {
      this.label = label;
    }

    /** What is printed. */
    public String label() {
      return label;
    }
  }

  /**
   * One thing that was looked at.
   *
   * @param subject what
   * @param state how bad it is
   * @param found what is there
   * @param advice what to do; empty if nothing
   */
  public record Finding(String subject, State state, String found, String advice) {
    static Finding of(String subject, boolean right, State otherwise, String found, String advice) {
      return new Finding(subject, right ? State.RIGHT : otherwise, found, right ? "" : advice);
    }
  }

  /** Looks at everything. */
  public static List<Finding> ofThisMachine() {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(modules());
    findings.add(spark());
    findings.add(kryo());
    findings.addAll(backend());
    findings.addAll(acceleration());
    findings.add(precision());
    findings.add(threads());
    findings.add(heap());
    findings.add(nativeMemory());
    findings.add(pages(LargePages.offer(), asksForLargePages()));
    findings.add(new Finding("JPEGs", State.RIGHT, ImageDecoder.jpegLibrary(), ""));
    findings.addAll(GpuDiagnosis.of(Gpus.ofThisMachine()));
    return findings;
  }

  /** A sentence that sums up the findings. */
  public static String verdict(List<Finding> findings) {
    List<String> wrong = subjects(findings, State.WRONG);
    List<String> doubtful = subjects(findings, State.DOUBTFUL);
    if (!wrong.isEmpty()) {
      return "Not ready: "
          + things(wrong)
          + " to mend before Convoy can train here ("
          + String.join(", ", wrong)
          + "). The lines with FAIL say what to do.";
    }
    return "Ready: Convoy can train on this machine"
        + (doubtful.isEmpty()
            ? "."
            : "; "
                + things(doubtful)
                + " could be better ("
                + String.join(", ", doubtful)
                + "): see the lines with warn.");
  }

  private static List<String> subjects(List<Finding> findings, State state) {
    return findings.stream()
        .filter(finding -> finding.state() == state)
        .map(Finding::subject)
        .distinct()
        .toList();
  }

  private static String things(List<String> subjects) {
    return subjects.size() == 1 ? "1 thing" : subjects.size() + " things";
  }

  private static Finding java() {
    int version = Runtime.version().feature();
    return Finding.of(
        "Java",
        version == 17,
        State.DOUBTFUL,
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        "Spark 3.5 supports Java up to 17: set JAVA_HOME to a JDK 17");
  }

  private static Finding modules() {
    boolean open =
        ByteBuffer.class.getModule().isOpen("java.nio", Diagnosis.class.getModule())
            && ByteBuffer.class.getModule().isOpen("sun.nio.ch", Diagnosis.class.getModule());
    return Finding.of(
        "Java for Spark",
        open,
        State.WRONG,
        open ? "Spark may use Java's internals" : "Spark may not use Java's internals",
        "start with submit-scripts/convoy or spark-submit, which pass the --add-opens");
  }

  private static Finding spark() {
    String version = scala.util.Properties.versionNumberString();
    return Finding.of(
        "Spark",
        version.startsWith("2.12"),
        State.WRONG,
        org.apache.spark.package$.MODULE$.SPARK_VERSION() + ", Scala " + version,
        "use a Spark built for Scala 2.12");
  }

  private static Finding kryo() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.kryo.registrationRequired", "true")
            .set("spark.kryo.registrator", KryoClasses.class.getName());
    try {
      EvaluationSums sums = EvaluationSums.of(0.5, 1, new int[3], new int[3]);
      new KryoSerializer(conf)
          .newInstance()
          .serialize(sums, ClassTag$.MODULE$.apply(EvaluationSums.class));
      String where = Kryo.class.getProtectionDomain().getCodeSource().getLocation().getPath();
      boolean shaded = where.contains("shaded");
      return Finding.of(
          "results on the wire",
          shaded,
          State.WRONG,
          "can be sent, with " + lastPart(where),
          "two Kryos on the class path: remove com.esotericsoftware:kryo");
    } catch (RuntimeException e) {
      return new Finding(
          "results on the wire",
          State.WRONG,
          String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          "keep spark.kryo.registrator as Convoy sets it");
    }
  }

  private static String lastPart(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static List<Finding> backend() {
    try {
      NativeBackend backend = NativeBackend.inUse();
      return List.of(
          new Finding("computing library", State.RIGHT, "ND4J, " + backend.name(), ""),
          new Finding(
              "processor", State.RIGHT, "instructions in use: " + InstructionSet.inUse(), ""),
          Finding.of(
              "fast convolutions",
              backend.hasNativeKernels(),
              State.DOUBTFUL,
              backend.kernels(),
              "convolutions are ten times slower without oneDNN: build with -Dnd4j.classifier=… of"
                  + " this platform, one that has -onednn- in its name"));
    } catch (LinkageError | RuntimeException e) {
      return List.of(
          new Finding(
              "computing library",
              State.WRONG,
              String.valueOf(e),
              "build with -Dnative.platform=… and -Dnd4j.classifier=… of this platform"));
    }
  }

  /** What a network of either kind runs on: small ones are built for it. */
  private static List<Finding> acceleration() {
    InputShape input = new InputShape(16, 16, 3, 2);
    List<Finding> findings = new ArrayList<>();
    CompiledNetwork.problem()
        .ifPresent(
            problem ->
                findings.add(
                    new Finding(
                        "fast networks",
                        State.DOUBTFUL,
                        "networks run layer by layer: " + problem,
                        "build with -Ddnnl.platform=… of this machine, if there is one")));
    for (String model : List.of("lenet-5", "resnet-20")) {
      String subject = "fast networks, " + model;
      try (Session network =
          Accelerator.open(
              Job.inference(
                  Models.create(new ComponentSettings(model, Map.of()), input, 0), input, 1),
              Accelerator.Settings.all())) {
        findings.add(new Finding(subject, State.RIGHT, network.description(), ""));
      } catch (LinkageError | RuntimeException e) {
        findings.add(
            new Finding(
                subject,
                State.WRONG,
                String.valueOf(e),
                "put Deeplearning4j 1.0.0-M2.1 on the class path, which the accelerator is for"));
      }
    }
    return findings;
  }

  /** What the processor computes in, by {@code accelerator.precision}. */
  private static Finding precision() {
    boolean halved = CompiledNetwork.available(Precision.BFLOAT16) == Precision.BFLOAT16;
    boolean fast = CompiledNetwork.available(Precision.AUTO) == Precision.BFLOAT16;
    return new Finding(
        "precision on the CPU",
        State.RIGHT,
        halved
            ? "float32 and bfloat16; auto takes " + (fast ? "bfloat16" : "float32, which is faster")
            : "float32; the processor does not multiply bfloat16",
        "");
  }

  private static Finding threads() {
    int cores = Runtime.getRuntime().availableProcessors();
    String omp = System.getenv("OMP_NUM_THREADS");
    int threads = omp == null || !omp.matches("\\d+") ? cores : Integer.parseInt(omp);
    return Finding.of(
        "threads",
        threads <= cores && omp != null,
        State.DOUBTFUL,
        cores
            + " cores; "
            + (omp == null ? "one thread a core" : omp + " thread a worker at first"),
        "export OMP_NUM_THREADS=1, or spark.task.cpus on a cluster: workers set their own, and"
            + " threads beyond the cores wait for each other");
  }

  private static Finding heap() {
    long heap = Runtime.getRuntime().maxMemory();
    return Finding.of(
        "memory of Java",
        heap >= SMALL_HEAP,
        State.DOUBTFUL,
        mebibytes(heap),
        "decoded images beyond data.memory-fraction of it spill to disk: more is faster"
            + " (CONVOY_JAVA_OPTIONS=-Xmx4g, or spark.executor.memory)");
  }

  private static Finding nativeMemory() {
    long limit = org.bytedeco.javacpp.Pointer.maxPhysicalBytes();
    long machine =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean os
            ? os.getTotalMemorySize()
            : 0;
    return Finding.of(
        "memory of networks",
        limit == 0 || limit >= Runtime.getRuntime().maxMemory() + SMALL_HEAP,
        State.DOUBTFUL,
        (limit == 0
                ? "no limit"
                : "at most " + mebibytes(limit) + " (org.bytedeco.javacpp.maxphysicalbytes)")
            + ", this machine has "
            + mebibytes(machine),
        "networks live outside the heap: set the limit to 0.9 x (heap + memoryOverhead), and"
            + " spark.executor.memoryOverhead to some GiB");
  }

  private static boolean asksForLargePages() {
    try {
      HotSpotDiagnosticMXBean java =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return java != null && Boolean.parseBoolean(java.getVMOption("UseLargePages").getValue());
    } catch (IllegalArgumentException e) {
      // Another virtual machine than HotSpot.
      return false;
    }
  }

  /**
   * Networks ask for large pages, and Java for its heap where the launcher or the driver says so;
   * the kernel gives them where its administrator lets it.
   *
   * @param offer what the kernel says
   * @param asked whether this JVM asks
   */
  static Finding pages(LargePages.Offer offer, boolean asked) {
    String found =
        switch (offer.mode()) {
          case NONE -> "this system has no large ones";
          case NEVER ->
              "small; networks and photographs take less time where the kernel gives large ones"
                  + " (/sys/kernel/mm/transparent_hugepage/enabled says madvise)";
          case ON_REQUEST -> pagesOfNetworks(offer) + (asked ? LARGE_HEAP : SMALL_HEAP_PAGES);
          case ALWAYS -> pagesOfNetworks(offer) + LARGE_HEAP;
        };
    return new Finding("pages of memory", State.RIGHT, found, "");
  }

  private static String pagesOfNetworks(LargePages.Offer offer) {
    return offer.isForNetworks()
        ? "large ones for networks"
        : "small ones for networks, which would not fill one of " + mebibytes(offer.bytes());
  }

  private static String mebibytes(long bytes) {
    return Text.of("%,d MiB", bytes >> 20);
  }
}
