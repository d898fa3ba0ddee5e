package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.Text;
import dev.convoy.data.source.Quarantined;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file with the images that a run or a preparation could not read: a line for each, with path,
 * reason and checksum. Driver only.
 */
public final class QuarantineFile {
  static final String NAME = "quarantine.jsonl";
  private static final Logger LOG = LoggerFactory.getLogger(QuarantineFile.class);

  private QuarantineFile() {}

  /**
   * The images in the file of an output directory, which is only looked at; none if there is no
   * such file.
   *
   * @throws OutputException if it cannot be read
   */
  public static List<Quarantined> in(String location, Configuration hadoop) {
    try (OutputDirectory directory = OutputDirectory.at(location, hadoop)) {
      return read(directory);
    } catch (IOException | IllegalArgumentException e) {
      throw new OutputException(
          e, "Cannot read %s in %s: %s.", NAME, Text.withoutPasswords(location), Text.firstLine(e));
    }
  }

  static void write(DirectoryFiles directory, List<Quarantined> images) {
    directory.writeLines(
        NAME, images.stream().map(image -> RecordChecksum.add(json(image)).toString()).toList());
  }

  private static ObjectNode json(Quarantined image) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("path", image.path())
        .put("reason", image.reason());
  }

  /** Those in the file, if it is there; lines that are damaged are passed over. */
  static List<Quarantined> read(DirectoryFiles directory) {
    List<Quarantined> images = new ArrayList<>();
    List<String> lines = directory.lines(NAME);
    for (int i = 0; i < lines.size(); i++) {
      int line = i + 1;
      RecordChecksum.read(lines.get(i))
          .ifPresentOrElse(
              image ->
                  images.add(
                      new Quarantined(image.path("path").asText(), image.path("reason").asText())),
              () ->
                  LOG.warn("{}: line {} is damaged and passed over", directory.child(NAME), line));
    }
    return images;
  }
}
