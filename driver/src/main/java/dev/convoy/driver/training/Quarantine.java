package dev.convoy.driver.training;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import dev.convoy.data.source.Quarantined;
import dev.convoy.data.source.Role;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import java.util.ArrayList;
import java.util.List;

/** The images that could not be read. Driver only. */
public final class Quarantine {
  private final RunConfiguration.ImageQuality quality;
  private final Progress progress;
  private final List<Quarantined> images = new ArrayList<>();

  /** An empty quarantine. */
  public Quarantine(RunConfiguration.ImageQuality quality, Progress progress) {
    this.quality = quality;
    this.progress = progress;
  }

  /**
   * Takes in what packing or preparing has rejected.
   *
   * @param purpose what the images are for, whatever they were split off from
   * @param location where they come from
   * @param examples how many images could be read
   * @throws DataException if none of them could be read, or if some could not and the configuration
   *     says to fail
   */
  public void add(Role purpose, String location, long examples, List<Quarantined> rejected) {
    String adjective = purpose == Role.TRAIN ? "training" : purpose.folder();
    String firstFew =
        Text.firstFew(
            rejected.stream().map(image -> image.path() + " (" + image.reason() + ")").toList());
    if (examples == 0) {
      throw new DataException(
          "Cannot use the %s images: expected at least one that can be read, found none, in %s%s."
              + " Mend the images, or name others with data.%s.",
          adjective,
          location,
          rejected.isEmpty() ? "" : "; unreadable are " + firstFew,
          purpose.folder());
    }
    if (rejected.isEmpty()) {
      return;
    }
    if (quality.failOnBadImage()) {
      throw new DataException(
          "Cannot read %,d %s images: expected none that are bad, found %s. Mend or remove them, or"
              + " set data.on-bad-image=quarantine.",
          rejected.size(), adjective, firstFew);
    }
    images.addAll(rejected);
    progress.say(Text.of("quarantined %,d %s images: %s", rejected.size(), adjective, firstFew));
  }

  /** All of them. */
  public List<Quarantined> images() {
    return List.copyOf(images);
  }

  /** A few words for a message about missing images; empty if none is here. */
  String example() {
    return images.isEmpty()
        ? ""
        : Text.of(
            "; %s unreadable, such as %s: %s",
            images.size() == 1 ? "1 image was" : Text.of("%,d images were", images.size()),
            images.get(0).path(),
            images.get(0).reason());
  }
}
