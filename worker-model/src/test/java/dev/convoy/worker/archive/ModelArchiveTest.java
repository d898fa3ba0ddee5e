package dev.convoy.worker.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ModelArchiveTest {
  private static final ModelCard CARD =
      new ModelCard(
          "a model",
          StoredShape.resized(new ImageShape(12, 12, 3)),
          List.of("cat", "größer, \"quoted\"", "dog"),
          Normalization.of(new float[] {0.1f, 0.2f, 1 / 3f}, new float[] {0.7f, 0.8f, 0.9f}),
          Optional.empty());
  private static final String EXPECTED =
      "Cannot read the model m.zip: expected a model.zip that Convoy wrote, ";

  @ParameterizedTest
  @ValueSource(strings = {"linear", "lenet-5", "resnet-20"})
  void aRoundTripKeepsEveryBitAndTheCard(String name) throws IOException {
    ComputationGraph network = network(name);
    ModelArchive.Model model = read(write(network));
    assertThat(model.network().params().toFloatVector())
        .isEqualTo(network.params().toFloatVector());
    assertThat(model.card()).isEqualTo(CARD);
    assertThat(model.network().outputSingle(images())).isEqualTo(network.outputSingle(images()));
  }

  @Test
  void theSameModelGivesTheSameBytes() throws IOException {
    byte[] zip = write(network("lenet-5"));
    assertThat(write(network("lenet-5"))).isEqualTo(zip);
    assertThat(write(read(zip).network())).isEqualTo(zip);
  }

  @Test
  void theStreamStaysOpen() throws IOException {
    boolean[] closed = {false};
    ModelArchive.write(
        network("linear"),
        CARD,
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed[0] = true;
          }
        });
    assertThat(closed[0]).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "lenet-5", "resnet-20"})
  void plainDeeplearning4jRestoresIt(String name) throws IOException {
    ComputationGraph network = network(name);
    ComputationGraph restored =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(write(network)));
    assertThat(restored.params().toFloatVector()).isEqualTo(network.params().toFloatVector());
    assertThat(restored.outputSingle(images())).isEqualTo(network.outputSingle(images()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not a zip", "PK\u0003\u0004 but no more"})
  void garbageIsRefused(String content) {
    assertRefused(content.getBytes(StandardCharsets.UTF_8), "");
  }

  @Test
  void aZipWithoutTheEntriesIsRefusedByTheFirstThatIsMissing() throws IOException {
    Map<String, byte[]> entries = entries(write(network("linear")));
    for (String missing : List.of("configuration.json", "coefficients.bin", "convoy.json")) {
      Map<String, byte[]> others = new LinkedHashMap<>(entries);
      others.remove(missing);
      assertRefused(zip(others), "found no entry " + missing + ".");
    }
    assertRefused(zip(Map.of()), "found no entry configuration.json.");
  }

  @Test
  void aModelOfPlainDeeplearning4jIsRefused() throws IOException {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network("linear"), zip, false);
    assertRefused(zip.toByteArray(), "found no entry convoy.json.");
  }

  @Test
  void aTruncatedFileIsRefusedWhereverItIsCut() throws IOException {
    byte[] zip = write(network("linear"));
    int central = indexOfCentralDirectory(zip);
    Random random = new Random(1);
    for (int i = 0; i < 40; i++) {
      byte[] cut = Arrays.copyOf(zip, random.nextInt(central));
      assertThatThrownBy(() -> read(cut))
          .as("%d of %d bytes", cut.length, zip.length)
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith(EXPECTED);
    }
  }

  @Test
  void coefficientsOfAnotherNetworkAreRefused() throws IOException {
    Map<String, byte[]> entries = entries(write(network("linear")));
    long others = network("lenet-5").numParams();
    byte[] larger = entries(write(network("lenet-5"))).get("coefficients.bin");
    assertRefused(
        zip(replaced(entries, "coefficients.bin", larger)),
        String.format(
            Locale.ROOT, "its network has 1299 parameters, its coefficients.bin %d.", others));
    assertRefused(
        zip(
            replaced(
                entries(write(network("lenet-5"))),
                "coefficients.bin",
                entries.get("coefficients.bin"))),
        String.format(
            Locale.ROOT, "its network has %d parameters, its coefficients.bin 1299.", others));
  }

  @Test
  void moreOrFewerCoefficientsThanTheFileSaysAreRefused() throws IOException {
    Map<String, byte[]> entries = entries(write(network("linear")));
    byte[] coefficients = entries.get("coefficients.bin");
    assertRefused(
        zip(replaced(entries, "coefficients.bin", Arrays.copyOf(coefficients, 5000))),
        ""); // a last value that is cut
    assertRefused(
        zip(
            replaced(
                entries, "coefficients.bin", Arrays.copyOf(coefficients, coefficients.length + 9))),
        "more than 1299 values in coefficients.bin.");
  }

  /** A thousand bytes would otherwise allocate a hundred gigabytes before they are refused. */
  @ParameterizedTest
  @CsvSource({
    // What a layer has of its own, and what is said of it.
    "20000000000, 'a layer of 60000000003 parameters.'",
    "600000000, '0 of 1800000003 values in coefficients.bin.'",
    "9223372036854775807, ''",
    "4611686018427387904, ''",
    "6148914691236517205, ''", // times 3 plus 3 is 2 in a long
    "-5, ''"
  })
  void aNetworkThatClaimsMoreThanTheFileHoldsIsRefusedBeforeItIsMade(long inputs, String found)
      throws IOException {
    Map<String, byte[]> entries = entries(write(network("linear")));
    String configuration =
        new String(entries.get("configuration.json"), StandardCharsets.UTF_8)
            .replaceAll("\"nin\" : \\d+", "\"nin\" : " + inputs);
    assertThat(configuration).contains(String.valueOf(inputs));
    ByteArrayOutputStream coefficients = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(coefficients);
    out.writeUTF("LONG_SHAPE");
    out.writeLong(0);
    out.writeUTF("LONG");
    out.writeUTF("LONG_SHAPE");
    out.writeLong(3 * inputs + 3);
    out.writeUTF("FLOAT");
    if (3 * inputs + 3 == 2) {
      out.writeLong(0);
    }
    Map<String, byte[]> huge =
        replaced(entries, "configuration.json", configuration.getBytes(StandardCharsets.UTF_8));
    byte[] zip = zip(replaced(huge, "coefficients.bin", coefficients.toByteArray()));
    assertThat(zip.length).isLessThan(4096);
    assertRefused(zip, found);
    assertParametersRefused(zip, found);
  }

  @ParameterizedTest
  @CsvSource({
    "20000000000, 'a layer of 60000000003 parameters.'",
    "600000000, 'its network has 1800000003 parameters, its coefficients.bin 9.'",
    "9223372036854775807, ''",
    "-5, ''"
  })
  void layersOneAfterAnotherThatClaimMoreThanTheFileHoldsAreRefusedBeforeTheyAreMade(
      long inputs, String found) throws IOException {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(new OutputLayer.Builder().nIn(2).nOut(3).build())
                .build());
    network.init();
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, zip, false);
    Map<String, byte[]> entries = entries(zip.toByteArray());
    String configuration =
        new String(entries.get("configuration.json"), StandardCharsets.UTF_8)
            .replaceAll("\"nin\" : \\d+", "\"nin\" : " + inputs);
    assertThat(configuration).contains(String.valueOf(inputs));
    assertParametersRefused(
        zip(
            replaced(
                entries, "configuration.json", configuration.getBytes(StandardCharsets.UTF_8))),
        found);
  }

  private static void assertParametersRefused(byte[] zip, String found) {
    assertThatThrownBy(() -> ModelArchive.readParameters(new ByteArrayInputStream(zip), "m.zip"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot read the model m.zip: expected a model.zip that Convoy or Deeplearning4j wrote, "
                + found)
        .hasMessageEndingWith(".");
  }

  @Test
  void jsonThatIsNestedTooDeeplyIsRefused() throws IOException {
    Map<String, byte[]> entries = entries(write(network("linear")));
    for (String open : new String[] {"[", "{\"vertices\":", "{\"vertices\":{\"a\":[", "{\"a\":"}) {
      byte[] bomb = open.repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
      assertRefused(zip(replaced(entries, "configuration.json", bomb)), "");
      assertRefused(zip(replaced(entries, "convoy.json", bomb)), "");
    }
  }

  /** 700 bytes may inflate to any size: what is not asked for is not read. */
  @Test
  void anEntryThatInflatesBeyondItsBoundIsRefused() throws IOException {
    Map<String, byte[]> entries = entries(write(network("linear")));
    byte[] spaces = new byte[20 << 20];
    Arrays.fill(spaces, (byte) ' ');
    for (String name : List.of("configuration.json", "convoy.json")) {
      assertRefused(
          zip(replaced(entries, name, spaces)), "found more than 16777216 bytes in " + name + ".");
    }
  }

  @Test
  void coefficientsThatAreNoFloatsAreRefused() throws IOException {
    ByteArrayOutputStream doubles = new ByteArrayOutputStream();
    Nd4j.write(network("linear").params().castTo(DataType.DOUBLE), new DataOutputStream(doubles));
    assertRefused(
        zip(replaced(entries(write(network("linear"))), "coefficients.bin", doubles.toByteArray())),
        "values of type DOUBLE in coefficients.bin.");
  }

  /** A wrong shape would crash the process, if it came as far as native code. */
  @Test
  void brokenCoefficientsAreRefusedOrHoldTheSameValues() throws IOException {
    ComputationGraph network = network("linear");
    Map<String, byte[]> entries = entries(write(network));
    byte[] coefficients = entries.get("coefficients.bin");
    int header = Math.toIntExact(coefficients.length - 4 * network.numParams());
    for (int bit = 0; bit < 8 * header; bit++) {
      byte[] broken = coefficients.clone();
      broken[bit / 8] ^= (byte) (1 << bit % 8);
      byte[] zip = zip(replaced(entries, "coefficients.bin", broken));
      try {
        assertThat(read(zip).network().params().toFloatVector())
            .as("bit %d", bit)
            .isEqualTo(network.params().toFloatVector());
      } catch (DataException refused) {
        assertThat(refused).hasMessageStartingWith(EXPECTED);
      }
    }
    for (int length = 0; length < coefficients.length; length += 37) {
      assertRefused(
          zip(replaced(entries, "coefficients.bin", Arrays.copyOf(coefficients, length))), "");
    }
  }

  @Test
  void aBrokenCardIsRefused() throws IOException {
    Map<String, byte[]> entries = entries(write(network("linear")));
    String card = new String(entries.get("convoy.json"), StandardCharsets.UTF_8);
    for (String broken : List.of("", "{", "[]", "{}", card.replace("\"labels\"", "\"names\""))) {
      assertRefused(
          zip(replaced(entries, "convoy.json", broken.getBytes(StandardCharsets.UTF_8))), "");
    }
  }

  @Test
  void aBrokenConfigurationIsRefused() throws IOException {
    Map<String, byte[]> entries = entries(write(network("linear")));
    for (String broken : List.of("", "{", "[]", "{}", "null")) {
      assertRefused(
          zip(replaced(entries, "configuration.json", broken.getBytes(StandardCharsets.UTF_8))),
          "");
    }
  }

  private static void assertRefused(byte[] zip, String found) {
    assertThatThrownBy(() -> read(zip))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(EXPECTED + found)
        .hasMessageEndingWith(".");
  }

  private static ComputationGraph network(String name) {
    return Models.create(ComponentSettings.defaults(name), new InputShape(12, 12, 3, 3), 1);
  }

  private static INDArray images() {
    Random random = new Random(2);
    float[] values = new float[4 * 3 * 12 * 12];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.create(values, new long[] {4, 3, 12, 12}, 'c');
  }

  private static byte[] write(ComputationGraph network) throws IOException {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    ModelArchive.write(network, CARD, zip);
    return zip.toByteArray();
  }

  private static ModelArchive.Model read(byte[] zip) throws IOException {
    return ModelArchive.read(new ByteArrayInputStream(zip), "m.zip");
  }

  private static Map<String, byte[]> entries(byte[] bytes) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes));
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      entries.put(entry.getName(), zip.readAllBytes());
    }
    return entries;
  }

  private static Map<String, byte[]> replaced(
      Map<String, byte[]> entries, String name, byte[] content) {
    Map<String, byte[]> replaced = new LinkedHashMap<>(entries);
    replaced.put(name, content);
    return replaced;
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** Behind it there is nothing that a reader of the entries in their order needs. */
  private static int indexOfCentralDirectory(byte[] zip) {
    for (int i = 0; i < zip.length - 4; i++) {
      if (zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] == 1 && zip[i + 3] == 2) {
        return i;
      }
    }
    throw new AssertionError("no central directory");
  }
}
