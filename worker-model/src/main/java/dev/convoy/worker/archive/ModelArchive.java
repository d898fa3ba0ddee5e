package dev.convoy.worker.archive;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.source.NumberScale;
import dev.convoy.worker.model.ParameterCount;
import dev.convoy.worker.natives.NativeLibraries;
import dev.convoy.worker.optimizer.Segment;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A trained network in a file that plain Deeplearning4j restores ({@code
 * ModelSerializer.restoreComputationGraph}), plus one entry of JSON that Deeplearning4j passes
 * over.
 *
 * <p>Only those entries are ever read, whatever else a foreign zip holds: see {@link ModelEntries}.
 * The same model gives the same bytes.
 */
public final class ModelArchive {
  private static final String LONGEST_SIDE = "longest-side";
  private static final String CONFIGURATION = "configuration.json";
  private static final String COEFFICIENTS = "coefficients.bin";
  static final String CARD = "convoy.json";

  /** All that is written. */
  static final Set<String> ENTRIES = Set.of(CONFIGURATION, COEFFICIENTS, CARD);

  /** What the configuration of a MultiLayerNetwork has, and that of a ComputationGraph has not. */
  private static final String LAYERS_ONE_AFTER_ANOTHER = "confs";

  private static final int MAX_JSON_BYTES = 16 << 20;
  private static final int MAX_SHAPE_LENGTH = 64;
  private static final int BLOCK = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelArchive() {}

  /**
   * A restored model.
   *
   * @param network initialised
   * @param card what to feed it
   */
  public record Model(ComputationGraph network, ModelCard card) {}

