package dev.convoy.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.onednn.CompiledNetwork;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Every architecture, narrow, learns: eight images by heart. */
class ArchitectureBehaviourTest {
  private static final int IMAGES = 8;
  private static final int CLASSES = 4;
  private static final int MOST_STEPS = 400;
  private static final double LEARNT = 0.01;

  static List<String> names() {
    return SmallModels.representatives();
  }

  @ParameterizedTest
  @MethodSource("names")
  void eightImagesAreLearntByHeart(String name) throws Exception {
    assertLearnsByHeart(name, Precision.FLOAT32);
  }

  @ParameterizedTest
  @MethodSource("names")
  void eightImagesAreLearntByHeartInBfloat16(String name) throws Exception {
    assumeThat(CompiledNetwork.available(Precision.BFLOAT16)).isEqualTo(Precision.BFLOAT16);
    assertLearnsByHeart(name, Precision.BFLOAT16);
  }

  private static void assertLearnsByHeart(String name, Precision precision) throws Exception {
    InputShape input = SmallModels.input(name, 3, CLASSES);
    ComputationGraph network =
        Models.create(SmallModels.narrow(name, withoutDropout(name)), input, 1);
    Images images = images(input);
    Targets targets = Targets.ofClasses(new int[] {0, 1, 2, 3, 0, 1, 2, 3});
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(network, input, precision, false, Set.of())) {
      compiled.gradient(images, targets, IMAGES, 1);
      INDArray gradients = network.getFlattenedGradients();
      INDArray mean = gradients.like();
      INDArray square = gradients.like();
      double loss = Double.MAX_VALUE;
      int step = 0;
      while (loss >= LEARNT && step < MOST_STEPS) {
        loss = compiled.gradient(images, targets, IMAGES, 1);
        step++;
        adam(network.params().reshape(gradients.shape()), gradients, mean, square, step);
      }
      assertThat(loss).as("loss after %d steps", step).isLessThan(LEARNT);
    }
  }

  /** Adam with its usual moments, also of running statistics: these follow a rule of their own. */
  private static void adam(
      INDArray parameters, INDArray gradient, INDArray mean, INDArray square, int step) {
    mean.muli(0.9).addi(gradient.mul(0.1));
    square.muli(0.99).addi(gradient.mul(gradient).muli(0.01));
    double rate = 0.003 * Math.sqrt(1 - Math.pow(0.99, step)) / (1 - Math.pow(0.9, step));
    parameters.subi(mean.mul(rate).divi(Transforms.sqrt(square).addi(1e-8)));
  }

  private static Map<String, Object> withoutDropout(String name) {
    return Models.FAMILY.member(name).option("dropout").isPresent()
        ? Map.of("dropout", 0.0)
        : Map.of();
  }

  private static Images images(InputShape input) {
    Random random = new Random(5);
    float[] pixels = new float[IMAGES * input.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return Images.of(pixels);
  }
}
