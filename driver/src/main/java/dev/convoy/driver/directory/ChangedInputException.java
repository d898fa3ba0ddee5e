package dev.convoy.driver.directory;

import dev.convoy.data.DataException;
import dev.convoy.driver.directory.RunIdentity.Field;

/** What a directory holds was made of something else than what is there now. */
public class ChangedInputException extends DataException {
  private static final long serialVersionUID = 1L;

  private final Field field;

  /** Says what was expected, what came, and what to do. */
  public ChangedInputException(Field field, String message) {
    super(message);
    this.field = field;
  }

  ChangedInputException(Field field, String message, Throwable cause) {
    super(message, cause);
    this.field = field;
  }

  /** What is another one. */
  public final Field field() {
    return field;
  }
}
