package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.state.TrainingState.Best;
import dev.convoy.driver.state.TrainingState.EpochTotals;
import dev.convoy.driver.state.TrainingState.Position;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.driver.state.TrainingState.Totals;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
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
  private static final int FORMAT = 3;
  private static final int FORMAT_BITS = 16;
  private static final long NAME = 0x434f4e564f59L; // "CONVOY"
  private static final int MAX_HEADER = 256 << 20;
  private static final String BEST = "best";
  private static final int CHUNK = 1 << 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  private CheckpointFormat() {}

  static void write(Checkpoint checkpoint, OutputStream stream) throws IOException {
    CheckedOutputStream checked = new CheckedOutputStream(stream, new CRC32C());
    DataOutputStream out = new DataOutputStream(checked);
    byte[] header = JSON.writeValueAsBytes(header(checkpoint));
    out.writeLong(NAME << FORMAT_BITS | FORMAT);
    out.writeInt(header.length);
    out.write(header);
    for (float[] array : arrays(checkpoint.state()).values()) {
      write(out, array);
    }
    out.flush();
    out.writeLong(checked.getChecksum().getValue());
    out.flush();
  }

  private static SortedMap<String, float[]> arrays(TrainingState state) {
    SortedMap<String, float[]> arrays = state.model().arrays();
    state.best().ifPresent(best -> arrays.put(BEST, best.parameters()));
    return arrays;
  }

  private static ObjectNode header(Checkpoint checkpoint) {
    TrainingState state = checkpoint.state();
    ObjectNode node = JSON.createObjectNode();
    node.put("status", state.status().name());
    node.put("epoch", state.position().epoch()).put("round", state.position().round());
    ObjectNode lengths = node.putObject("arrays");
    arrays(state).forEach((name, array) -> lengths.put(name, array.length));
    node.putObject("totals")
        .put("rounds", state.totals().rounds())
        .put("examples", state.totals().examples())
        .put("seconds", state.totals().seconds())
        .put("epochExamples", state.totals().epoch().examples())
        .put("epochFingerprint", state.totals().epoch().fingerprint())
        .put("epochLossSum", Double.toHexString(state.totals().epoch().lossSum()));
    node.putObject("earlyStopping")
        .put("best", Double.toHexString(state.progress().best()))
        .put("withoutImprovement", state.progress().withoutImprovement());
    state
        .best()
        .ifPresent(
            best ->
                node.putObject("best")
                    .put("epoch", best.epoch())
                    .put("round", best.round())
                    .put("loss", Double.toHexString(best.loss()))
                    .put("accuracy", Double.toHexString(best.accuracy())));
    node.set("identity", checkpoint.identity().toJson());
    node.put("metricsWritten", checkpoint.metrics().written());
    checkpoint.metrics().pending().forEach(node.putArray("metricsPending")::add);
    return node;
  }

  private static void write(OutputStream out, float[] values) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK / Float.BYTES) {
      int count = Math.min(CHUNK / Float.BYTES, values.length - from);
      buffer.asFloatBuffer().put(values, from, count);
      out.write(buffer.array(), 0, count * Float.BYTES);
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
   * Reads a checkpoint.
   *
   * @throws OtherFormatException if it is a checkpoint of another format
   * @throws IOException if the bytes are not a whole checkpoint
   */
  static Checkpoint read(InputStream stream, long length) throws IOException {
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
    JsonNode header = JSON.readTree(headerBytes);
    SortedMap<String, Integer> lengths = lengths(header);
    long values = lengths.values().stream().mapToLong(Integer::longValue).sum();
    long expected = 3L * Integer.BYTES + headerLength + values * Float.BYTES + Long.BYTES;
    if (length != expected) {
      throw new IOException("expected " + expected + " bytes, found " + length);
    }
    SortedMap<String, float[]> arrays = new TreeMap<>();
    for (Map.Entry<String, Integer> array : lengths.entrySet()) {
      arrays.put(array.getKey(), read(in, array.getValue()));
    }
    requireChecksum(checked, in);
    try {
      return checkpoint(header, arrays);
    } catch (IllegalArgumentException e) {
      throw new IOException("a header that makes no sense: " + e.getMessage(), e);
    }
  }

  /** How long the arrays after the header are, by name and in their order. */
  private static SortedMap<String, Integer> lengths(JsonNode header) throws IOException {
    SortedMap<String, Integer> lengths = new TreeMap<>();
    for (Map.Entry<String, JsonNode> array : header.path("arrays").properties()) {
      if (!array.getValue().isInt() || array.getValue().intValue() < 0) {
        throw new IOException("a header without the lengths of its arrays");
      }
      lengths.put(array.getKey(), array.getValue().intValue());
    }
    return lengths;
  }

  private static void requireChecksum(CheckedInputStream checked, DataInputStream in)
      throws IOException {
    long checksum = checked.getChecksum().getValue();
    if (in.readLong() != checksum) {
      throw new IOException("wrong checksum");
    }
  }

  private static float[] read(DataInputStream in, int count) throws IOException {
    float[] values = new float[count];
    byte[] bytes = new byte[CHUNK];
    for (int from = 0; from < count; from += CHUNK / Float.BYTES) {
      int part = Math.min(CHUNK / Float.BYTES, count - from);
      in.readFully(bytes, 0, part * Float.BYTES);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values, from, part);
    }
    return values;
  }

  private static Checkpoint checkpoint(JsonNode header, SortedMap<String, float[]> arrays)
      throws IOException {
    float[] bestParameters = arrays.remove(BEST);
    if (header.has(BEST) != (bestParameters != null)) {
      throw new IOException("a header with the best evaluation or its parameters alone");
    }
    JsonNode totals = header.path("totals");
    JsonNode early = header.path("earlyStopping");
    JsonNode best = header.path("best");
    List<String> pending = new ArrayList<>();
    header.path("metricsPending").forEach(line -> pending.add(line.asText()));
    TrainingState state =
        new TrainingState(
            new Position(header.path("epoch").asInt(), header.path("round").asInt()),
            ModelState.of(arrays),
            new Totals(
                totals.path("rounds").asLong(),
                totals.path("examples").asLong(),
                totals.path("seconds").asDouble(),
                new EpochTotals(
                    totals.path("epochExamples").asLong(),
                    totals.path("epochFingerprint").asLong(),
                    hex(totals.path("epochLossSum")))),
            new EarlyStopping.Progress(
                hex(early.path("best")), early.path("withoutImprovement").asInt()),
            Optional.ofNullable(bestParameters)
                .map(
                    parameters ->
                        new Best(
                            best.path("epoch").asInt(),
                            best.path("round").asLong(),
                            hex(best.path("loss")),
                            hex(best.path("accuracy")),
                            parameters)),
            Status.valueOf(header.path("status").asText()));
    return new Checkpoint(
        state,
        RunIdentity.parse(header.path("identity"))
            .orElseThrow(() -> new IOException("it does not say which run it belongs to")),
        new Checkpoint.Metrics(header.path("metricsWritten").asInt(), pending));
  }

  private static double hex(JsonNode node) {
    return Double.parseDouble(node.asText());
  }
}
