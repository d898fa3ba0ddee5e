package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.Text;
import dev.convoy.data.source.Quarantined;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * The file with the images that a run or a preparation could not read: a line for each, with path,
 * reason and checksum. Driver only.
 */
public final class QuarantineFile {
  static final String NAME = "quarantine.jsonl";

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
    List<String> lines = directory.lines(NAME);
    return IntStream.range(0, lines.size())
        .mapToObj(i -> RecordChecksum.read(lines.get(i), i + 1, directory.child(NAME)))
        .flatMap(Optional::stream)
        .map(image -> new Quarantined(image.path("path").asText(), image.path("reason").asText()))
        .toList();
  }
}
