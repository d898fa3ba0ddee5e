package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;

/**
 * Takes the lines of a file one after the other, and keeps what is made of those records that have
 * a type; damaged ones are passed over. Driver only.
 */
final class TypedLines<T> implements Consumer<String> {
  private final String type;
  private final Path file;
  private final Function<JsonNode, T> meaning;
  private final List<T> found = new ArrayList<>();
  private int number;

  /** From the first line of a file on, which is named in messages. */
  TypedLines(String type, Path file, Function<JsonNode, T> meaning) {
    this.type = type;
    this.file = file;
    this.meaning = meaning;
  }

  @Override
  public void accept(String line) {
    number++;
    if (line.contains('"' + type + '"')) {
      RecordChecksum.read(line, number, file)
          .filter(record -> record.path("type").asText().equals(type))
          .map(meaning)
          .ifPresent(found::add);
    }
  }

  /** What was made of them, in order. */
  List<T> found() {
    return Collections.unmodifiableList(found);
  }
}
