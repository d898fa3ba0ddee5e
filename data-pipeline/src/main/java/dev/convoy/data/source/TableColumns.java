package dev.convoy.data.source;

import java.io.Serializable;
import java.util.Optional;

/**
 * Which columns of a table hold images and their classes.
 *
 * @param image a name, or names of nested columns joined by dots; null where it is found by usual
 *     names
 * @param label likewise
 */
public record TableColumns(String image, String label) implements Serializable {
  /** Found by usual names. */
  public static final TableColumns USUAL = new TableColumns(null, null);

  /** The name of the images' column, if it is given. */
  public Optional<String> imageName() {
    return Optional.ofNullable(image);
  }

  /** The name of the classes' column, if it is given. */
  public Optional<String> labelName() {
    return Optional.ofNullable(label);
  }
}
