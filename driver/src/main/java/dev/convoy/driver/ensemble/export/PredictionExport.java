package dev.convoy.driver.ensemble.export;

import dev.convoy.data.source.Listing;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Predictions of members for labelled examples, in files that NumPy reads. Examples are written one
 * after the other, in the order of their ids. Driver only.
 *
 * @param predictions whose examples are in the order of their ids
 * @param listings that hold all of these examples
 */
public record PredictionExport(MemberPredictions predictions, List<Listing> listings) {
  private static final int BUFFER_BYTES = 1 << 16;

  /**
   * Writes probabilities as float32 in NumPy's format 1.0, C order, axes [examples, members,
   * classes]; NaN where a member was not asked.
   *
   * @param out not closed
   */
  public void writeProbabilities(OutputStream out) throws IOException {
    int members = predictions.members();
    int classes = predictions.classes();
    BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES);
    buffered.write(NpyHeader.of(NpyHeader.Type.FLOAT, predictions.examples(), members, classes));
    float[] row = new float[members * classes];
    boolean[] parts = new boolean[members];
    ByteBuffer bytes = ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int example = 0; example < predictions.examples(); example++) {
      predictions.read(example, row);
      predictions.readParts(example, parts);
      for (int member = 0; member < members; member++) {
        if (!parts[member]) {
          Arrays.fill(row, member * classes, (member + 1) * classes, Float.NaN);
        }
      }
      bytes.asFloatBuffer().put(row);
      buffered.write(bytes.array());
    }
    buffered.flush();
  }

  /**
   * Writes classes, counted from 0, as int32 in NumPy's format 1.0, axes [examples].
   *
   * @param out not closed
   */
  public void writeLabels(OutputStream out) throws IOException {
    BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES);
    buffered.write(NpyHeader.of(NpyHeader.Type.INT, predictions.examples()));
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int example = 0; example < predictions.examples(); example++) {
      bytes.putInt(0, predictions.label(example));
      buffered.write(bytes.array());
    }
    buffered.flush();
  }

  /**
   * Writes where examples come from, as CSV with the columns {@code position} (on the arrays' first
   * axis) and {@code path}, in UTF-8.
   *
   * @param out not closed
   */
  public void writeIds(OutputStream out) throws IOException {
    ExampleLocations locations = new ExampleLocations(predictions, listings);
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    CSVPrinter csv =
        new CSVPrinter(text, CSVFormat.RFC4180.builder().setRecordSeparator('\n').build());
    csv.printRecord("position", "path");
    for (int example = 0; example < predictions.examples(); example++) {
      csv.printRecord(example, locations.of(example));
    }
    csv.flush();
  }
}
