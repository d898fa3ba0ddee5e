package dev.convoy.driver.command;

import dev.convoy.data.Text;
import dev.convoy.data.format.ShardManifest.Origin;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Quarantined;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.TableColumns;
import dev.convoy.driver.Version;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.Preparation;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.RunConfiguration.Test;
import dev.convoy.driver.configuration.RunConfiguration.Validation;
import dev.convoy.driver.directory.DirectoryLock;
import dev.convoy.driver.directory.PreparedDirectory;
import dev.convoy.driver.directory.PreparedFolder;
import dev.convoy.driver.directory.StandardOutput;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.DataSplit;
import dev.convoy.driver.training.ImageListings;
import dev.convoy.driver.training.Quarantine;
import dev.convoy.driver.training.TestImages;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;

/** {@code convoy prepare}. */
@Command(
    name = "prepare",
    customSynopsis = {PrepareCommand.SYNOPSIS, ""},
    description = {
      "Decode the images once, into shard files that later runs read instead.",
      "",
      "output=DIR is where they are written. A later run reads them with data.format=shards,"
          + " data.train=DIR/train, and data.test=DIR/test if there are test images."
    },
    mixinStandardHelpOptions = true)
final class PrepareCommand extends ConfiguredCommand {
  static final String SYNOPSIS = "convoy prepare CONF output=DIR [key.path=value …] [--overwrite]";

  @Override
  String synopsis() {
    return SYNOPSIS;
  }

  @Override
  int run(RunConfiguration configuration) {
    configuration.data().requireClasses("prepare");
    Progress progress = progress();
    Configuration hadoop = ImageLocations.hadoop(configuration.spark().settings());
    try (DirectoryLock lock = DirectoryLock.acquire(configuration.output(), hadoop, "prepare");
        PreparedDirectory directory =
            PreparedDirectory.open(configuration.output(), hadoop, lock::checkHeld);
        SparkCluster cluster = SparkCluster.start(configuration, progress)) {
      requireOutside(configuration, directory);
      List<Preparation.Request> requests = requests(configuration, progress);
      Map<Role, Origin> origins = new EnumMap<>(Role.class);
      requests.forEach(request -> origins.put(request.role(), request.origin()));
      directory.claim(origins, configuration.overwrite());
      Interruption.resumable(
          directory.location(),
          progress,
          () -> {
            prepare(cluster, configuration, directory, requests, progress);
            return directory;
          });
      StandardOutput.results().println(configuration.output());
      return ExitCode.DONE;
    }
  }

  /** Everything is listed before anything is written. */
  private static List<Preparation.Request> requests(
      RunConfiguration configuration, Progress progress) {
    RunConfiguration.Data data = configuration.data();
    ListedImages train = ImageListings.list(data, data.train(), Role.TRAIN, progress);
    List<Preparation.Request> requests = new ArrayList<>();
    requests.add(
        request(
            configuration, Role.TRAIN, Role.TRAIN, data.train(), TestImages.without(train, data)));
    if (data.validation().orElse(null) instanceof Validation.Location location) {
      requests.add(
          request(
              configuration,
              Role.VALIDATION,
              Role.VALIDATION,
              location.path(),
              ImageListings.list(data, location.path(), Role.VALIDATION, progress)
                  .relabel(train.classNames())));
    }
    TestImages.list(data, train, progress)
        .map(test -> test.relabel(train.classNames()))
        .ifPresent(
            test ->
                requests.add(
                    request(
                        configuration, Role.TEST, test.role(), test.location(), test.images())));
    return requests;
  }

  private static Preparation.Request request(
      RunConfiguration configuration,
      Role role,
      Role source,
      String location,
      ListedImages listed) {
    int shards = configuration.training().workers();
    RunConfiguration.Data data = configuration.data();
    // What decides the pixels, and which of them a part holds.
    List<Object> settings =
        List.of(
            Version.NUMBER,
            data.format(),
            data.store(),
            data.quality().limits(),
            particulars(data),
            shards,
            listed.classNames());
    return new Preparation.Request(
        role,
        source,
        location,
        DataSplit.inOrder(listed.listing(), shards),
        listed.classNames(),
        new Origin(
            DigestUtils.sha256Hex(settings.toString()),
            Long.toHexString(listed.listing().fingerprint())));
  }

  /** What else decides the pixels of a format. */
  private static Object particulars(RunConfiguration.Data data) {
    if (data.format().equals("synthetic")) {
      return data.synthetic();
    }
    TableColumns columns = data.columns();
    // The text of a record of two, so that what was prepared before there were numbers still fits.
    return columns.equals(TableColumns.USUAL)
        ? ""
        : "TableColumns[image=" + columns.image() + ", label=" + columns.label() + "]";
  }

  /** Images that are prepared already must not be removed to make room for themselves. */
  private static void requireOutside(RunConfiguration configuration, PreparedDirectory directory) {
    RunConfiguration.Data data = configuration.data();
    List<String> locations = new ArrayList<>(List.of(data.train()));
    if (data.test().orElse(null) instanceof Test.Location location) {
      locations.add(location.path());
    }
    if (data.validation().orElse(null) instanceof Validation.Location location) {
      locations.add(location.path());
    }
    for (String location : locations) {
      if (!location.isEmpty() && directory.contains(location)) {
        throw new ConfigurationException(
            "output = %s: expected a directory apart from the images that are read, found them in"
                + " %s. Choose another with output=…",
            configuration.output(), location);
      }
    }
  }

  private static void prepare(
      SparkCluster cluster,
      RunConfiguration configuration,
      PreparedDirectory directory,
      List<Preparation.Request> requests,
      Progress progress) {
    List<Quarantined> all = new ArrayList<>();
    for (Preparation.Request request : requests) {
      PreparedFolder folder = directory.folder(request.role());
      Preparation preparation = Preparation.run(cluster, configuration, request, folder, progress);
      Preparation.Prepared prepared = preparation.prepared();
      all.addAll(prepared.quarantined());
      directory.writeQuarantine(all);
      new Quarantine(configuration.data().quality(), progress)
          .add(request.role(), request.location(), prepared.examples(), prepared.quarantined());
      preparation.complete();
      int leftOut = prepared.quarantined().size();
      String rest =
          Text.of(
              ", left out %,d that could not be read (all in %s/quarantine.jsonl)",
              leftOut, directory.location());
      progress.say(
          Text.of(
              "wrote %,d %s images to %s%s",
              prepared.examples(),
              request.role().folder(),
              folder.location(),
              leftOut == 0 ? "" : rest));
    }
  }
}
