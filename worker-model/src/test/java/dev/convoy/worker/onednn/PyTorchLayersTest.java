package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.model.ActivationFunction;
import dev.convoy.worker.model.ChannelNormalization;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.layer.AdaptivePooling;
import dev.convoy.worker.model.layer.GroupedConvolution;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.bytedeco.dnnl.global.dnnl;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Compiled layers give PyTorch's results, gradients of images and gradients of parameters:
 * pytorch_layers.txt.gz holds them, and pytorch_layers.py made the file.
 */
class PyTorchLayersTest {
  /** Of sums of floats, as a share of the largest value. */
  private static final double FLOAT_ROUNDING = 1e-5;

  private static final Pattern SPACE = Pattern.compile(" ");
  private static final int BATCH = 2;
  private static final InputShape INPUT = new InputShape(4, 3, 16, 3);
  private static final InputType IMAGES = InputType.convolutional(4, 3, 16);
  private static final Map<String, float[]> BATCHES = new LinkedHashMap<>();

  /** Lines of each layer, by its name. */
  private static final Map<String, Map<String, float[]>> LAYERS = read();

  private static final Map<String, String> PARAMETERS =
      Map.of(
          "weight",
          "W",
          "bias",
          "b",
          "normalization weight",
          "gamma",
          "normalization bias",
          "beta");

