package dev.convoy.driver.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.configuration.ConfigurationException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * summary.json, the sign that the work of a directory has ended: an object whose {@code identity}
 * says what it depends on, and holds a checksum of all of it.
 */
final class SummaryFile {
  static final String NAME = "summary.json";
  private static final String IDENTITY = "identity";
  private static final String CHECKSUM = "crc32c";
  private static final Logger LOG = LoggerFactory.getLogger(SummaryFile.class);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private SummaryFile() {}

  /**
   * That of a directory; empty if there is none.
   *
   * @throws ConfigurationException if it is not as Convoy wrote it
   */
  static Optional<JsonNode> read(DirectoryFiles directory) {
    Optional<String> text = directory.text(NAME);
    Optional<JsonNode> summary = text.flatMap(SummaryFile::parse);
    if (text.isPresent() && summary.isEmpty()) {
      throw new ConfigurationException(
          "Cannot read %s: expected what Convoy wrote, found it changed or damaged. Restore it, or"
              + " move it away and give the same command again.",
          directory.child(NAME));
    }
    return summary;
  }

  /** Writes it; a checksum is added to its identity. */
  static void write(DirectoryFiles directory, JsonNode summary) {
    ObjectNode identity = (ObjectNode) summary.path(IDENTITY);
    identity.remove(CHECKSUM);
    identity.put(CHECKSUM, RecordChecksum.of(summary));
    directory.writeJson(NAME, summary);
  }

  /** What that of a directory depends on; empty without one as Convoy wrote it. */
  static Optional<RunIdentity> identity(DirectoryFiles directory) {
    return directory.text(NAME).flatMap(SummaryFile::identity);
  }

  /** The same of its text. */
  static Optional<RunIdentity> identity(String text) {
    return parse(text).flatMap(json -> RunIdentity.parse(json.path(IDENTITY)));
  }

  /** Empty for anything that {@link #write} did not write. */
  static Optional<JsonNode> parse(String text) {
    try {
      JsonNode summary = JSON.readTree(text);
      if (summary.path(IDENTITY) instanceof ObjectNode identity
          && RunIdentity.parse(identity).isPresent()
          && identity.path(CHECKSUM).isTextual()) {
        String checksum = identity.remove(CHECKSUM).textValue();
        boolean intact = checksum.equals(RecordChecksum.of(summary));
        identity.put(CHECKSUM, checksum);
        return intact ? Optional.of(summary) : Optional.empty();
      }
    } catch (JsonProcessingException e) {
      LOG.debug("No JSON in summary.json", e);
    }
    return Optional.empty();
  }
}
