package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.cluster.ImagePrediction;
import dev.convoy.driver.ensemble.PredictionFile.Format;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.commons.csv.CSVFormat;

/** Predictions as lines of text, one an image, and how many there are. */
public abstract class PredictionLines implements ImagePrediction.Sink {
  private final Format format;
  private final Writer out;
  private long predicted;
  private long rejected;

  /**
   * Lines to be.
   *
   * @param out is written to, and not closed
   */
  PredictionLines(Format format, Writer out) {
    this.format = format;
    this.out = out;
  }

  /** How many images were predicted. */
  public long predicted() {
    return predicted;
  }

  /** How many images could not be read. */
  public long rejected() {
    return rejected;
  }

  final boolean isCsv() {
    return format == Format.CSV;
  }

  /** Writes the line of a prediction. */
  final void writePredicted(List<Object> values, ObjectNode object) {
    predicted++;
    write(values, object);
  }

  /**
   * Writes the line of an image that could not be read.
   *
   * @param before how many values are left empty before the reason
   * @param after likewise
   */
  final void writeRejected(String location, String reason, int before, int after) {
    rejected++;
    List<Object> values = new ArrayList<>(List.of(location));
    values.addAll(Collections.nCopies(before, ""));
    values.add(reason);
    values.addAll(Collections.nCopies(after, ""));
    write(values, JsonNodeFactory.instance.objectNode().put("path", location).put("error", reason));
  }

  /** Writes the names of the values where lines have none. */
  final void writeHeader(List<Object> names) {
    if (isCsv()) {
      write(CSVFormat.RFC4180.format(names.toArray()) + "\n");
    }
  }

  private void write(List<Object> values, ObjectNode object) {
    write(isCsv() ? CSVFormat.RFC4180.format(values.toArray()) + "\n" : object + "\n");
  }

  private void write(String text) {
    try {
      out.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
