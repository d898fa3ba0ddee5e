package dev.convoy.benchmark.spark;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.Mode;
import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.Workload;
import dev.convoy.benchmark.compare.Application;
import dev.convoy.benchmark.compare.Installation;
import dev.convoy.benchmark.compare.Peer;
import dev.convoy.benchmark.compare.PeerGroup;
import dev.convoy.benchmark.report.Measurement;
import dev.convoy.benchmark.report.Results;
import dev.convoy.data.ImageShape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.io.FileUtils;

/**
 * {@code convoy train} of ResNet-20 on a folder of JPEGs, with random crop, flip and normalisation,
 * on {@code local[2]}; in turn with two replicas that train on images in memory without Spark.
 */
public final class SparkComparison {
  private static final Task TASK = new Task(Workload.RESNET_20, 64, Mode.TRAINING);
  private static final ImageShape SHAPE = new ImageShape(32, 32, 3);
  private static final long LIMIT_MINUTES = 30;

  private final Installation installation;
  private final Settings settings;
  private final Path output;
  private final PrintStream progress;

  /**
   * What to run.
   *
   * @param repetitions of both
   * @param images in the training set
   * @param epochs of a run, at least 2; the first does not count
   * @param warmUpSeconds of the bare loop
   */
  public record Settings(int repetitions, int images, int epochs, double warmUpSeconds) {}

  /**
   * A comparison that is to be run.
   *
   * @param output a directory for images, runs and messages
   */
  public SparkComparison(
      Installation installation, Settings settings, Path output, PrintStream progress) {
    this.installation = installation;
    this.settings = settings;
    this.output = output;
    this.progress = progress;
  }

  /** Runs everything. */
  public void run(Results results) {
    progress.printf("Spark local[2] against a bare loop (%s):%n", TASK);
    List<Double> application = new ArrayList<>();
    List<Double> waiting = new ArrayList<>();
    List<Double> bareLoop = new ArrayList<>();
    try (PeerGroup loop =
        PeerGroup.start(
            Peer.CONVOY, TASK, settings.warmUpSeconds(), installation, output.resolve("logs"))) {
      Path images =
          JpegFolders.draw(output.resolve("jpegs-" + settings.images()), SHAPE, settings.images());
      for (int repetition = 0; repetition < settings.repetitions(); repetition++) {
        RoundMetrics rounds = train(images, repetition);
        application.add(rounds.imagesPerSecond());
        waiting.add(rounds.waitingShare());
        bareLoop.add(loop.run(rounds.seconds()));
        progress.printf(
            Locale.ROOT,
            "  application %.1f images/s, bare loop %.1f images/s%n",
            application.get(repetition),
            bareLoop.get(repetition));
      }
    } catch (IOException e) {
      throw new BenchmarkException("Cannot measure Convoy on Spark: " + e.getMessage(), e);
    }
    results.spark(
        new Results.Spark(
            new Measurement(application),
            new Measurement(bareLoop),
            new Measurement(waiting),
            settings.images(),
            settings.epochs()));
  }

  private RoundMetrics train(Path images, int repetition) throws IOException {
    Path configuration = output.resolve("spark.conf");
    Files.writeString(configuration, Installation.resource("spark.conf"));
    // A directory of its own: a run that is complete would not be repeated.
    Path run = output.resolve("spark-run-" + repetition);
    FileUtils.deleteDirectory(run.toFile());
    new Application(installation, LIMIT_MINUTES)
        .run(
            output.resolve("logs/application.log"),
            List.of(
                "train",
                configuration.toString(),
                Application.override("data.train", images),
                Application.override("output", run),
                "training.epochs=" + settings.epochs()));
    return RoundMetrics.of(Files.readAllLines(run.resolve("metrics.jsonl")));
  }
}
