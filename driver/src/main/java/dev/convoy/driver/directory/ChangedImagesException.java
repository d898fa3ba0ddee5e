package dev.convoy.driver.directory;

import dev.convoy.driver.directory.RunIdentity.Field;

/** What a directory holds was made of other images than those that are there now. */
public final class ChangedImagesException extends ChangedInputException {
  private static final long serialVersionUID = 1L;

  /** Says what was expected, what came, and what to do. */
  public ChangedImagesException(String message) {
    super(Field.IMAGES_PACKED, message);
  }

  /** The same with more to tell. */
  public ChangedImagesException(ChangedImagesException cause, String more) {
    super(Field.IMAGES_PACKED, cause.getMessage() + more, cause);
  }
}
