package dev.convoy.driver.training;

import dev.convoy.data.DataException;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Role;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.configuration.RunConfiguration;
import java.io.IOException;

/** Which images there are. Driver only. */
public final class ImageListings {
  private ImageListings() {}

  /**
   * Lists the images of a location.
   *
   * @throws DataException if they are not there or not what they should be
   */
  public static ListedImages list(RunConfiguration.Data data, String location, Role role) {
    try {
      return ImageSources.open(
              ImageLocations.settings(data, role, location), ImageLocations.hadoop())
          .list();
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(
          "Cannot list the "
              + role.folder()
              + " images in "
              + location
              + ": "
              + e.getMessage()
              + ".",
          e);
    }
  }
}
