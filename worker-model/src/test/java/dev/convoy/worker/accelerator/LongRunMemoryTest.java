package dev.convoy.worker.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.model.InputShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Training and sampling for long takes no more memory than doing so for a while. */
@EnabledOnOs(OS.LINUX) // which says in /proc how much memory a process takes
class LongRunMemoryTest {
  private static final int STEPS = 20_000;

  /** Until the JIT, the workspaces and the heap have what they want. */
  private static final int WARM_UP = 5_000;

  /** What the JIT may still take, less than 1.5 KiB a step: one image array has 4. */
  private static final long BOUND_KIBIBYTES = 20 << 10;

  private static final int COLLECTION_PERIOD = 500;

  private static final int SAMPLING_PERIOD = 10;

  private static final InputShape INPUT = new InputShape(8, 8, 4, 3);
  private static final int BATCH = 4;

  @Test
  void memoryStaysFlat() throws IOException {
    float[] images = new float[BATCH * INPUT.channels() * INPUT.height() * INPUT.width()];
    int[] labels = new int[BATCH];
    long[] keys = {1, 2, 3, 4};
    var random = new Random(1);
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    try (Propagation propagation = Propagations.of(network(), INPUT, Accelerator.Settings.all())) {
      assertThat(propagation.description()).contains("oneDNN primitives");
      long before = 0;
      for (int step = 0; step < STEPS; step++) {
        propagation.gradient(Images.of(images), Targets.ofClasses(labels), BATCH, step);
        if (step % SAMPLING_PERIOD == 0) {
          propagation.sampledProbabilities(Images.of(images), keys, BATCH);
        }
        if ((step + 1) % COLLECTION_PERIOD == 0) {
          System.gc(); // so that the Java heap has no reason to grow
        }
        if (step + 1 == WARM_UP) {
          before = residentKibibytes();
        }
      }
      assertThat(residentKibibytes() - before)
          .as("KiB more than the %d KiB after the warm-up", before)
          .isLessThan(BOUND_KIBIBYTES);
    }
  }

  private static long residentKibibytes() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }

  private static ComputationGraph network() {
    var graph =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .updater(new Sgd(0.1))
            .convolutionMode(ConvolutionMode.Same)
            .activation(Activation.IDENTITY)
            .graphBuilder()
            .addInputs("input")
            .addLayer("conv", convolution(1), "input")
            .addLayer("norm", new BatchNormalization.Builder().useLogStd(false).build(), "conv")
            .addLayer("relu", relu(), "norm")
            .addLayer("second", convolution(1), "relu")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "second", "relu")
            .addLayer(
                "pool",
                new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build(),
                "sum")
            .addLayer("dilated", convolution(2), "pool");
    var network =
        new ComputationGraph(
            graph
                .addLayer(
                    "output",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(INPUT.classes())
                        .dropOut(0.5)
                        .build(),
                    "dilated")
                .setOutputs("output")
                .setInputTypes(
                    InputType.convolutional(INPUT.height(), INPUT.width(), INPUT.channels()))
                .build());
    network.init();
    return network;
  }

  private static ConvolutionLayer convolution(int dilation) {
    return new ConvolutionLayer.Builder(3, 3)
        .dilation(dilation, dilation)
        .nOut(INPUT.channels())
        .build();
  }

  private static ActivationLayer relu() {
    return new ActivationLayer.Builder().activation(Activation.RELU).build();
  }
}
