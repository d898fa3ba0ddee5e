package dev.convoy.driver.training;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;

/** Which images there are. Driver only. */
public final class ImageListings {
  private ImageListings() {}

  /**
   * Lists the images of a location, and says which files there are passed over.
   *
   * @throws DataException if they are not there or not what they should be
   */
  public static ListedImages list(
      RunConfiguration.Data data, String location, Role role, Progress progress) {
    return list(data, location, role, ImageLocations.hadoop(), progress);
  }

  /** The same without a Spark application, with Hadoop's configuration. */
  public static ListedImages list(
      RunConfiguration.Data data,
      String location,
      Role role,
      Configuration hadoop,
      Progress progress) {
    SourceSettings settings = ImageLocations.settings(data, role, location);
    try {
      return list(
          role.folder() + " images", location, () -> ImageSources.open(settings, hadoop), progress);
    } catch (DataException e) {
      throw ImageSources.formatOf(settings, hadoop)
          .filter(there -> !data.format().equals(ImageSources.AUTOMATIC))
          .filter(there -> !data.format().equals(there))
          .map(there -> otherFormat(data.format(), there, e))
          .orElse(e);
    }
  }

  private static DataException otherFormat(String format, String there, DataException cause) {
    return new DataException(
        Text.of(
            "%s Or is data.format = %s wrong? What is there looks like %s.",
            cause.getMessage(), format, there),
        cause);
  }

  /**
   * The same of images of which no class is known.
   *
   * @throws DataException if there are none, or they are not there
   */
  public static ListedImages unlabelled(
      RunConfiguration.Data data, String location, Progress progress) {
    return list(
        "images",
        location,
        () ->
            ImageSources.unlabelled(
                ImageLocations.settings(data, Role.TRAIN, location), ImageLocations.hadoop()),
        progress);
  }

  private static ListedImages list(
      String what, String location, Supplier<ImageSource> source, Progress progress) {
    AtomicInteger found = new AtomicInteger();
    try {
      ListedImages listed =
          progress.briefly(
              "listing the " + what + (location.isEmpty() ? "" : " in " + location),
              () -> Text.count(found.get(), "image"),
              () -> listed(source.get(), found));
      listed
          .passedOver()
          .ifPresent(passedOver -> progress.say("note: " + passedOver + ", in " + location));
      return listed;
    } catch (UncheckedIOException | IllegalArgumentException e) {
      throw new DataException(
          "Cannot list the " + what + " in " + location + ": " + e.getMessage() + ".", e);
    }
  }

  private static ListedImages listed(ImageSource source, AtomicInteger found) {
    try {
      return source.list(found::addAndGet);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
