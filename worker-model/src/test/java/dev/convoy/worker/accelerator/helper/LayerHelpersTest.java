package dev.convoy.worker.accelerator.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.ModelSettings;
import dev.convoy.worker.model.Models;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

class LayerHelpersTest {
  /** Rounding through twenty layers forward, where most of it cancels; 2e-7 was seen. */
  private static final double ROUNDING = 5e-6;

  /**
   * A step alone differs by 3e-7. Where that turns one relu over, the difference jumps to 3e-5 and
   * grows some threefold a step, just as it does between two stock networks that start 1e-7 apart.
   */
  private static final double FIVE_STEPS = 5e-3;

  private static final double LEARNING_RATE = 0.01;
  private static final InputShape SMALL_COLOUR = new InputShape(16, 16, 3, 4);

  @ParameterizedTest
  @CsvSource({"lenet-5,2,0,2", "resnet-20,21,21,0"})
  void everyHeavyLayerOfTheZooIsAccelerated(
      String model, int convolutions, int normalizations, int poolings) {
    assertThat(LayerHelpers.install(network(model), LayerHelpers.Settings.all()))
        .isEqualTo(new LayerHelpers.Report(convolutions, normalizations, poolings, 0));
  }

  @ParameterizedTest
  @CsvSource({"lenet-5", "resnet-20"})
  void aNetworkTrainsLikeTheStockOne(String model) {
    Twins twins = Twins.of(network(model), LayerHelpers.Settings.all());
    assertThat(twins.outputDifference(Twins.images(1, 3, 3, 16, 16))).isLessThan(ROUNDING);
    INDArray before = twins.stock().params().dup();
    for (int step = 0; step < 5; step++) {
      twins.fit(Twins.batch(step, 4, 8, 3, 16, 16));
    }
    assertThat(Twins.difference(twins.stock().params(), twins.accelerated().params()))
        .isLessThan(FIVE_STEPS);
    assertThat(Twins.difference(before, twins.stock().params())).isGreaterThan(2 * FIVE_STEPS);
    assertThat(twins.accelerated().score()).isCloseTo(twins.stock().score(), within(FIVE_STEPS));
  }

  @Test
  void installingTwiceIsInstallingOnce() {
    ComputationGraph once = network("resnet-20");
    ComputationGraph twice = once.clone();
    LayerHelpers.Report report = LayerHelpers.install(once, LayerHelpers.Settings.all());
    assertThat(LayerHelpers.install(twice, LayerHelpers.Settings.all())).isEqualTo(report);
    assertThat(LayerHelpers.install(twice, LayerHelpers.Settings.all())).isEqualTo(report);
    DataSet batch = Twins.batch(1, 4, 4, 3, 16, 16);
    once.fit(batch);
    twice.fit(batch);
    assertThat(twice.params()).isEqualTo(once.params());
  }

  @Test
  void settingsOfNoneRestoreTheStockPath() {
    ComputationGraph network = network("lenet-5");
    LayerHelpers.install(network, LayerHelpers.Settings.all());
    assertThat(LayerHelpers.install(network, LayerHelpers.Settings.none()))
        .isEqualTo(new LayerHelpers.Report(0, 0, 0, 4));
    assertThat(network.getLayer("conv1").getHelper()).isNull();
  }

  @Test
  void aSavedNetworkIsRestoredByPlainDeeplearning4j() throws IOException {
    ComputationGraph network = network("resnet-20");
    LayerHelpers.install(network, LayerHelpers.Settings.all());
    network.fit(Twins.batch(1, 4, 4, 3, 16, 16));
    var zip = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, zip, true);
    ComputationGraph restored =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(zip.toByteArray()));
    INDArray images = Twins.images(2, 3, 3, 16, 16);
    assertThat(restored.getLayer("stem-conv").getHelper()).isNull();
    assertThat(restored.params()).isEqualTo(network.params());
    assertThat(Twins.difference(restored.outputSingle(images), network.outputSingle(images)))
        .isLessThan(ROUNDING);
  }

  @Test
  void networksOnDifferentThreadsDoNotDisturbEachOther() throws Exception {
    int threads = 4;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<float[]>> tasks = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        tasks.add(LayerHelpersTest::trainedParameters);
      }
      float[] alone = trainedParameters();
      for (Future<float[]> result : pool.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(alone);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void refusesANetworkThatIsNotInitialised() {
    var uninitialised = new ComputationGraph(network("linear").getConfiguration());
    assertThatThrownBy(() -> LayerHelpers.install(uninitialised, LayerHelpers.Settings.all()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("init() was not called");
  }

  @Test
  void theReportReadsAsOneLine() {
    assertThat(new LayerHelpers.Report(21, 19, 1, 2).description())
        .isEqualTo(
            "accelerated 21 convolution, 19 batch normalisation and 1 pooling layers; 2 left"
                + " alone");
  }

  private static float[] trainedParameters() {
    ComputationGraph network = network("resnet-20");
    LayerHelpers.install(network, LayerHelpers.Settings.all());
    for (int step = 0; step < 3; step++) {
      network.fit(Twins.batch(step, 4, 4, 3, 16, 16));
    }
    return network.params().toFloatVector();
  }

  private static ComputationGraph network(String model) {
    ComputationGraph network = Models.create(new ModelSettings(model, Map.of()), SMALL_COLOUR, 1);
    network.setLearningRate(LEARNING_RATE);
    return network;
  }
}
