package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A file with one JSON object on every line, to which lines are added. */
public interface Journal {
  /** Every line, in the order it was added. */
  List<JsonNode> read();

  /** Adds a line; once this returns, it outlives the driver. */
  void append(JsonNode line);
}
