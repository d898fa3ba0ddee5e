package dev.convoy.data.source;

import dev.convoy.data.DataException;
import java.util.List;
import java.util.Optional;

/**
 * What the driver knows of a source before any image is read.
 *
 * @param classNames names in label order: label {@code i} is called {@code classNames.get(i)}; of
 *     the numbers where these are to be learned
 * @param listing every example, with its place and label
 * @param passedOver one line about files beside them that are not used, if there are any
 */
public record ListedImages(List<String> classNames, Listing listing, Optional<String> passedOver) {
  /**
   * Copies the names.
   *
   * @throws DataException when a name has a line break: files of class names hold one a line
   */
  public ListedImages {
    classNames = List.copyOf(classNames);
    for (String name : classNames) {
      if (name.indexOf('\n') >= 0 || name.indexOf('\r') >= 0) {
        throw new DataException(
            "Cannot use images: expected class names of one line, found the class \""
                + name.replace("\n", "\\n").replace("\r", "\\r")
                + "\". Rename it.");
      }
    }
  }

  /** A source that passes nothing over. */
  public ListedImages(List<String> classNames, Listing listing) {
    this(classNames, listing, Optional.empty());
  }

  /** Some of the examples, at ascending positions of the listing. */
  public ListedImages select(int[] positions) {
    return new ListedImages(classNames, listing.select(positions), passedOver);
  }

  /**
   * The same examples with labels that index {@code names}, for example those of the training set.
   *
   * @throws DataException when an example's class is not among {@code names}
   */
  public ListedImages relabel(List<String> names) {
    if (listing.numbersEach() > 0) {
      return requireNumbers(names);
    }
    int[] newLabels = new int[classNames.size()];
    for (int label = 0; label < newLabels.length; label++) {
      newLabels[label] = names.indexOf(classNames.get(label));
    }
    for (int i = 0; i < listing.size(); i++) {
      if (newLabels[listing.label(i)] < 0) {
        throw DataException.cannot(
            "use images",
            "only classes of the training set",
            "class " + classNames.get(listing.label(i)),
            listing.location(i),
            "Remove the class or add it to the training set.");
      }
    }
    return new ListedImages(names, listing.relabel(newLabels), passedOver);
  }

  private ListedImages requireNumbers(List<String> names) {
    if (!names.equals(classNames)) {
      throw new DataException(
          "Cannot use images: expected the numbers or classes "
              + names
              + ", found the numbers "
              + classNames
              + ".");
    }
    return this;
  }
}
