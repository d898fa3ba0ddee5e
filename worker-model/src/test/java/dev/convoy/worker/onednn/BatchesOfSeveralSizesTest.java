package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.SmallModels;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The batches of a run, and what is left at the end of a shard, take turns in one memory. */
class BatchesOfSeveralSizesTest {
  private static final long DROPOUT_KEY = 11;

  /** Whoever frees memory meanwhile makes a measurement too small, never too large. */
  private static final int ATTEMPTS = 3;

  static Stream<String> names() {
    return SmallModels.representatives().stream();
  }

  private static Images images(InputShape input, int size) {
    Random random = new Random(size);
    float[] pixels = new float[size * input.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return Images.of(pixels);
  }

  private static Targets targets(InputShape input, int size) {
    return Targets.ofClasses(IntStream.range(0, size).map(i -> i % input.classes()).toArray());
  }

  private static float[] gradient(
      ComputationGraph network, CompiledNetwork compiled, InputShape input, int size) {
    network.getFlattenedGradients().assign(0);
    compiled.gradient(images(input, size), targets(input, size), size, DROPOUT_KEY);
    return network.getFlattenedGradients().toFloatVector();
  }

  @ParameterizedTest
  @MethodSource("names")
  void gradientsHaveTheBitsOfANetworkThatSawNothingElse(String name) throws Exception {
    InputShape input = SmallModels.input(name, 3, 5);
    ComputationGraph network = Models.create(SmallModels.narrow(name), input, 1);
    network.initGradientsView();
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(network, input, Precision.FLOAT32, false, Set.of())) {
      for (int size : List.of(3, 4, 2, 4, 3)) {
        try (CompiledNetwork fresh =
            CompiledNetwork.compile(network, input, Precision.FLOAT32, false, Set.of())) {
          assertThat(gradient(network, compiled, input, size))
              .as("a batch of %d", size)
              .isEqualTo(gradient(network, fresh, input, size));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatIsLeftInTheMemoryIsNeverRead(String name) throws Exception {
    InputShape input = SmallModels.input(name, 3, 5);
    ComputationGraph network = Models.create(SmallModels.narrow(name), input, 1);
    network.initGradientsView();
    Graph graph = GraphReader.read(network.getConfiguration(), input);
    try (SharedMemory memory = new SharedMemory();
        TrainingPlan plan =
            new TrainingPlan(
                    graph,
                    2,
                    Precision.FLOAT32,
                    /* recomputes= */ false,
                    Set.of(),
                    new ParameterMemory(network),
                    /* handsOver= */ false)
                .in(memory)) {
      plan.run(images(input, 2), targets(input, 2), DROPOUT_KEY);
      float[] expected = network.getFlattenedGradients().toFloatVector();
      FloatPointer left = memory.ofBytes(plan.bytes());
      Pointer.memset(left, 0xff, plan.bytes()); // no numbers
      network.getFlattenedGradients().assign(0);
      plan.run(images(input, 2), targets(input, 2), DROPOUT_KEY);
      assertThat(network.getFlattenedGradients().toFloatVector()).isEqualTo(expected);
    }
  }

  @Test
  void otherSizesTakeNoMemoryOfTheirOwn() throws Exception {
    InputShape input = new InputShape(32, 32, 3, 10);
    ComponentSettings model = ComponentSettings.defaults("resnet-20");
    ComputationGraph network = Models.create(model, input, 1);
    network.initGradientsView();
    long ofOne =
        CompiledNetwork.trainingBytes(
            network.getConfiguration(), input, 16, Precision.FLOAT32, false, false);
    long most = 0;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      most = Math.max(most, takenBeyond(network, input, 16, List.of(15, 14, 13)));
    }
    assertThat(most).isLessThan(ofOne / 4);
  }

  /**
   * What batches of other sizes take of native memory, once one of the largest was learned from.
   */
  private static long takenBeyond(
      ComputationGraph network, InputShape input, int size, List<Integer> others) throws Exception {
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(network, input, Precision.FLOAT32, false, Set.of())) {
      compiled.gradient(images(input, size), targets(input, size), size, DROPOUT_KEY);
      System.gc();
      Pointer.deallocateReferences();
      long before = Pointer.totalBytes();
      for (int other : others) {
        compiled.gradient(images(input, other), targets(input, other), other, DROPOUT_KEY);
      }
      return Pointer.totalBytes() - before;
    }
  }
}
