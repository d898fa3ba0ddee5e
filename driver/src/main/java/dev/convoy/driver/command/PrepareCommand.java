package dev.convoy.driver.command;

import dev.convoy.data.format.ClassNames;
import dev.convoy.data.shard.ShardStatistics;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.Preparation;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.RunConfiguration.Validation;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.DataSplit;
import dev.convoy.driver.training.ImageListings;
import dev.convoy.driver.training.Quarantine;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;

/** {@code convoy prepare}. */
@Command(
    name = "prepare",
    description = "Decode the images once, into shard files that later runs read instead.",
    mixinStandardHelpOptions = true)
final class PrepareCommand extends ConfiguredCommand {
  @Override
  String synopsis() {
    return "convoy prepare CONF output=DIR [key.path=value …]";
  }

  @Override
  int run(RunConfiguration configuration) {
    Progress progress = progress();
    RunConfiguration.Data data = configuration.data();
    try (SparkCluster cluster = SparkCluster.start(configuration, progress)) {
      ListedImages train = ImageListings.list(data, data.train(), Role.TRAIN);
      List<String> labels = train.classNames();
      Preparer preparer = new Preparer(cluster, configuration, labels, progress);
      preparer.prepare(Role.TRAIN, data.train(), train.listing());
      if (data.validation().orElse(null) instanceof Validation.Location location) {
        preparer.prepare(
            Role.VALIDATION,
            location.path(),
            ImageListings.list(data, location.path(), Role.VALIDATION).relabel(labels).listing());
      }
      data.test()
          .ifPresent(
              location ->
                  preparer.prepare(
                      Role.TEST,
                      location,
                      ImageListings.list(data, location, Role.TEST).relabel(labels).listing()));
      System.out.println(configuration.output());
      return ExitCode.DONE;
    }
  }

  private record Preparer(
      SparkCluster cluster,
      RunConfiguration configuration,
      List<String> labels,
      Progress progress) {

    void prepare(Role role, String location, Listing listing) {
      String name = role.folder();
      String directory = configuration.output() + "/" + name;
      try (ShardedImages images =
          ShardedImages.pack(
              cluster,
              configuration,
              role,
              location,
              DataSplit.inOrder(listing, configuration.training().workers()),
              labels.size(),
              progress)) {
        ShardStatistics statistics = images.statistics();
        new Quarantine(configuration.data().quality(), progress).add(role, location, statistics);
        writeLabels(directory);
        Preparation.write(images, directory, labels.size());
        progress.say(
            String.format(
                Locale.ROOT,
                "wrote %,d %s images to %s, left out %d that could not be read",
                statistics.examples(),
                name,
                directory,
                statistics.rejectedLocations().length));
      }
    }

    private void writeLabels(String directory) {
      Path path = new Path(directory, ClassNames.FILE_NAME);
      try {
        FileSystem files = path.getFileSystem(ImageLocations.hadoop());
        try (OutputStream out = files.create(path, true)) {
          ClassNames.write(out, labels);
        }
      } catch (IOException e) {
        throw new ConfigurationException(
            "output = "
                + configuration.output()
                + ": expected a directory that can be written, found: "
                + e.getMessage());
      }
    }
  }
}
