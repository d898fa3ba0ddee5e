package dev.convoy.worker.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.cuda.SimulatedGpu;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks on a GPU, whose kernels are executed and whose libraries are simulated, against the
 * formulas. No kernel lets the order of threads decide.
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
    SimulatedGpu gpu = new SimulatedGpu();
    gpu.machine().watchRaces();
    try (Propagation propagation = on(gpu, example, false)) {
      example.assertGradient(propagation);
      example.assertRepeats(propagation);
      example.assertAnswers(propagation);
    }
    assertThat(gpu.leaks()).isEmpty();
  }
}
