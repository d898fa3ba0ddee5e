package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.Vector;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.state.ReduceOnPlateau;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.state.TrainingState.Best;
import dev.convoy.driver.state.TrainingState.Position;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.driver.state.TrainingState.Totals;
import dev.convoy.driver.state.TrainingState.Weights;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * A checkpoint as bytes: "CONVOY" and the number of the format (int16), length of the header
 * (int32), header (JSON), then the arrays that the header names, in the order of their names, as
 * little-endian float32, then the CRC-32C of all before it (int64). Plain data: nothing is
 * deserialized into objects.
 *
 * <p>In every format the name comes first, then the number, and last the checksum, so that a whole
 * checkpoint of another format is told from a damaged one.
 */
final class CheckpointFormat {
  private static final int FORMAT = 6;
  private static final int FORMAT_BITS = 16;
  private static final long NAME = 0x434f4e564f59L; // "CONVOY"
  private static final int MAX_HEADER = 256 << 20;
  private static final String BEST = "best";
  private static final int CHUNK = 1 << 16;
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  private CheckpointFormat() {}

  static void write(Checkpoint checkpoint, OutputStream stream) throws IOException {
    CheckedOutputStream checked = new CheckedOutputStream(stream, new CRC32C());
    DataOutputStream out = new DataOutputStream(checked);
    byte[] header = JSON.writeValueAsBytes(header(checkpoint));
    out.writeLong(NAME << FORMAT_BITS | FORMAT);
    out.writeInt(header.length);
    out.write(header);
    try {
      vectors(checkpoint.state())
          .values()
          .forEach(vector -> vector.forEachPiece(piece -> write(out, piece)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    out.flush();
    out.writeLong(checked.getChecksum().getValue());
    out.flush();
  }

  private static SortedMap<String, Vector> vectors(TrainingState state) {
    SortedMap<String, Vector> vectors = state.model().vectors();
    state.best().ifPresent(best -> vectors.put(BEST, Vector.of(best.parameters())));
    return vectors;
  }

  /**
   * All but the arrays, as JSON.
   *
   * @param arrays the length of each, by name
   * @param best the best evaluation, or {@link Evaluated#NONE}
   */
  record Header(
      Status status,
      Position position,
      SortedMap<String, Integer> arrays,
      Totals totals,
      EarlyStopping.Progress earlyStopping,
      ReduceOnPlateau.Progress plateau,
      Evaluated best,
      JsonNode identity,
      Checkpoint.Metrics metrics) {}

  /** A {@link Best} without its parameters. */
  record Evaluated(int epoch, long round, double loss, double accuracy, Weights weights) {
    static final Evaluated NONE = new Evaluated(0, 0, Double.NaN, Double.NaN, Weights.CURRENT);
  }

  private static Header header(Checkpoint checkpoint) {
    TrainingState state = checkpoint.state();
    SortedMap<String, Integer> lengths = new TreeMap<>();
    vectors(state).forEach((name, vector) -> lengths.put(name, vector.length()));
    return new Header(
        state.status(),
        state.position(),
        lengths,
        state.totals(),
        state.progress(),
        state.plateau(),
        state
            .best()
            .map(
                best ->
                    new Evaluated(
                        best.epoch(), best.round(), best.loss(), best.accuracy(), best.weights()))
            .orElse(Evaluated.NONE),
        checkpoint.identity().toJson(),
        checkpoint.metrics());
  }

  private static void write(OutputStream out, float[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    try {
      for (int from = 0; from < values.length; from += CHUNK / Float.BYTES) {
        int count = Math.min(CHUNK / Float.BYTES, values.length - from);
        buffer.asFloatBuffer().put(values, from, count);
        out.write(buffer.array(), 0, count * Float.BYTES);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A whole checkpoint, written by another version of Convoy. */
  static final class OtherFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    OtherFormatException(int format) {
      super("expected format " + FORMAT + ", found format " + format);
    }
  }

  /**
   * Reads a checkpoint through, and keeps all but the model, whose vectors are read from the file
   * each time that they are asked for: a driver need not hold what executors average.
   *
   * @param length of the file, in bytes
   * @throws OtherFormatException if it is a checkpoint of another format
   * @throws IOException if the bytes are not a whole checkpoint
   */
  static Checkpoint read(StoredVector.Source file, long length) throws IOException {
    try (InputStream stream = file.open()) {
      return read(stream, file, length);
    }
  }

  private static Checkpoint read(InputStream stream, StoredVector.Source file, long length)
      throws IOException {
    CheckedInputStream checked = new CheckedInputStream(stream, new CRC32C());
    DataInputStream in = new DataInputStream(checked);
    long magic = in.readLong();
    if (magic >>> FORMAT_BITS != NAME) {
      throw new IOException("not a checkpoint of this version");
    }
    int format = (int) (magic & (1 << FORMAT_BITS) - 1);
    if (format != FORMAT) {
      in.skipNBytes(Math.max(0, length - 2 * Long.BYTES));
      requireChecksum(checked, in);
      throw new OtherFormatException(format);
    }
    int headerLength = in.readInt();
    if (headerLength < 2 || headerLength > MAX_HEADER || headerLength > length) {
      throw new IOException("a header of " + headerLength + " bytes");
    }
    byte[] headerBytes = new byte[headerLength];
    in.readFully(headerBytes);
    Header header = JSON.readValue(headerBytes, Header.class);
    if (header == null
        || header.arrays.values().stream().anyMatch(count -> count == null || count < 0)) {
      throw new IOException("a header without the lengths of its arrays");
    }
    long values = header.arrays.values().stream().mapToLong(Integer::longValue).sum();
    long expected = 3L * Integer.BYTES + headerLength + values * Float.BYTES + Long.BYTES;
    if (length != expected) {
      throw new IOException("expected " + expected + " bytes, found " + length);
    }
    SortedMap<String, Vector> vectors = new TreeMap<>();
    long offset = 3L * Integer.BYTES + headerLength;
    for (Map.Entry<String, Integer> array : header.arrays.entrySet()) {
      int count = array.getValue();
      vectors.put(array.getKey(), StoredVector.passOver(in, file, offset, count));
      offset += (long) count * Float.BYTES;
    }
    requireChecksum(checked, in);
    Optional<float[]> best = Optional.ofNullable(vectors.remove(BEST)).map(Vector::whole);
    try {
      return checkpoint(header, new StoredModel(vectors), best);
    } catch (IllegalArgumentException e) {
      throw new IOException("a header that makes no sense: " + e.getMessage(), e);
    }
  }

  private static void requireChecksum(CheckedInputStream checked, DataInputStream in)
      throws IOException {
    long checksum = checked.getChecksum().getValue();
    if (in.readLong() != checksum) {
      throw new IOException("wrong checksum");
    }
  }

  private static Checkpoint checkpoint(
      Header header, AveragedModel model, Optional<float[]> parameters) throws IOException {
    Evaluated best = header.best;
    if ((best.epoch == 0) == parameters.isPresent()) {
      throw new IOException("a header with the best evaluation or its parameters alone");
    }
    TrainingState state =
        new TrainingState(
            header.position,
            model,
            header.totals,
            header.earlyStopping,
            header.plateau,
            parameters.map(
                values ->
                    new Best(
                        best.epoch(),
                        best.round(),
                        best.loss(),
                        best.accuracy(),
                        best.weights(),
                        values)),
            header.status);
    return new Checkpoint(
        state,
        RunIdentity.parse(header.identity)
            .orElseThrow(() -> new IOException("it does not say which run it belongs to")),
        header.metrics);
  }
}
