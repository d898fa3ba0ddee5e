package dev.convoy.worker.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ModelArchive.Parameters;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.Segment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class WeightTransferTest {
  private static ComputationGraph resnet(int classes, long seed) {
    ComputationGraph network =
        Models.create(
            new ComponentSettings("resnet-20", Map.of("width", 2)),
            new InputShape(8, 8, 3, classes),
            seed);
    // Statistics and constants differ, too, once a network has been trained.
    network.params().addi(Nd4j.rand(network.params().shape()).muli(0.1).addi(seed));
    return network;
  }

  private static WeightTransfer transfer(
      ComputationGraph source, ComputationGraph network, String... layers) {
    return transfer(
        new Parameters(Segment.of(source), source.params().toFloatVector()), network, layers);
  }

  private static WeightTransfer transfer(
      Parameters source, ComputationGraph network, String... layers) {
    return WeightTransfer.of(
        source,
        new LayerNames(List.of(layers)),
        Segment.of(network),
        network.params().toFloatVector());
  }

  private static float[] layer(ComputationGraph network, float[] parameters, Segment segment) {
    Segment same =
        Segment.of(network).stream()
            .filter(one -> one.layer().equals(segment.layer()))
            .filter(one -> one.parameter().equals(segment.parameter()))
            .findFirst()
            .orElseThrow();
    int from = (int) same.offset();
    return Arrays.copyOfRange(parameters, from, from + (int) same.length());
  }

  @Test
  void layersOfTheSameShapeAreTakenWithTheirStatisticsAndTheHeadIsDrawn() {
    ComputationGraph source = resnet(8, 1);
    ComputationGraph network = resnet(2, 2);
    float[] drawn = network.params().toFloatVector();
    WeightTransfer transfer = transfer(source, network, "*");
    float[] there = source.params().toFloatVector();
    for (Segment segment : Segment.of(network)) {
      assertThat(layer(network, transfer.parameters(), segment))
          .as("%s", segment)
          .isEqualTo(
              segment.layer().equals("output")
                  ? layer(network, drawn, segment)
                  : layer(source, there, segment));
    }
    assertThat(transfer.taken()).hasSize(42).doesNotContain("output");
    assertThat(transfer.drawn()).containsExactly(Map.entry("output", "W 8 × 8 there, 8 × 2 here"));
    assertThat(network.params().toFloatVector()).isEqualTo(drawn);
  }

  @Test
  void onlyLayersThatAreAskedForAreTaken() {
    ComputationGraph source = resnet(8, 1);
    ComputationGraph network = resnet(8, 2);
    assertThat(transfer(source, network, "stage1-*", "output").taken())
        .hasSize(13)
        .contains("output")
        .allMatch(layer -> layer.startsWith("stage1-") || layer.equals("output"));
    assertThat(transfer(source, network, "stage1-*").drawn())
        .hasSize(31)
        .containsEntry("output", "not asked for");
  }

  @Test
  void whatTheOtherNetworkLacksIsDrawn() {
    ComputationGraph source =
        Models.create(
            new ComponentSettings("mlp", Map.of("hidden", List.of(5))),
            new InputShape(8, 8, 3, 2),
            1);
    WeightTransfer transfer = transfer(source, resnet(2, 2), "*");
    assertThat(transfer.taken()).isEmpty();
    assertThat(transfer.drawn())
        .containsEntry("stage1-block1-first-conv", "not there")
        .containsEntry("output", "W 5 × 2 there, 8 × 2 here");
  }

  private static ComputationGraph perceptron() {
    return Models.create(
        new ComponentSettings("mlp", Map.of("hidden", List.of(4))), new InputShape(3, 3, 1, 2), 5);
  }

  private static MultiLayerConfiguration layers(String hidden, String last) {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .list()
        .layer(new DenseLayer.Builder().name(hidden).nOut(4).activation(Activation.RELU).build())
        .layer(
            new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .name(last)
                .nOut(7)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.convolutional(3, 3, 1))
        .build();
  }

  private static Parameters written(Model network) throws IOException {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, zip, true);
    return ModelArchive.readParameters(new ByteArrayInputStream(zip.toByteArray()), "m.zip");
  }

  @Test
  void layersOfPlainDeeplearning4jAreTakenByTheirNames() throws IOException {
    MultiLayerNetwork plain = new MultiLayerNetwork(layers("dense1", "output"));
    plain.init();
    ComputationGraph network = perceptron();
    WeightTransfer transfer = transfer(written(plain), network, "*");
    assertThat(transfer.taken()).containsExactly("dense1");
    assertThat(transfer.drawn()).containsExactly(Map.entry("output", "W 4 × 7 there, 4 × 2 here"));
    network.setParams(Nd4j.createFromArray(transfer.parameters()));
    assertThat(network.getLayer("dense1").getParam("W")).isEqualTo(plain.getLayer(0).getParam("W"));
    assertThat(network.getLayer("dense1").getParam("b")).isEqualTo(plain.getLayer(0).getParam("b"));
  }

  @Test
  void layersWithoutNamesAreNumbered() throws IOException {
    MultiLayerNetwork plain = new MultiLayerNetwork(layers(null, null));
    plain.init();
    assertThat(written(plain).segments())
        .extracting(Segment::layer)
        .containsExactly("layer0", "layer0", "layer1", "layer1");
  }

  @Test
  void aGraphOfPlainDeeplearning4jIsReadAsItIs() throws IOException {
    ComputationGraph network = resnet(3, 4);
    Parameters read = written(network);
    assertThat(read.values()).isEqualTo(network.params().toFloatVector());
    assertThat(transfer(read, resnet(3, 5), "*").drawn()).isEmpty();
  }
}
