package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told before training is what training takes. */
class TrainingBytesTest {
  /** Whoever frees memory meanwhile makes a measurement too small, never too large. */
  private static final int ATTEMPTS = 5;

  private static final double TOLERANCE = 0.05;

  /** Other native memory, of arrays and of what describes the steps, comes and goes meanwhile. */
  private static final long OTHERS = 3 << 20;

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("lenet-5", Map.of(), 28, 32, false, false),
        Arguments.of("mlp", Map.of(), 28, 64, false, true),
        Arguments.of("resnet-20", Map.of(), 32, 32, false, false),
        Arguments.of("resnet-20", Map.of(), 32, 64, true, true),
        Arguments.of("vgg-11", Map.of("width", 16), 32, 32, false, true),
        Arguments.of("densenet-bc-40-12", Map.of(), 32, 8, false, false));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void trainingTakesWhatWasTold(
      String name,
      Map<String, Object> options,
      int side,
      int batch,
      boolean recomputes,
      boolean handsOver)
      throws Exception {
    InputShape input = new InputShape(side, side, 1, 10);
    ComponentSettings model = new ComponentSettings(name, options);
    long told =
        CompiledNetwork.trainingBytes(
            Models.configuration(model, input),
            input,
            batch,
            Precision.FLOAT32,
            recomputes,
            handsOver);
    ComputationGraph network = Models.create(model, input, 1);
    long most = 0;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      most = Math.max(most, taken(network, input, batch, recomputes, handsOver));
    }
    assertThat(network.getFlattenedGradients() == null).isEqualTo(handsOver);
    assertThat((double) most).isBetween(told * (1 - TOLERANCE), told * (1 + TOLERANCE) + OTHERS);
  }

  /** What a first step takes of native memory, less what others free meanwhile. */
  private static long taken(
      ComputationGraph network, InputShape input, int batch, boolean recomputes, boolean handsOver)
      throws Exception {
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(network, input, Precision.FLOAT32, recomputes, Set.of())) {
      Images images = Images.of(new float[batch * input.values()]);
      long before = inUse();
      Targets targets = Targets.ofClasses(new int[batch]);
      if (handsOver) {
        compiled.gradient(images, targets, batch, 1, (layer, parameter, gradient) -> {});
      } else {
        compiled.gradient(images, targets, batch, 1);
      }
      return inUse() - before;
    }
  }

  /** Without the descriptions that nobody holds any more, which are thousands after compiling. */
  private static long inUse() {
    System.gc();
    Pointer.deallocateReferences();
    return Pointer.totalBytes();
  }

  @Test
  void aLargerBatchTakesMore() throws Exception {
    InputShape input = new InputShape(32, 32, 3, 10);
    var network = Models.configuration(ComponentSettings.defaults("resnet-20"), input);
    long some = CompiledNetwork.trainingBytes(network, input, 64, Precision.FLOAT32, false, true);
    long more = CompiledNetwork.trainingBytes(network, input, 128, Precision.FLOAT32, false, true);
    assertThat((double) more / some).isBetween(1.8, 2.1);
  }
}
