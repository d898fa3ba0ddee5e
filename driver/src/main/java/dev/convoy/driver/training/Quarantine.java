package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.convoy.data.DataException;
import dev.convoy.data.shard.ShardStatistics;
import dev.convoy.data.source.Role;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The images that could not be read. Driver only. */
public final class Quarantine {
  private static final int MENTIONED = 3;

  private final RunConfiguration.ImageQuality quality;
  private final Progress progress;
  private final List<JsonNode> images = new ArrayList<>();

  /** An empty quarantine. */
  public Quarantine(RunConfiguration.ImageQuality quality, Progress progress) {
    this.quality = quality;
    this.progress = progress;
  }

  /**
   * Takes in what packed shards rejected.
   *
   * @param purpose what the images are for, whatever they were split off from
   * @param location where they come from
   * @throws DataException if none of them could be read, or if some could not and the configuration
   *     says to fail
   */
  public void add(Role purpose, String location, ShardStatistics statistics) {
    String[] locations = statistics.rejectedLocations();
    String[] reasons = statistics.rejectedReasons();
    if (statistics.examples() == 0) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot use the %s images: expected at least one that can be read, found none, in %s%s."
                  + " Mend the images, or name others with data.%s.",
              adjective(purpose),
              location,
              locations.length == 0 ? "" : "; unreadable are " + firstFew(locations, reasons),
              purpose.folder()));
    }
    if (locations.length == 0) {
      return;
    }
    if (quality.failOnBadImage()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read %,d %s images: expected none that are bad, found %s. Mend or remove them,"
                  + " or set data.on-bad-image=quarantine.",
              locations.length,
              adjective(purpose),
              firstFew(locations, reasons)));
    }
    for (int i = 0; i < locations.length; i++) {
      images.add(
          JsonNodeFactory.instance
              .objectNode()
              .put("path", locations[i])
              .put("reason", reasons[i]));
    }
    progress.say(
        String.format(
            Locale.ROOT,
            "quarantined %,d %s images: %s",
            locations.length,
            adjective(purpose),
            firstFew(locations, reasons)));
  }

  private static String adjective(Role purpose) {
    return purpose == Role.TRAIN ? "training" : purpose.folder();
  }

  private static String firstFew(String[] locations, String[] reasons) {
    int mentioned = Math.min(MENTIONED, locations.length);
    String named =
        IntStream.range(0, mentioned)
            .mapToObj(i -> locations[i] + " (" + reasons[i] + ")")
            .collect(Collectors.joining(", "));
    int more = locations.length - mentioned;
    return more == 0 ? named : String.format(Locale.ROOT, "%s and %,d more", named, more);
  }

  /** All of them, one JSON object with path and reason each. */
  public List<JsonNode> images() {
    return List.copyOf(images);
  }

  /** A few words for a message about missing images; empty if none is here. */
  String example() {
    return images.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            "; %d images were unreadable, such as %s: %s",
            images.size(),
            images.get(0).path("path").asText(),
            images.get(0).path("reason").asText());
  }
}
