package dev.convoy.benchmark.parts;

import dev.convoy.worker.layers.LayerHelpers;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One layer of ResNet-20's first stage (batch 64, 16 channels, 32 × 32) on one thread: stock, and
 * with Convoy's helper.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LayerBenchmark {
  private static final int BATCH = 64;
  private static final int CHANNELS = 16;
  private static final int SIDE = 32;
  private static final String LAYER = "layer";

  /** Which layer. */
  @Param({"convolution", "batch-normalisation", "max-pooling"})
  public String kind;

  /** Who computes it. */
  @Param({"stock", "helper"})
  public String path;

  private final LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
  private Layer layer;
  private INDArray input;
  private INDArray error;

  /** Builds a network of the layer and an output. */
  @Setup
  public void build() {
    Nd4j.getBackend(); // loads the native library
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    ComputationGraph network = new ComputationGraph(configuration());
    network.init();
    network.initGradientsView();
    if (path.equals("helper")) {
      LayerHelpers.install(network, LayerHelpers.Settings.all());
    }
    layer = network.getLayer(LAYER);
    input = Nd4j.randn(DataType.FLOAT, BATCH, CHANNELS, SIDE, SIDE);
    error = Nd4j.randn(DataType.FLOAT, forward().shape());
  }

  private ComputationGraphConfiguration configuration() {
    return new NeuralNetConfiguration.Builder()
        .dataType(DataType.FLOAT)
        .activation(Activation.IDENTITY)
        .graphBuilder()
        .addInputs("input")
        .addLayer(LAYER, layerConfiguration(), "input")
        .addLayer("output", new OutputLayer.Builder().nOut(2).build(), LAYER)
        .setOutputs("output")
        .setInputTypes(InputType.convolutional(SIDE, SIDE, CHANNELS))
        .build();
  }

  private org.deeplearning4j.nn.conf.layers.Layer layerConfiguration() {
    return Map.<String, org.deeplearning4j.nn.conf.layers.Layer>of(
            "convolution",
            new ConvolutionLayer.Builder(3, 3).padding(1, 1).nOut(CHANNELS).hasBias(false).build(),
            "batch-normalisation",
            new BatchNormalization.Builder().useLogStd(false).build(),
            "max-pooling",
            new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build())
        .get(kind);
  }

  /** Forward in training. */
  @Benchmark
  public INDArray forward() {
    layer.setInput(input, workspaces);
    return layer.activate(true, workspaces);
  }

  /** Forward and backward. */
  @Benchmark
  public Object forwardAndBackward() {
    forward();
    return layer.backpropGradient(error, workspaces);
  }
}
