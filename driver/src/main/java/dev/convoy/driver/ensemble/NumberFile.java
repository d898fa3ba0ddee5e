package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.ensemble.PredictionFile.Format;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * Predicted numbers as lines of text, one an image: path and numbers; of an image that could not be
 * read the path and why.
 */
public final class NumberFile extends PredictionLines {
  private final List<String> names;

  /**
   * A file to be, with its header.
   *
   * @param names of the numbers
   * @param out is written to, and not closed
   */
  public NumberFile(List<String> names, Format format, Writer out) {
    super(format, out);
    this.names = List.copyOf(names);
    List<Object> header = new ArrayList<>(List.of("path", "error"));
    header.addAll(names);
    writeHeader(header);
  }

  @Override
  public void accept(String location, float[] numbers, int offset) {
    List<Object> line = new ArrayList<>(List.of(location, ""));
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("path", location);
    ObjectNode named = object.putObject("numbers");
    for (int i = 0; i < names.size(); i++) {
      line.add(numbers[offset + i]);
      named.put(names.get(i), numbers[offset + i]);
    }
    writePredicted(line, object);
  }

  @Override
  public void reject(String location, String reason) {
    writeRejected(location, reason, 0, names.size());
  }
}
