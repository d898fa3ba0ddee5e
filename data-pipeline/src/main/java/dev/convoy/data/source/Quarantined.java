package dev.convoy.data.source;

import dev.convoy.data.Text;
import java.io.Serializable;

/**
 * An image that could not be read.
 *
 * @param path where it is
 * @param reason what is wrong with it, in a few words
 */
public record Quarantined(String path, String reason) implements Serializable {
  /** Leaves out passwords: this is written to files and shown. */
  public Quarantined {
    path = Text.withoutPasswords(path);
    reason = Text.withoutPasswords(reason);
  }
}