  /** Writes a model; the stream stays open. */
  public static void write(ComputationGraph network, ModelCard card, OutputStream out)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out));
    put(zip, CONFIGURATION);
    zip.write(network.getConfiguration().toJson().getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
    put(zip, COEFFICIENTS);
    DataOutputStream coefficients = new DataOutputStream(zip);
    Nd4j.write(network.params(), coefficients);
    coefficients.flush();
    zip.closeEntry();
    put(zip, CARD);
    zip.write(toJson(card));
    zip.closeEntry();
    zip.finish();
    zip.flush();
  }

  private static void put(ZipOutputStream zip, String name) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0);
    zip.putNextEntry(entry);
  }

  /**
   * Restores a model from the bytes of its file.
   *
   * @param name of the file, for messages
   * @throws DataException if it is none that {@link #write} wrote
   */
  public static Model read(byte[] file, String name) {
    try {
      return read(new ByteArrayInputStream(file), name);
    } catch (IOException e) {
      throw new UncheckedIOException("Bytes in memory do not fail", e);
    }
  }

  /**
   * Reads a model that {@link #write} wrote.
   *
   * @param name of the file, for messages
   * @throws DataException if it is anything else
   */
  public static Model read(InputStream in, String name) throws IOException {
    return reading(new ModelEntries(in, name, "Convoy"), ModelArchive::read);
  }

  /** Makes something of a file. */
  private interface Reading<T> {
    T read(ModelEntries entries) throws IOException;
  }

  private static <T> T reading(ModelEntries entries, Reading<T> reading) throws IOException {
    try {
      return reading.read(entries);
    } catch (DataException e) {
      throw e;
    } catch (StackOverflowError e) {
      throw entries.unreadable("found JSON that is nested too deeply", e);
    } catch (RuntimeException
        | ZipException
        | EOFException
        | UTFDataFormatException
        | JacksonException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw entries.unreadable(reason.lines().findFirst().orElse(""), e);
    }
  }

  private static Model read(ModelEntries entries) throws IOException {
    NativeLibraries.load();
    ComputationGraphConfiguration configuration =
        ComputationGraphConfiguration.fromJson(configuration(entries));
    List<float[]> parameters = parameters(entries, ParameterCount.of(configuration));
    ModelCard card = fromJson(json(entries, CARD));
    entries.requireEnd();
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    assign(network.params(), parameters);
    return new Model(network, card);
  }

  /**
   * The parameters of a saved network.
   *
   * @param segments whose they are
   * @param values flat
   */
  public record Parameters(List<Segment> segments, float[] values) {}

  /**
   * Reads the parameters alone of a file that {@link #write} or Deeplearning4j's {@code
   * ModelSerializer} wrote.
   *
   * @param name of the file, for messages
   * @throws DataException if it is anything else
   */
  public static Parameters readParameters(InputStream in, String name) throws IOException {
    return reading(
        new ModelEntries(in, name, "Convoy or Deeplearning4j"), ModelArchive::parameters);
  }

  private static Parameters parameters(ModelEntries entries) throws IOException {
    NativeLibraries.load();
    String json = configuration(entries);
    if (JSON.readTree(json).has(LAYERS_ONE_AFTER_ANOTHER)) {
      MultiLayerConfiguration configuration = MultiLayerConfiguration.fromJson(json);
      float[] values = joined(parameters(entries, ParameterCount.of(configuration)));
      entries.requireEnd();
      MultiLayerNetwork network = new MultiLayerNetwork(configuration);
      network.init();
      return new Parameters(Segment.of(network), values);
    }
    ComputationGraphConfiguration configuration = ComputationGraphConfiguration.fromJson(json);
    float[] values = joined(parameters(entries, ParameterCount.of(configuration)));
    entries.requireEnd();
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return new Parameters(Segment.of(network), values);
  }

  private static float[] joined(List<float[]> blocks) {
    FloatBuffer values = FloatBuffer.allocate(blocks.stream().mapToInt(one -> one.length).sum());
    blocks.forEach(values::put);
    return values.array();
  }

  private static void assign(INDArray vector, List<float[]> blocks) {
    INDArray row = vector.reshape(1, vector.length());
    long from = 0;
    for (float[] block : blocks) {
      row.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + block.length))
          .assign(Nd4j.createFromArray(block).reshape(1, block.length));
      from += block.length;
    }
  }

  private static String configuration(ModelEntries entries) throws IOException {
    return new String(json(entries, CONFIGURATION), StandardCharsets.UTF_8);
  }

  /** What the file holds is read before a network is made that claims to be as large. */
  private static List<float[]> parameters(ModelEntries entries, int count) throws IOException {
    return floats(entries.next(COEFFICIENTS), count);
  }

  private static byte[] json(ModelEntries entries, String name) throws IOException {
    InputStream in = entries.next(name);
    byte[] content = in.readNBytes(MAX_JSON_BYTES);
    if (in.read() >= 0) {
      throw entries.unreadable("found more than " + MAX_JSON_BYTES + " bytes in " + name, null);
    }
    return content;
  }

  /**
   * The values of a vector as ND4J writes it: kind of memory, length and type of the shape, the
   * shape; the same of the values, and they. ND4J's own reader would hand the shape to native code
   * as it stands, and a wrong one takes the process down.
   *
   * @return the values in blocks, as far as they were there to be read
   */
  private static List<float[]> floats(InputStream entry, int count) throws IOException {
    DataInputStream in = new DataInputStream(entry);
    in.readUTF();
    long shapeLength = in.readLong();
    requireType("LONG", in.readUTF());
    if (shapeLength < 0 || shapeLength > MAX_SHAPE_LENGTH) {
      throw new IllegalArgumentException("a broken header in " + COEFFICIENTS);
    }
    in.skipNBytes(shapeLength * Long.BYTES);
    in.readUTF();
    long length = in.readLong();
    requireType("FLOAT", in.readUTF());
    if (length != count) {
      throw new IllegalArgumentException(
          "its network has " + count + " parameters, its " + COEFFICIENTS + " " + length);
    }
    List<float[]> blocks = new ArrayList<>();
    for (int from = 0; from < count; from += BLOCK) {
      float[] block = new float[Math.min(BLOCK, count - from)];
      byte[] bytes = in.readNBytes(block.length * Float.BYTES);
      if (bytes.length < block.length * Float.BYTES) {
        throw new IllegalArgumentException(
            (from + bytes.length / Float.BYTES) + " of " + count + " values in " + COEFFICIENTS);
      }
      ByteBuffer.wrap(bytes).asFloatBuffer().get(block);
      blocks.add(block);
    }
    if (in.read() >= 0) {
      throw new IllegalArgumentException("more than " + count + " values in " + COEFFICIENTS);
    }
    return blocks;
  }

  private static void requireType(String expected, String found) {
    if (!found.equals(expected)) {
      throw new IllegalArgumentException("values of type " + found + " in " + COEFFICIENTS);
    }
  }

  private static byte[] toJson(ModelCard card) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("model", card.model());
    node.set("image", toJson(card.store()));
    card.labels().forEach(node.putArray("labels")::add);
    ObjectNode normalization = node.putObject("normalization");
    put(normalization.putArray("mean"), card.normalization().mean());
    put(normalization.putArray("deviation"), card.normalization().deviation());
    card.numbers()
        .ifPresent(
            scale -> {
              ObjectNode numbers = node.putObject("numbers");
              Arrays.stream(scale.means()).forEach(numbers.putArray("mean")::add);
              Arrays.stream(scale.deviations()).forEach(numbers.putArray("deviation")::add);
            });
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
  }

  /** The shapes of images as JSON. */
  public static ObjectNode toJson(StoredShape store) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("height", store.input().height())
            .put("width", store.input().width())
            .put("channels", store.input().channels());
    return store.isResized() ? node : node.put(LONGEST_SIDE, store.longestSide());
  }

  /** What {@link #toJson(StoredShape)} wrote; throws what is no argument of the shapes. */
  public static StoredShape storeFromJson(JsonNode node) {
    return new StoredShape(
        new ImageShape(
            node.required("height").asInt(),
            node.required("width").asInt(),
            node.required("channels").asInt()),
        node.path(LONGEST_SIDE).asInt(0));
  }

  private static void put(ArrayNode array, float[] values) {
    for (float value : values) {
      array.add(value);
    }
  }

  private static ModelCard fromJson(byte[] json) throws IOException {
    JsonNode node = JSON.readTree(json);
    List<String> labels = new ArrayList<>();
    node.required("labels").forEach(label -> labels.add(label.asText()));
    JsonNode normalization = node.required("normalization");
    return new ModelCard(
        node.required("model").asText(),
        storeFromJson(node.required("image")),
        labels,
        Normalization.of(
            floats(normalization.required("mean")), floats(normalization.required("deviation"))),
        scale(node.path("numbers"), labels.size()));
  }

  private static Optional<NumberScale> scale(JsonNode node, int outputs) {
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    double[] means = doubles(node.required("mean"));
    double[] deviations = doubles(node.required("deviation"));
    if (means.length != outputs || deviations.length != outputs) {
      throw new IllegalArgumentException("a mean and a deviation for another number of outputs");
    }
    return Optional.of(new NumberScale(means, deviations));
  }

  private static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    Arrays.setAll(values, i -> array.get(i).doubleValue());
    return values;
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }
}
