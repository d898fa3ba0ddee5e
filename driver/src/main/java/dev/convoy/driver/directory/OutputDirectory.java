package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.Text;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.directory.HeldConfiguration.State;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that a command writes to and that belongs to one configuration. Driver only.
 *
 * <p>A file that cannot be written or read is an {@link OutputException}.
 */
public class OutputDirectory extends DirectoryFiles {
  /** The best model. */
  public static final String MODEL = "model.zip";

  /** Class names in output order, one a line. */
  public static final String LABELS = "labels.txt";

  /** The page that shows what came of it. */
  public static final String REPORT = "report.html";

  private static final Logger LOG = LoggerFactory.getLogger(OutputDirectory.class);

  private OutputDirectory(String location, Configuration hadoop) throws IOException {
    super(location, hadoop);
  }

  /** The same directory, which this takes over. */
  OutputDirectory(OutputDirectory opened) {
    super(opened);
  }

  /**
   * Creates the directory, or opens that of the same configuration. What killed processes left half
   * written is removed.
   *
   * @param beforeWriting is run before anything is written; what it throws prevents that
   * @throws ConfigurationException if it cannot be written, or holds something different and the
   *     claim does not say to overwrite it, or holds what Convoy did not write
   */
  static OutputDirectory open(DirectoryClaim claim, Configuration hadoop, Runnable beforeWriting) {
    try {
      return opened(claim, hadoop, beforeWriting);
    } catch (IOException | IllegalArgumentException e) {
      throw unwritable(claim.location(), e);
    }
  }

  /**
   * The same where it is known that it could be written.
   *
   * @throws IOException if it cannot
   */
  static OutputDirectory opened(DirectoryClaim claim, Configuration hadoop, Runnable beforeWriting)
      throws IOException {
    OutputDirectory directory = at(claim.location(), hadoop);
    directory.guard(beforeWriting);
    if (directory.files().exists(directory.path())
        && !directory.files().getFileStatus(directory.path()).isDirectory()) {
      throw new IOException("a file is in the way");
    }
    beforeWriting.run();
    directory.files().mkdirs(directory.path());
    directory.recover(directory.path());
    new Taking(directory, claim).take();
    directory.removeLeftOvers();
    return directory;
  }

  /**
   * Opens it if it belongs to that configuration and what was to be done there has ended; looks
   * without writing.
   */
  static Optional<OutputDirectory> ifEnded(DirectoryClaim claim, Configuration hadoop) {
    try {
      OutputDirectory directory = at(claim.location(), hadoop);
      if (new Taking(directory, claim).hasEnded()) {
        return Optional.of(directory);
      }
      directory.close();
    } catch (IOException | IllegalArgumentException | OutputException e) {
      LOG.debug("Opening {} reports what is wrong", claim.location(), e);
    }
    return Optional.empty();
  }

  /**
   * Opens one that is there and belongs to a configuration.
   *
   * @param what is expected there, for messages
   * @throws ConfigurationException if there is none
   */
  static OutputDirectory existing(String location, String what, Configuration hadoop) {
    String found = "no config.conf";
    try {
      OutputDirectory directory = at(location, hadoop);
      Optional<HeldConfiguration> held = HeldConfiguration.of(directory);
      if (held.isPresent() && held.get().state() == State.INTACT) {
        return directory;
      }
      directory.close();
      found = held.map(HeldConfiguration::description).orElse(found);
    } catch (IOException | IllegalArgumentException | OutputException e) {
      found = e.getMessage();
    }
    throw new ConfigurationException(
        "Cannot find %s in %s: expected its directory, found: %s.", what, location, found);
  }

  /** One that is only looked at. */
  static OutputDirectory at(String location, Configuration hadoop) throws IOException {
    return new OutputDirectory(location, hadoop);
  }

  /** What to say of a directory that cannot be written. */
  static ConfigurationException unwritable(String location, Exception cause) {
    return unusable(
        location, "a directory that can be written", "found: " + Text.firstLine(cause), "");
  }

  /**
   * What to say of a directory that cannot be used.
   *
   * @param otherwise what can be done instead of choosing another; may be empty
   */
  static ConfigurationException unusable(
      String location, String expected, String found, String otherwise) {
    return new ConfigurationException(
        "output = %s: expected %s, %s. Choose another with output=…%s",
        location, expected, found, otherwise);
  }

  /** Removes all that was made, to begin anew; the directory stays the same configuration's. */
  public void discard() {
    Taking.discardContent(this);
    HeldConfiguration.of(this).map(HeldConfiguration::text).ifPresent(this::writeConfiguration);
  }

  /** The configuration that it belongs to. */
  public final String configuration() {
    return HeldConfiguration.of(this).map(HeldConfiguration::text).orElse("");
  }

  /** When the configuration it belongs to was written, in milliseconds since 1970. */
  long configuredMillis() {
    return reading(
        HeldConfiguration.NAME,
        () -> files().getFileStatus(child(HeldConfiguration.NAME)).getModificationTime());
  }

  /** Writes the configuration that it belongs to anew, after an extension. */
  public final void writeConfiguration(String text) {
    HeldConfiguration.write(this, text);
  }

  /**
   * The summary, the sign that the work has ended.
   *
   * @throws ConfigurationException if it is not as Convoy wrote it
   */
  public final Optional<JsonNode> summary() {
    return SummaryFile.read(this);
  }

  /**
   * Writes summary.json, the sign that the work has ended.
   *
   * @param summary its {@code identity} says what it depends on; a checksum is added there
   */
  public final void writeSummary(JsonNode summary) {
    SummaryFile.write(this, summary);
  }
}
