package dev.convoy.driver.directory;

import java.io.IOException;
import java.io.OutputStream;

/** Content of a file to be. */
@FunctionalInterface
public interface FileContent {
  /** Writes it all; does not close. */
  void writeTo(OutputStream out) throws IOException;
}
