package dev.convoy.benchmark.pipeline;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.compare.Installation;
import dev.convoy.benchmark.compare.PeerProcess;
import dev.convoy.benchmark.peer.PipelinePeer;
import dev.convoy.benchmark.report.Json;
import dev.convoy.benchmark.report.Machine;
import dev.convoy.benchmark.report.Measurement;
import dev.convoy.benchmark.report.Table;
import dev.convoy.benchmark.report.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the input pipeline beside torchvision with Pillow: JPEGs in memory are decoded, changed
 * and normalised, on one thread each and by CPU time.
 */
public final class PipelineBenchmark {
  private static final int SMALL_PICTURES = 1000;
  private static final int PHOTOGRAPHS = 64;
  private static final int PIXELS_OF_A_SMALL_PICTURE = 1 << 12;

  private final Installation installation;
  private final int repetitions;
  private final double seconds;
  private final Path output;

  /** Images per second of CPU time, and how many times as fast Convoy is. */
  private record Finding(PipelineTask task, Measurement convoy, Measurement torchvision) {
    double ratio() {
      return convoy.median() / torchvision.median();
    }

    Target target() {
      return new Target(task + ": Convoy / torchvision", task.target(), true, ratio());
    }
  }

  /**
   * A measurement that is to be taken.
   *
   * @param seconds of each repetition
   * @param output a directory for pictures, messages and the report
   */
  public PipelineBenchmark(
      Installation installation, int repetitions, double seconds, Path output) {
    this.installation = installation;
    this.repetitions = repetitions;
    this.seconds = seconds;
    this.output = output;
  }

  /**
   * Measures every task.
   *
   * @param progress what is being done
   * @param table what came of it
   * @throws BenchmarkException if there is no torchvision, or a peer ends
   * @throws IOException if pictures or the report cannot be written
   */
  public void run(PrintStream progress, PrintStream table) throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (PipelineTask task : PipelineTask.values()) {
      progress.println(task + ":");
      Finding finding = measure(task);
      progress.println("  convoy      " + finding.convoy() + " images/s of CPU time");
      progress.println("  torchvision " + finding.torchvision() + " images/s of CPU time");
      findings.add(finding);
    }
    List<Target> targets = findings.stream().map(Finding::target).toList();
    Json.write(output.resolve("pipeline.json"), json(findings, targets));
    table.print(Table.columns(rows(findings)) + "\n" + Table.columns(Table.targets(targets)));
    progress.println("written to " + output);
  }

  private Finding measure(PipelineTask task) throws IOException {
    boolean isSmall = task.picture().planeSize() <= PIXELS_OF_A_SMALL_PICTURE;
    Path pictures =
        PipelinePictures.draw(
            output.resolve("pictures-" + task.picture()),
            task.picture(),
            isSmall ? SMALL_PICTURES : PHOTOGRAPHS);
    double warmUp = 2 * seconds;
    List<String> java = convoy(installation, installation.classPath("lib"), task, warmUp, pictures);
    List<String> python = torchvision(installation, task, warmUp, pictures);
    List<Double> convoy = new ArrayList<>();
    List<Double> torchvision = new ArrayList<>();
    try (PeerProcess own = start("convoy", task, java);
        PeerProcess peer = start("torchvision", task, python)) {
      own.ready();
      peer.ready();
      for (int i = 0; i < repetitions; i++) {
        own.run(seconds);
        convoy.add(own.ran().imagesPerSecond());
        peer.run(seconds);
        torchvision.add(peer.ran().imagesPerSecond());
      }
    }
    return new Finding(task, new Measurement(convoy), new Measurement(torchvision));
  }

  private PeerProcess start(String name, PipelineTask task, List<String> command) {
    return PeerProcess.start(
        name, command, 1, output.resolve("logs").resolve(name + "-" + task + ".log"));
  }

  /** What starts Convoy's pipeline as a peer, from classes on a class path. */
  static List<String> convoy(
      Installation installation,
      String classPath,
      PipelineTask task,
      double warmUpSeconds,
      Path pictures) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(installation.java(), "-XX:+UseSerialGC", "-Xmx512m"));
    // As executors have it; a Java that is not for Linux does not know it.
    command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UseTransparentHugePages"));
    command.addAll(List.of("-cp", classPath, PipelinePeer.class.getName()));
    command.addAll(words(task, warmUpSeconds, pictures));
    return command;
  }

  /**
   * What starts torchvision as a peer.
   *
   * @throws BenchmarkException if there is no python with torch
   */
  static List<String> torchvision(
      Installation installation, PipelineTask task, double warmUpSeconds, Path pictures) {
    String python =
        installation
            .python()
            .orElseThrow(
                () ->
                    new BenchmarkException(
                        "Cannot measure the pipeline: expected a python with torch and torchvision"
                            + " (Debian: apt-get install python3-torchvision; CONVOY_PYTHON names"
                            + " another python), found none with torch."));
    List<String> command = new ArrayList<>();
    command.addAll(List.of(python, "-c", Installation.resource("torchvision.py")));
    command.addAll(words(task, warmUpSeconds, pictures));
    return command;
  }

  private static List<String> words(PipelineTask task, double warmUpSeconds, Path pictures) {
    return List.of(task.toString(), Double.toString(warmUpSeconds), pictures.toString());
  }

  private static List<List<String>> rows(List<Finding> findings) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("pipeline, images/s of one thread's CPU time", "convoy", "torchvision", "ratio"));
    for (Finding finding : findings) {
      rows.add(
          List.of(
              finding.task().toString(),
              Table.number(finding.convoy().median(), 0),
              Table.number(finding.torchvision().median(), 0),
              Table.number(finding.ratio(), 2)));
    }
    return rows;
  }

  private static ObjectNode json(List<Finding> findings, List<Target> targets) {
    ObjectNode report = Json.report(Machine.here());
    ArrayNode tasks = report.putArray("pipeline");
    for (Finding finding : findings) {
      ObjectNode node = tasks.addObject().put("task", finding.task().toString());
      Json.put(node, "convoy-images-per-second", finding.convoy());
      Json.put(node, "torchvision-images-per-second", finding.torchvision());
      node.put("ratio", finding.ratio());
    }
    Json.putTargets(report, targets);
    return report;
  }
}
