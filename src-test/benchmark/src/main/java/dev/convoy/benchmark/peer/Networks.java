package dev.convoy.benchmark.peer;

import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.Workload;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The workloads' networks in Deeplearning4j, and how all peers train them. */
public final class Networks {
  static final double LEARNING_RATE = 0.01;
  static final double MOMENTUM = 0.9;
  static final double L2 = 5e-4;

  private static final Set<String> RUNNING_STATISTICS = Set.of("mean", "var");
  private static final long SEED = 1;

  private Networks() {}

  /** What goes into a workload's network. */
  public static InputShape input(Workload workload) {
    return new InputShape(
        workload.side(), workload.side(), workload.channels(), workload.classes());
  }

  /** Which of Convoy's models a workload is. */
  public static ComponentSettings model(Workload workload) {
    return switch (workload) {
      case LENET_5 ->
          new ComponentSettings(
              "lenet-5", Map.of("filters", List.of(20, 50), "hidden", List.of(500)));
      case RESNET_20 -> ComponentSettings.defaults("resnet-20");
      case GOOGLENET -> new ComponentSettings("googlenet", Map.of("auxiliary", false));
      case RESNET_18,
              RESNET_50,
              VGG_16,
              DENSENET_121,
              ALEXNET,
              RESNET_56,
              WIDE_RESNET_16_4,
              DENSENET_BC_100_12 ->
          ComponentSettings.defaults(workload.toString());
      case VGG_11 ->
          new ComponentSettings(
              "vgg-11",
              Map.of("width", 32, "hidden", List.of(), "dropout", 0.0, "normalization", "batch"));
    };
  }

  /** A network whose update is somebody else's. */
  static ComputationGraph bare(Workload workload) {
    return Models.create(model(workload), input(workload), SEED);
  }

  /** A network with Deeplearning4j's own update rule. */
  static ComputationGraph stock(Workload workload) {
    ComputationGraph bare = bare(workload);
    ComputationGraphConfiguration configuration = bare.getConfiguration().clone();
    configuration.getVertices().values().stream()
        .filter(LayerVertex.class::isInstance)
        .map(vertex -> ((LayerVertex) vertex).getLayerConf().getLayer())
        .filter(BaseLayer.class::isInstance)
        .map(BaseLayer.class::cast)
        .forEach(
            layer -> {
              layer.setIUpdater(new Nesterovs(LEARNING_RATE, MOMENTUM));
              layer.setRegularization(List.of(new L2Regularization(L2)));
            });
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    network.setParams(bare.params());
    return network;
  }

  /** How many parameters are learned. */
  static long learned(ComputationGraph network) {
    long learned = 0;
    for (Layer layer : network.getLayers()) {
      for (Map.Entry<String, INDArray> entry : layer.paramTable().entrySet()) {
        if (!RUNNING_STATISTICS.contains(entry.getKey())) {
          learned += entry.getValue().length();
        }
      }
    }
    return learned;
  }

  /** A batch as Deeplearning4j takes it. */
  static DataSet dataSet(Task task, float[] images, int[] labels) {
    Workload workload = task.workload();
    INDArray features =
        Nd4j.create(
            images,
            new long[] {task.batch(), workload.channels(), workload.side(), workload.side()},
            'c');
    INDArray classes = Nd4j.zeros(task.batch(), workload.classes());
    for (int i = 0; i < labels.length; i++) {
      classes.putScalar(i, labels[i], 1);
    }
    return new DataSet(features, classes);
  }

  /** OpenMP counts its threads per calling thread. */
  static void useThreads(int threads) {
    Nd4j.getBackend(); // loads the native library
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
  }
}
