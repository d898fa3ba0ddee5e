package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.StreamingPropagation.GradientTaker;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.SmallModels;
import dev.convoy.worker.model.written.Layers;
import dev.convoy.worker.optimizer.HostVector;
import dev.convoy.worker.optimizer.Segment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients that are handed over as they become known are those that the network is left, although
 * whoever takes one changes its parameter at once.
 */
class HandedOverGradientsTest {
  private static final int BATCH = 4;
  private static final int CLASSES = 5;
  private static final long KEY = 11;

  static Stream<Arguments> networks() {
    return Stream.concat(
        SmallModels.representatives().stream()
            .map(name -> Arguments.of(name, SmallModels.narrow(name))),
        Stream.of(Arguments.of("weights made of others", madeWeights())));
  }

  /** Weights that are dropped, or directions and lengths. */
  private static ComponentSettings madeWeights() {
    return Layers.network(
        Layers.layer("conv", "filters", 6, "normalization", "weight", "activation", "relu"),
        Layers.layer("conv", "filters", 6, "drop-connect", 0.2, "activation", "relu"),
        Layers.layer("conv", "filters", 8, "normalization", "group", "activation", "prelu"),
        Layers.layer("flatten"),
        Layers.layer("dense", "units", 12, "normalization", "weight", "activation", "tanh"),
        Layers.layer("dropout", "probability", 0.3));
  }

  private static Images images(InputShape input, int count) {
    float[] pixels = new float[count * input.values()];
    Random random = new Random(3);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return Images.of(pixels);
  }

  private static Targets targets() {
    return Targets.ofClasses(IntStream.range(0, BATCH).map(i -> i % CLASSES).toArray());
  }

  /** Keeps what it takes, and makes the parameter something that is no number. */
  private static final class Destroyer implements GradientTaker {
    private final List<Segment> segments;
    private final FloatPointer parameters;
    private final float[] all;
    private final Set<Segment> taken = new HashSet<>();

    Destroyer(ComputationGraph network) {
      segments = Segment.of(network);
      parameters = HostVector.memory(network.params());
      all = new float[Math.toIntExact(network.numParams())];
    }

    @Override
    public void take(String layer, String parameter, FloatPointer gradient) {
      Segment segment =
          segments.stream().filter(one -> one.isOf(layer, parameter)).findFirst().orElseThrow();
      assertThat(taken.add(segment)).as("%s of %s comes once", parameter, layer).isTrue();
      int offset = Math.toIntExact(segment.offset());
      gradient.get(all, offset, Math.toIntExact(segment.length()));
      for (long i = 0; i < segment.length(); i++) {
        parameters.put(offset + i, Float.NaN);
        gradient.put(i, Float.NaN);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void theyAreThoseThatTheNetworkIsLeft(String name, ComponentSettings model) throws Exception {
    InputShape input = SmallModels.input(name.contains(" ") ? "layers" : name, 3, CLASSES);
    compare(model, input, Precision.FLOAT32, false);
    compare(model, input, Precision.FLOAT32, true);
    compare(model, input, Precision.BFLOAT16, false);
  }

  private static void compare(
      ComponentSettings model, InputShape input, Precision precision, boolean recomputes)
      throws Exception {
    ComputationGraph kept = Models.create(model, input, 1);
    kept.initGradientsView();
    ComputationGraph network = Models.create(model, input, 1);
    Destroyer destroyer = new Destroyer(network);
    double expectedLoss;
    double loss;
    try (CompiledNetwork compiled =
            CompiledNetwork.compile(kept, input, precision, recomputes, Set.of());
        CompiledNetwork handing =
            CompiledNetwork.compile(network, input, precision, recomputes, Set.of())) {
      expectedLoss = compiled.gradient(images(input, BATCH), targets(), BATCH, KEY);
      loss = handing.gradient(images(input, BATCH), targets(), BATCH, KEY, destroyer);
    }
    assertThat(loss).isEqualTo(expectedLoss).isFinite();
    assertThat(destroyer.taken).hasSameSizeAs(destroyer.segments);
    assertSameBits(destroyer, kept);
    assertThat(network.getFlattenedGradients()).isNull();
  }

  private static void assertSameBits(Destroyer destroyer, ComputationGraph kept) {
    float[] expected = kept.getFlattenedGradients().toFloatVector();
    for (Segment segment : destroyer.segments) {
      int from = Math.toIntExact(segment.offset());
      int to = from + Math.toIntExact(segment.length());
      assertThat(Arrays.copyOfRange(destroyer.all, from, to))
          .as("%s of %s", segment.parameter(), segment.layer())
          .isEqualTo(Arrays.copyOfRange(expected, from, to));
    }
  }

  @Test
  void thoseOfPairsAreTheSameToo() throws Exception {
    InputShape input = SmallModels.input("resnet-20", 3, CLASSES);
    ComponentSettings model = SmallModels.narrow("resnet-20");
    ComputationGraph kept = Models.create(model, input, 1);
    kept.initGradientsView();
    ComputationGraph network = Models.create(model, input, 1);
    Destroyer destroyer = new Destroyer(network);
    Images pairs = images(input, 2 * BATCH);
    try (CompiledNetwork compiled =
            CompiledNetwork.compile(kept, input, Precision.FLOAT32, false, Set.of());
        CompiledNetwork handing =
            CompiledNetwork.compile(network, input, Precision.FLOAT32, false, Set.of())) {
      assertThat(handing.pairedGradient(pairs, targets(), 0.7, BATCH, KEY, destroyer))
          .isEqualTo(compiled.pairedGradient(pairs, targets(), 0.7, BATCH, KEY));
    }
    assertSameBits(destroyer, kept);
  }
}
