package dev.convoy.driver.directory;

import dev.convoy.data.Text;

/** Another process is at work in the output directory: nothing is wrong, try later. */
public final class DirectoryInUseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DirectoryInUseException(String format, Object... values) {
    super(Text.of(format, values));
  }
}
