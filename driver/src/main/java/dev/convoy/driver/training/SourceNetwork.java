package dev.convoy.driver.training;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import dev.convoy.data.format.Locations;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ParameterDigest;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.LayerRates;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.training.WorkerSettings;
import dev.convoy.worker.transfer.WeightTransfer;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The trained network that a run takes layers of, to begin with. Driver only.
 *
 * @param file where it was read
 * @param parameters of its layers
 */
record SourceNetwork(String file, ModelArchive.Parameters parameters) {
  private static final String FREEZE = "transfer.freeze and transfer.freeze-up-to";

  /** More layers are not named in a message. */
  private static final int MOST_NAMED = 4;

  /**
   * Reads it.
   *
   * @throws DataException if it cannot be read, or is none
   */
  static SourceNetwork read(RunConfiguration.Transfer transfer) {
    Configuration hadoop = ImageLocations.hadoop();
    try {
      Path path = Locations.path(transfer.model());
      FileSystem files = Locations.fileSystem("the model", path, hadoop);
      boolean isDirectory = files.getFileStatus(path).isDirectory();
      Path file = isDirectory ? new Path(path, RunDirectory.MODEL) : path;
      try (InputStream in = files.open(file)) {
        return new SourceNetwork(file.toString(), ModelArchive.readParameters(in, file.toString()));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(
          Text.of(
              "Cannot read the model to begin with: expected transfer.model to be a model.zip or a"
                  + " run directory that holds one, found %s (%s). Correct it, or transfer.model=null"
                  + " to draw all weights.",
              transfer.model(), e.getMessage()),
          e);
    }
  }

  /** Identifies its parameters. */
  String digest() {
    return ParameterDigest.sha256(parameters.values());
  }

  /**
   * What a run begins with.
   *
   * @param parameters flat
   * @param layers that have its parameters
   * @param description one line for a person
   */
  record Given(float[] parameters, List<String> layers, String description) {}

  /**
   * Gives a run's network its layers.
   *
   * @param transfer what is asked for
   * @param settings of the run
   * @param segments of its network
   * @param drawn its parameters, flat; not changed
   * @throws ConfigurationException if there is none of the layers that are asked for, or one that
   *     is frozen would be drawn
   */
  Given give(
      RunConfiguration.Transfer transfer,
      WorkerSettings settings,
      List<Segment> segments,
      float[] drawn) {
    WeightTransfer given = WeightTransfer.of(parameters, transfer.layers(), segments, drawn);
    String model = settings.model().name();
    List<String> useless = transfer.layers().without(given.taken());
    if (!useless.isEmpty()) {
      Map<String, String> meant = new LinkedHashMap<>(given.drawn());
      meant.keySet().removeIf(layer -> !new LayerNames(useless).contain(layer));
      throw new ConfigurationException(
          "transfer.layers: expected names of layers that %s shares with the network in %s, found"
              + " %s, which gives none: %s. Name others, or another transfer.model.",
          model, file, quoted(useless), meant.isEmpty() ? "no such layer here" : named(meant));
    }
    Set<String> frozen = frozen(settings, segments, given);
    return new Given(
        given.parameters(),
        given.taken(),
        Text.of(
            "transfer: %d of %d layers from %s%s%s",
            given.taken().size(),
            given.taken().size() + given.drawn().size(),
            file,
            given.drawn().isEmpty() ? "" : "; drawn anew: " + named(given.drawn()),
            frozen.isEmpty() ? "" : Text.of("; frozen: %d layers", frozen.size())));
  }

  /** The layers with parameters that never learn, all of which must be among those given. */
  private Set<String> frozen(
      WorkerSettings settings, List<Segment> segments, WeightTransfer given) {
    var begun = Models.configuration(settings.model(), settings.loss(), settings.input());
    String model = settings.model().name();
    LayerRates rates = settings.optimizer().layers();
    List<String> unknown = rates.unknown(begun);
    if (!unknown.isEmpty()) {
      throw new ConfigurationException(
          "%s: expected names of layers of %s, found %s, which fits none. \"convoy models %s"
              + " --layers\" lists them.",
          FREEZE, model, quoted(unknown), model);
    }
    Set<String> frozen = new TreeSet<>(rates.frozenLayers(begun));
    Map<String, String> asDrawn = new TreeMap<>(given.drawn());
    asDrawn.keySet().retainAll(frozen);
    if (!asDrawn.isEmpty()) {
      throw new ConfigurationException(
          "%s: expected layers that come from %s, found some that are drawn: %s. Freeze fewer.",
          FREEZE, file, named(asDrawn));
    }
    if (segments.stream().allMatch(segment -> frozen.contains(segment.layer()))) {
      throw new ConfigurationException(
          "%s: expected at least one layer of %s that learns, found all frozen. Freeze fewer.",
          FREEZE, model);
    }
    frozen.retainAll(given.taken());
    return frozen;
  }

  private static String quoted(List<String> patterns) {
    return patterns.stream().map(one -> '"' + one + '"').collect(Collectors.joining(", "));
  }

  private static String named(Map<String, String> layers) {
    String first =
        layers.entrySet().stream()
            .limit(MOST_NAMED)
            .map(layer -> layer.getKey() + " (" + layer.getValue() + ")")
            .collect(Collectors.joining(", "));
    return layers.size() <= MOST_NAMED
        ? first
        : first + Text.of(" and %d more", layers.size() - MOST_NAMED);
  }
}