  private static Map<String, Map<String, float[]>> read() {
    assertThat(OneDnn.problem()).isEmpty(); // loads the library
    Map<String, Map<String, float[]>> layers = new LinkedHashMap<>();
    Map<String, float[]> lines = BATCHES;
    try (InputStream file = PyTorchLayersTest.class.getResourceAsStream("pytorch_layers.txt.gz");
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(file), StandardCharsets.US_ASCII))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("layer ")) {
          lines = new LinkedHashMap<>();
          layers.put(line.substring("layer ".length()), lines);
        } else {
          String[] parts = line.split(" : ", 2);
          double[] numbers = SPACE.splitAsStream(parts[1]).mapToDouble(Float::parseFloat).toArray();
          float[] values = new float[numbers.length];
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) numbers[i];
          }
          lines.put(parts[0], values);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return layers;
  }

  private static Iterable<String> names() {
    return LAYERS.keySet();
  }

  private static ConvolutionLayer.Builder convolution(int kernel, int filters) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .convolutionMode(ConvolutionMode.Truncate)
        .nOut(filters);
  }

  private static Layer grouped(int groups, int filters) {
    GroupedConvolution layer =
        new GroupedConvolution.Builder(3, 3).groups(groups).padding(1, 1).nOut(filters).build();
    return layer;
  }

  private static SubsamplingLayer pooling(
      PoolingType type, int kernel, int padding, boolean counted) {
    return new SubsamplingLayer.Builder(type)
        .convolutionMode(ConvolutionMode.Truncate)
        .kernelSize(kernel, kernel)
        .stride(2, 2)
        .padding(padding, padding)
        .avgPoolIncludePadInDivisor(counted)
        .build();
  }

  private static Layer layer(String name) {
    if (name.startsWith("function ")) {
      ComponentSettings settings = ComponentSettings.defaults(name.substring(9));
      return ActivationFunction.FAMILY.create(settings).layer(IMAGES);
    }
    if (name.startsWith("normalization ")) {
      String member = name.substring(14);
      ComponentSettings settings =
          member.equals("group")
              ? new ComponentSettings(member, Map.of("groups", 2))
              : ComponentSettings.defaults(member);
      return ChannelNormalization.FAMILY.create(settings).layer().orElseThrow();
    }
    return switch (name) {
      case "local response" ->
          new LocalResponseNormalization.Builder().n(3).k(1).alpha(0.7).beta(0.5).build();
      case "maximum pooling" -> pooling(PoolingType.MAX, 2, 0, false);
      case "overlapping maximum pooling" -> pooling(PoolingType.MAX, 3, 1, false);
      case "mean pooling" -> pooling(PoolingType.AVG, 2, 0, false);
      case "overlapping mean pooling" -> pooling(PoolingType.AVG, 3, 1, false);
      case "mean pooling with padding" -> pooling(PoolingType.AVG, 3, 1, true);
      case "global mean pooling" -> new GlobalPoolingLayer.Builder(PoolingType.AVG).build();
      case "global maximum pooling" -> new GlobalPoolingLayer.Builder(PoolingType.MAX).build();
      case "adaptive mean pooling" -> new AdaptivePooling(PoolingType.AVG, 3, 3);
      case "adaptive mean pooling to more" -> new AdaptivePooling(PoolingType.AVG, 7, 7);
      case "adaptive maximum pooling" -> new AdaptivePooling(PoolingType.MAX, 3, 3);
      case "adaptive maximum pooling to more" -> new AdaptivePooling(PoolingType.MAX, 7, 7);
      case "convolution" -> convolution(3, 6).stride(2, 2).padding(1, 1).build();
      case "dilated convolution" -> convolution(2, 8).dilation(2, 2).build();
      case "grouped convolution" -> grouped(2, 8);
      case "depthwise convolution" -> grouped(16, 16);
      case "full connection" -> new DenseLayer.Builder().nOut(7).build();
      default -> throw new IllegalArgumentException("a layer that nobody knows here: " + name);
    };
  }

  private static ComputationGraph network(String name) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .updater(new NoOp())
            .activation(Activation.IDENTITY)
            .graphBuilder()
            .addInputs("images");
    switch (name) {
      case "maximum" ->
          graph
              .addVertex("negative", new ScaleVertex(-0.5), "images")
              .addVertex(
                  "layer", new ElementWiseVertex(ElementWiseVertex.Op.Max), "images", "negative");
      case "multiple" -> graph.addVertex("layer", new ScaleVertex(0.3), "images");
      default -> graph.addLayer("layer", layer(name), "images");
    }
    ComputationGraph network =
        new ComputationGraph(
            graph
                .addLayer(
                    "output",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(3)
                        .build(),
                    "layer")
                .setOutputs("output")
                .setInputTypes(IMAGES)
                .build());
    network.init();
    return network;
  }

  @ParameterizedTest
  @MethodSource("names")
  void aPlainLayer(String name) throws Exception {
    assertPyTorchAgrees(name, 1, Precision.FLOAT32, FLOAT_ROUNDING);
  }

  @ParameterizedTest
  @MethodSource("names")
  void aLayerOfBlockedImages(String name) throws Exception {
    assertPyTorchAgrees(name, blockOfThisMachine(), Precision.FLOAT32, FLOAT_ROUNDING);
  }

  /** Values of 8 bits are off by up to 1/512, and here some of them are summed. */
  @ParameterizedTest
  @MethodSource("names")
  void aLayerInBfloat16(String name) throws Exception {
    assumeThat(CompiledNetwork.available(Precision.BFLOAT16)).isEqualTo(Precision.BFLOAT16);
    assertPyTorchAgrees(name, 1, Precision.BFLOAT16, 0.02);
  }

  /** How many channels of a pixel its convolutions keep together: as many as a register holds. */
  private static int blockOfThisMachine() {
    int instructions = dnnl.dnnl_get_effective_cpu_isa();
    boolean narrow =
        instructions == dnnl.dnnl_cpu_isa_sse41
            || instructions == dnnl.dnnl_cpu_isa_avx2
            || instructions == dnnl.dnnl_cpu_isa_avx2_vnni;
    return narrow ? 8 : 16;
  }

  private static void assertPyTorchAgrees(
      String name, int block, Precision precision, double tolerance) throws Exception {
    Map<String, float[]> expected = LAYERS.get(name);
    ComputationGraph network = network(name);
    expected.forEach(
        (line, values) -> {
          if (line.startsWith("parameter ")) {
            flat(network.params(), network, name, line.substring(10)).put(values);
          }
        });
    try (LayerRun run = new LayerRun(network, INPUT, BATCH, block, precision)) {
      assertThat(run.results()).isEqualTo(expected.get("result").length);
      run.run(BATCHES.get("images"), BATCHES.get("gradients"), 1);
      assertClose("result", run.result(), expected.get("result"), tolerance);
      assertClose(
          "gradient of images",
          run.gradientOfImages(),
          expected.get("gradient of images"),
          tolerance);
      expected.forEach(
          (line, values) -> {
            if (line.startsWith("gradient ") && !line.equals("gradient of images")) {
              Part part = flat(network.getFlattenedGradients(), network, name, line.substring(9));
              assertClose(line, part.get(), values, tolerance);
            }
          });
    }
  }

  /** The values of a parameter in a flat vector, in the order in which they lie there. */
  private record Part(INDArray flat, int from, int length) {
    void put(float[] values) {
      assertThat(values).hasSize(length);
      for (int i = 0; i < length; i++) {
        flat.putScalar(from + i, values[i]);
      }
    }

    float[] get() {
      return Arrays.copyOfRange(flat.data().asFloat(), from, from + length);
    }
  }

  private static Part flat(
      INDArray all, ComputationGraph network, String layer, String nameInPyTorch) {
    String kind = layer.startsWith("normalization ") ? "normalization " : "";
    INDArray view = network.getLayer("layer").getParam(PARAMETERS.get(kind + nameInPyTorch));
    int from = Math.toIntExact(view.offset() - network.params().offset());
    return new Part(all.reshape(all.length()), from, Math.toIntExact(view.length()));
  }

  private static void assertClose(String what, float[] actual, float[] expected, double tolerance) {
    double largest = 0;
    double difference = 0;
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    }
    assertThat(difference).as(what).isLessThanOrEqualTo(tolerance * largest);
  }
}
