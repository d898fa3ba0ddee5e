package dev.convoy.driver.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checksum that a record of a log has as its last key, by which a record that was damaged or
 * changed is told from one that is as it was written.
 */
public final class RecordChecksum {
  private static final Logger LOG = LoggerFactory.getLogger(RecordChecksum.class);
  private static final String KEY = "crc32c";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private RecordChecksum() {}

  /** Adds its checksum to a record; returns the record. */
  public static ObjectNode add(ObjectNode record) {
    return record.put(KEY, of(record));
  }

  /** The record without its checksum; empty if it has none, or another than its own. */
  public static Optional<ObjectNode> verified(JsonNode record) {
    if (record instanceof ObjectNode object && object.path(KEY).isTextual()) {
      ObjectNode content = object.deepCopy();
      String checksum = content.remove(KEY).textValue();
      return of(content).equals(checksum) ? Optional.of(content) : Optional.empty();
    }
    return Optional.empty();
  }

  /**
   * The record on a line of a file, without its checksum; empty if the line is damaged, which is
   * logged.
   *
   * @param number of the line, counted from 1
   */
  static Optional<ObjectNode> read(String line, int number, Path file) {
    Optional<ObjectNode> record = read(line);
    if (record.isEmpty()) {
      LOG.warn("{}: line {} is damaged and passed over", file, number);
    }
    return record;
  }

  /** The record on a line, without its checksum; empty if the line is damaged. */
  static Optional<ObjectNode> read(String line) {
    try {
      return verified(JSON.readTree(line));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** CRC-32C of a value's compact JSON as it is read back, as 8 hexadecimal digits. */
  static String of(JsonNode value) {
    try {
      return ofText(JSON.readTree(value.toString()).toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("JSON that was written cannot be read", e);
    }
  }

  /** CRC-32C of a text in UTF-8, as 8 hexadecimal digits. */
  static String ofText(String text) {
    CRC32C checksum = new CRC32C();
    checksum.update(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) checksum.getValue());
  }
}
