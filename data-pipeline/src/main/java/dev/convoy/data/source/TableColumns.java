package dev.convoy.data.source;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * Which columns of a table hold images and their classes, or of a manifest numbers to be learned.
 *
 * @param image a name, or names of nested columns joined by dots; null where it is found by usual
 *     names
 * @param label likewise
 * @param numbers names of the columns of numbers, in the order of the network's outputs; empty
 *     where labels are classes
 */
public record TableColumns(String image, String label, List<String> numbers)
    implements Serializable {
  /** Found by usual names. */
  public static final TableColumns USUAL = new TableColumns(null, null);

  /** Copies the list. */
  public TableColumns {
    numbers = List.copyOf(numbers);
  }

  /** Labels are classes. */
  public TableColumns(String image, String label) {
    this(image, label, List.of());
  }

  /** The name of the images' column, if it is given. */
  public Optional<String> imageName() {
    return Optional.ofNullable(image);
  }

  /** The name of the classes' column, if it is given. */
  public Optional<String> labelName() {
    return Optional.ofNullable(label);
  }
}
