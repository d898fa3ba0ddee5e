package dev.convoy.benchmark.ensemble;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.ImagePrediction;
import dev.convoy.driver.cluster.MemberPrediction;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.OutputFile;
import dev.convoy.driver.ensemble.PredictionFile;
import dev.convoy.driver.ensemble.predictions.PredictionTable;
import dev.convoy.driver.report.Progress;
import dev.convoy.worker.ensemble.EnsembleArchive;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.SparkFiles;

/** An ensemble whose networks are on the executors, asked as the application asks. */
final class AskedEnsemble implements AutoCloseable {
  private final SparkCluster cluster;
  private final RunConfiguration configuration;
  private final EnsembleArchive.Ensemble ensemble;
  private final MemberPrediction members;

  AskedEnsemble(
      SparkCluster cluster, RunConfiguration configuration, EnsembleArchive.Ensemble ensemble) {
    this.cluster = cluster;
    this.configuration = configuration;
    this.ensemble = ensemble;
    this.members =
        new MemberPrediction(
            cluster,
            configuration,
            ensemble.predictionModels(),
            ensemble.card().labels().size(),
            cluster.threadsPerWorker(cluster.slots()));
  }

  /** Writes a line about every file, as {@code convoy predict} does. */
  void predict(Listing files, Path output) {
    OutputFile.at(output.toAbsolutePath().toString(), "output", ImageLocations.hadoop())
        .write(
            out -> {
              Writer writer =
                  new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
              PredictionFile lines = lines(writer);
              predict(files, lines);
              writer.flush();
              requireAll(files.size(), lines.predicted());
            });
  }

  /** Lines about images. */
  PredictionFile lines(Writer out) throws IOException {
    return new PredictionFile(ensemble.card(), PredictionFile.Format.CSV, out);
  }

  /** Tells what every file is taken for, in the order of the listing. */
  void predict(Listing files, ImagePrediction.Sink sink) {
    ImagePrediction.predict(cluster, configuration, members, files, Progress.none(), sink);
  }

  /** Keeps what members say of images in memory, as {@code convoy evaluate} does. */
  void predict(ShardedImages images) {
    int answers = ensemble.predictionModels().answers();
    int classes = ensemble.card().labels().size();
    long[] asked = new long[1];
    try (PredictionTable table =
        new PredictionTable(
            images.listings(), answers, classes, Path.of(SparkFiles.getRootDirectory()))) {
      members.predict(
          images.view(),
          Progress.none(),
          "",
          (id, probabilities, offset) -> {
            for (int answer = 0; answer < answers; answer++) {
              table.put(id, answer, probabilities, offset + answer * classes);
            }
            asked[0]++;
          });
    }
    requireAll(images.statistics().examples(), asked[0]);
  }

  private static void requireAll(long expected, long found) {
    if (found != expected) {
      throw new BenchmarkException(
          String.format(
              Locale.ROOT,
              "Cannot measure an ensemble: expected answers about %,d images, found %,d",
              expected,
              found));
    }
  }

  @Override
  public void close() {
    members.close();
  }
}
