package dev.convoy.worker.archive;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.batch.Normalization;
import dev.convoy.worker.accelerator.Accelerator;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained network in a file that plain Deeplearning4j restores ({@code
 * ModelSerializer.restoreComputationGraph}), plus one entry of JSON that Deeplearning4j passes
 * over.
 *
 * <p>Only those entries are ever read: a Java-serialized preprocessor in a foreign zip is left
 * alone. The same model gives the same bytes.
 */
public final class ModelArchive {
  private static final String CONFIGURATION = "configuration.json";
  private static final String COEFFICIENTS = "coefficients.bin";
  private static final String CARD = "convoy.json";
  private static final int LARGEST_JSON = 16 << 20;
  private static final int LARGEST_ARRAY_HEADER = 4096;
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelArchive() {}

  /**
   * A restored model.
   *
   * @param network initialised and accelerated
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
   * Reads a model that {@link #write} wrote.
   *
   * @param name of the file, for messages
   * @throws DataException if it is anything else
   */
  public static Model read(InputStream in, String name, Accelerator.Settings accelerator)
      throws IOException {
    try {
      Map<String, byte[]> entries = entries(in);
      for (String entry : List.of(CONFIGURATION, COEFFICIENTS, CARD)) {
        if (!entries.containsKey(entry)) {
          throw unreadable(name, "found no entry " + entry, null);
        }
      }
      ModelCard card = fromJson(entries.get(CARD));
      ComputationGraph network =
          new ComputationGraph(
              ComputationGraphConfiguration.fromJson(
                  new String(entries.get(CONFIGURATION), StandardCharsets.UTF_8)));
      network.init();
      byte[] coefficients = entries.get(COEFFICIENTS);
      long expected = network.numParams() * DataType.FLOAT.width();
      if (coefficients.length < expected || coefficients.length > expected + LARGEST_ARRAY_HEADER) {
        throw unreadable(
            name,
            "its network has "
                + network.numParams()
                + " parameters, its "
                + COEFFICIENTS
                + " "
                + coefficients.length
                + " bytes",
            null);
      }
      INDArray parameters = Nd4j.read(new DataInputStream(new ByteArrayInputStream(coefficients)));
      if (parameters.length() != network.numParams()) {
        throw unreadable(
            name,
            "its network has "
                + network.numParams()
                + " parameters, its "
                + COEFFICIENTS
                + " "
                + parameters.length(),
            null);
      }
      network.setParams(parameters);
      Accelerator.install(network, accelerator);
      return new Model(network, card);
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException | ZipException | EOFException | JacksonException e) {
      throw unreadable(name, String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    }
  }

  /** Entries by name; a JSON entry's size is bounded, the coefficients' by the zip they came in. */
  private static Map<String, byte[]> entries(InputStream in) throws IOException {
    Map<String, byte[]> entries = new HashMap<>();
    ZipInputStream zip = new ZipInputStream(in);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      switch (entry.getName()) {
        case CONFIGURATION, CARD -> entries.put(entry.getName(), zip.readNBytes(LARGEST_JSON));
        case COEFFICIENTS -> entries.put(COEFFICIENTS, zip.readAllBytes());
        default -> {}
      }
    }
    return entries;
  }

  private static DataException unreadable(String name, String found, Throwable cause) {
    return new DataException(
        "Cannot read the model "
            + name
            + ": expected a model.zip that Convoy wrote, "
            + found
            + ".",
        cause);
  }

  private static byte[] toJson(ModelCard card) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("model", card.model());
    node.putObject("image")
        .put("height", card.shape().height())
        .put("width", card.shape().width())
        .put("channels", card.shape().channels());
    card.labels().forEach(node.putArray("labels")::add);
    ObjectNode normalization = node.putObject("normalization");
    put(normalization.putArray("mean"), card.normalization().mean());
    put(normalization.putArray("deviation"), card.normalization().deviation());
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
  }

  private static void put(ArrayNode array, float[] values) {
    for (float value : values) {
      array.add(value);
    }
  }

  private static ModelCard fromJson(byte[] json) throws IOException {
    JsonNode node = JSON.readTree(json);
    JsonNode image = node.required("image");
    List<String> labels = new ArrayList<>();
    node.required("labels").forEach(label -> labels.add(label.asText()));
    JsonNode normalization = node.required("normalization");
    return new ModelCard(
        node.required("model").asText(),
        new ImageShape(
            image.required("height").asInt(),
            image.required("width").asInt(),
            image.required("channels").asInt()),
        labels,
        Normalization.of(
            floats(normalization.required("mean")), floats(normalization.required("deviation"))));
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }
}
