package dev.convoy.worker.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
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

  @Test
  void everyHeavyLayerOfTheZooIsAccelerated() {
    assertThat(LayerHelpers.install(network("lenet-5"), LayerHelpers.Settings.all()))
        .isEqualTo(
            new LayerHelpers.Report(
                Map.of(LayerKind.CONVOLUTION, 2, LayerKind.POOLING, 2), Map.of()));
    assertThat(LayerHelpers.install(network("resnet-20"), LayerHelpers.Settings.all()))
        .isEqualTo(
            new LayerHelpers.Report(
                Map.of(
                    LayerKind.CONVOLUTION,
                    21,
                    LayerKind.BATCH_NORMALIZATION,
                    21,
                    LayerKind.ACTIVATION,
                    19),
                Map.of()));
  }

  @ParameterizedTest
  @EnumSource(LayerKind.class)
  void everyKindHasItsOwnSwitch(LayerKind kind) {
    for (String model : List.of("lenet-5", "resnet-20")) {
      ComputationGraph network = network(model);
      LayerHelpers.Report all = LayerHelpers.install(network, LayerHelpers.Settings.all());
      var alone = new LayerHelpers.Settings(Set.of(kind));
      LayerHelpers.Report one = LayerHelpers.install(network, alone);
      assertThat(one.accelerated().keySet()).isSubsetOf(kind);
      assertThat(one.accelerated().get(kind)).isEqualTo(all.accelerated().get(kind));
      assertThat(one.stock().keySet()).doesNotContain(kind);
      assertThat(one.stock()).hasSize(all.accelerated().size() - one.accelerated().size());
    }
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

  @ParameterizedTest
  @CsvSource({"lenet-5", "resnet-20"})
  void settingsOfNoneRestoreTheStockPath(String model) {
    ComputationGraph network = network(model);
    List<Class<?>> stock = classes(network);
    LayerHelpers.Report accelerated = LayerHelpers.install(network, LayerHelpers.Settings.all());
    assertThat(classes(network)).isNotEqualTo(stock);
    assertThat(LayerHelpers.install(network, LayerHelpers.Settings.none()))
        .isEqualTo(new LayerHelpers.Report(Map.of(), accelerated.accelerated()));
    assertThat(classes(network)).isEqualTo(stock);
    for (Layer layer : network.getLayers()) {
      assertThat(layer.getHelper()).isNull();
    }
  }

  /** Of the layers as the network lists them, and as its vertices hold them. */
  private static List<Class<?>> classes(ComputationGraph network) {
    List<Class<?>> classes = new ArrayList<>();
    for (Layer layer : network.getLayers()) {
      Layer ofVertex = network.getLayer(layer.conf().getLayer().getLayerName());
      assertThat(ofVertex).isSameAs(layer);
      classes.add(layer.getClass());
    }
    return classes;
  }

  @Test
  void aReplacedLayerKnowsWhatTheStockOneKnew() {
    ComputationGraph network = network("lenet-5");
    var stock = (AbstractLayer<?>) network.getLayer("pool1");
    stock.setIterationCount(7);
    stock.setEpochCount(3);
    LayerHelpers.install(network, LayerHelpers.Settings.all());
    var fast = (AbstractLayer<?>) network.getLayer("pool1");
    assertThat(fast).isInstanceOf(HostPooling.class);
    assertThat(fast.conf()).isSameAs(stock.conf());
    assertThat(fast.getIndex()).isEqualTo(stock.getIndex());
    assertThat(fast.getIterationCount()).isEqualTo(7);
    assertThat(fast.getEpochCount()).isEqualTo(3);
    assertThat(fast.isInputModificationAllowed()).isEqualTo(stock.isInputModificationAllowed());
    assertThat(fast.getDataType()).isEqualTo(stock.getDataType());
  }

  @Test
  void layersInWrappersAreAcceleratedToo() {
    ComputationGraph network =
        new TransferLearning.GraphBuilder(network("lenet-5")).setFeatureExtractor("pool1").build();
    INDArray images = Twins.images(2, 3, 3, 16, 16);
    INDArray stock = network.outputSingle(images).dup();
    assertThat(LayerHelpers.install(network, LayerHelpers.Settings.all()).accelerated())
        .isEqualTo(Map.of(LayerKind.CONVOLUTION, 2, LayerKind.POOLING, 2));
    assertThat(((BaseWrapperLayer) network.getLayer("pool1")).getUnderlying())
        .isInstanceOf(HostPooling.class);
    assertThat(Twins.difference(stock, network.outputSingle(images))).isLessThan(ROUNDING);
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
    assertThat(
            new LayerHelpers.Report(
                    Map.of(LayerKind.ACTIVATION, 19, LayerKind.CONVOLUTION, 21),
                    Map.of(LayerKind.POOLING, 1))
                .description())
        .isEqualTo("accelerated layers: 21 convolution, 19 activation; stock layers: 1 pooling");
    assertThat(new LayerHelpers.Report(Map.of(), Map.of()).description())
        .isEqualTo("accelerated layers: none; stock layers: none");
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
    ComputationGraph network =
        Models.create(new ComponentSettings(model, Map.of()), SMALL_COLOUR, 1);
    network.setLearningRate(LEARNING_RATE);
    return network;
  }
}
