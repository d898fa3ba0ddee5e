package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.convoy.data.DataException;
import dev.convoy.data.shard.ShardStatistics;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The images that could not be read. Driver only. */
public final class Quarantine {
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
   * @throws DataException if there is any and the configuration says to fail
   */
  public void add(ShardStatistics statistics) {
    String[] locations = statistics.rejectedLocations();
    String[] reasons = statistics.rejectedReasons();
    if (locations.length == 0) {
      return;
    }
    if (quality.failOnBadImage()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read %d images: expected none that are bad, found %s: %s. Mend or remove them,"
                  + " or set data.on-bad-image=quarantine.",
              locations.length,
              locations[0],
              reasons[0]));
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
            "quarantined %d images, the first %s: %s",
            locations.length,
            locations[0],
            reasons[0]));
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
