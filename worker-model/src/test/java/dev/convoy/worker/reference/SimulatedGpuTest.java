package dev.convoy.worker.reference;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.cuda.SimulatedGpu;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks on a GPU, whose kernels are executed and whose libraries are simulated, against the
 * formulas.
 */
class SimulatedGpuTest {
  /** Without the one whose many small groups take as long as all others together. */
  static Stream<Named<NetworkExample.Maker>> networks() {
    return ReferenceNetworkTest.networks()
        .filter(network -> !network.getName().matches(".*densenet.*normalization=group.*"));
  }

  private static Propagation on(SimulatedGpu gpu, NetworkExample example, boolean recomputes)
      throws Exception {
    return gpu.propagation(example.network, example.input, Precision.FLOAT32, recomputes);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void gradientsAndAnswersAreThoseOfTheFormulas(NetworkExample.Maker maker) throws Exception {
    NetworkExample example = maker.make();
    try (Propagation propagation = on(new SimulatedGpu(), example, false)) {
      example.assertGradient(propagation);
      example.assertRepeats(propagation);
      example.assertAnswers(propagation);
    }
  }
}
