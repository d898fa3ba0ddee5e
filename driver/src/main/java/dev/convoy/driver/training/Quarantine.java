package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.convoy.data.DataException;
import dev.convoy.data.format.ShardManifest.Quarantined;
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
    add(
        purpose,
        location,
        statistics.examples(),
        IntStream.range(0, locations.length)
            .mapToObj(i -> new Quarantined(locations[i], reasons[i]))
            .toList());
  }

  /**
   * The same from a list.
   *
   * @param examples how many images could be read
   */
  public void add(Role purpose, String location, long examples, List<Quarantined> rejected) {
    if (examples == 0) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot use the %s images: expected at least one that can be read, found none, in %s%s."
                  + " Mend the images, or name others with data.%s.",
              adjective(purpose),
              location,
              rejected.isEmpty() ? "" : "; unreadable are " + firstFew(rejected),
              purpose.folder()));
    }
    if (rejected.isEmpty()) {
      return;
    }
    if (quality.failOnBadImage()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read %,d %s images: expected none that are bad, found %s. Mend or remove them,"
                  + " or set data.on-bad-image=quarantine.",
              rejected.size(),
              adjective(purpose),
              firstFew(rejected)));
    }
    for (Quarantined image : rejected) {
      images.add(
          JsonNodeFactory.instance
              .objectNode()
              .put("path", image.path())
              .put("reason", image.reason()));
    }
    progress.say(
        String.format(
            Locale.ROOT,
            "quarantined %,d %s images: %s",
            rejected.size(),
            adjective(purpose),
            firstFew(rejected)));
  }

  private static String adjective(Role purpose) {
    return purpose == Role.TRAIN ? "training" : purpose.folder();
  }

  private static String firstFew(List<Quarantined> rejected) {
    int mentioned = Math.min(MENTIONED, rejected.size());
    String named =
        rejected.stream()
            .limit(mentioned)
            .map(image -> image.path() + " (" + image.reason() + ")")
            .collect(Collectors.joining(", "));
    int more = rejected.size() - mentioned;
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
