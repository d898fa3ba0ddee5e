package dev.convoy.benchmark.ensemble;

import com.typesafe.config.ConfigFactory;
import dev.convoy.data.ImageShape;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.DataSplit;
import dev.convoy.driver.training.ImageListings;
import dev.convoy.worker.ensemble.EnsembleArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Spark on {@code local[2]} in this process, and a folder of images. */
final class PredictionSession implements AutoCloseable {
  private static final int SHARDS = 2;

  private final RunConfiguration configuration;
  private final SparkCluster cluster;

  private PredictionSession(RunConfiguration configuration) {
    this.configuration = configuration;
    this.cluster = SparkCluster.start(configuration, Progress.none());
  }

  /** Starts Spark, with the settings of {@code convoy predict}. */
  static PredictionSession start(Path folder, ImageShape shape) {
    WrittenConfiguration written =
        new WrittenConfiguration(
                ConfigFactory.parseMap(
                    Map.of("name", "benchmark", "data.train", folder.toAbsolutePath().toString())),
                List.of())
            .with(
                List.of(
                    "data.format=image-folder",
                    "model.name=linear", // takes images of any size; it is not used
                    String.format(
                        Locale.ROOT,
                        "data.image={height=%d, width=%d, channels=%d}",
                        shape.height(),
                        shape.width(),
                        shape.channels()),
                    String.format(Locale.ROOT, "spark.master=\"local[%d]\"", SHARDS)));
    return new PredictionSession(ConfigurationReader.of(written));
  }

  /** The folder's files as {@code convoy predict} lists them, of no class. */
  Listing files() throws IOException {
    return ImageSources.unlabelled(
            ImageLocations.settings(configuration.data(), Role.TRAIN, configuration.data().train()),
            ImageLocations.hadoop())
        .list()
        .listing();
  }

  /** The folder's images decoded, in two shards on the executors; to be closed. */
  ShardedImages pack() {
    String location = configuration.data().train();
    ListedImages listed =
        ImageListings.list(configuration.data(), location, Role.TRAIN, Progress.none());
    return ShardedImages.pack(
        cluster,
        configuration,
        Role.TRAIN,
        location,
        DataSplit.inOrder(listed.listing(), SHARDS),
        listed.classNames().size(),
        Progress.none());
  }

  /** Brings an ensemble to the executors; to be closed. */
  AskedEnsemble ask(EnsembleArchive.Ensemble ensemble) {
    return new AskedEnsemble(cluster, configuration, ensemble);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
