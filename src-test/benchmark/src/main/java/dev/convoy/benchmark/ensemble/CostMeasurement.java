package dev.convoy.benchmark.ensemble;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.Workload;
import dev.convoy.benchmark.compare.Comparison;
import dev.convoy.benchmark.ensemble.Cost.Origin;
import dev.convoy.benchmark.peer.Networks;
import dev.convoy.benchmark.report.Measurement;
import dev.convoy.benchmark.spark.JpegFolders;
import dev.convoy.data.ImageShape;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.worker.ensemble.EnsembleArchive;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One network and several of its kind in turn, asked about the same images. */
final class CostMeasurement {
  private final Workload network;
  private final Scale scale;
  private final Path output;
  private final PrintStream progress;

  /**
   * How much is asked.
   *
   * @param images that members are asked about
   * @param members that are compared with one, at least 2
   * @param repetitions of each, behind one that does not count
   */
  record Scale(int images, int members, int repetitions) {}

  /**
   * A measurement that is to be taken.
   *
   * @param output the directory of the benchmark
   */
  CostMeasurement(Workload network, Scale scale, Path output, PrintStream progress) {
    this.network = network;
    this.scale = scale;
    this.output = output;
    this.progress = progress;
  }

  /** Runs everything. */
  List<Cost> run() {
    progress.printf(
        Locale.ROOT,
        "%s, %,d images, one member and %d:%n",
        network,
        scale.images(),
        scale.members());
    ImageShape shape = new ImageShape(network.side(), network.side(), network.channels());
    try {
      Path folder =
          JpegFolders.draw(
              output.resolve(String.format(Locale.ROOT, "jpegs-%s-%d", shape, scale.images())),
              shape,
              scale.images());
      try (PredictionSession session = PredictionSession.start(folder, shape);
          ShardedImages packed = session.pack();
          AskedEnsemble one = session.ask(ensemble(1));
          AskedEnsemble all = session.ask(ensemble(scale.members()))) {
        return compare(session.files(), packed, Map.of(1, one, scale.members(), all));
      }
    } catch (IOException e) {
      throw new BenchmarkException("Cannot measure an ensemble: " + e.getMessage(), e);
    }
  }

  private EnsembleArchive.Ensemble ensemble(int members) throws IOException {
    return UntrainedEnsemble.of(Networks.model(network), Networks.input(network), members);
  }

  private List<Cost> compare(
      Listing files, ShardedImages packed, Map<Integer, AskedEnsemble> asked) {
    Map<Origin, Map<Integer, List<Double>>> seconds = new EnumMap<>(Origin.class);
    for (Origin origin : Origin.values()) {
      seconds.put(origin, Map.of(1, new ArrayList<>(), scale.members(), new ArrayList<>()));
    }
    for (int repetition = -1; repetition < scale.repetitions(); repetition++) {
      boolean warmUp = repetition < 0;
      for (int members : Comparison.inTurn(List.of(1, scale.members()), repetition + 1)) {
        AskedEnsemble ensemble = asked.get(members);
        Path file =
            output.resolve(String.format(Locale.ROOT, "predictions-%s-%d.csv", network, members));
        double fromFiles = seconds(() -> ensemble.predict(files, file));
        double inMemory = seconds(() -> ensemble.predict(packed));
        if (!warmUp) {
          seconds.get(Origin.FILES).get(members).add(fromFiles);
          seconds.get(Origin.MEMORY).get(members).add(inMemory);
        }
        progress.printf(
            Locale.ROOT,
            "  members %d: from files %.2f s, in memory %.2f s%s%n",
            members,
            fromFiles,
            inMemory,
            warmUp ? " (warm-up)" : "");
      }
    }
    List<Cost> costs = new ArrayList<>();
    seconds.forEach(
        (origin, samples) ->
            costs.add(
                new Cost(
                    network,
                    origin,
                    files.size(),
                    scale.members(),
                    new Measurement(samples.get(1)),
                    new Measurement(samples.get(scale.members())))));
    return costs;
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
