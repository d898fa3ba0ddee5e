package dev.convoy.driver.directory;

import dev.convoy.data.DataException;

/** What a directory holds was made of other images than those that are there now. */
public final class ChangedImagesException extends DataException {
  private static final long serialVersionUID = 1L;

  /** Says what was expected, what came, and what to do. */
  public ChangedImagesException(String message) {
    super(message);
  }

  /** The same with more to tell. */
  public ChangedImagesException(ChangedImagesException cause, String more) {
    super(cause.getMessage() + more, cause);
  }
}
