package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Function;

/** A file with one JSON object on every line, to which lines are added. */
public interface Journal {
  /**
   * Every line before the first damaged one, in the order it was added, once each.
   *
   * @param parser of a line; throws {@link IllegalArgumentException} if that is damaged
   */
  <T> List<T> read(Function<JsonNode, T> parser);

  /** The same as JSON. */
  default List<JsonNode> read() {
    return read(line -> line);
  }

  /** Adds a line, no two alike; once this returns, it outlives the driver. */
  void append(JsonNode line);
}
