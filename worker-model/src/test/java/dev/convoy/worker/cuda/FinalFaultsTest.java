package dev.convoy.worker.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults after which a process can do nothing more on a card. */
class FinalFaultsTest {
  private static final int ILLEGAL_ADDRESS = 700;

  private final SimulatedGpu gpu = new SimulatedGpu();
  private final List<String> lost = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719})
  void faultsOfKernelsAndOfTheCardAreFinal(int status) {
    try (Device device = gpu.device(lost::add)) {
      assertThatThrownBy(() -> device.check("cuStreamSynchronize", status))
          .hasMessageContaining("cuStreamSynchronize returned status " + status);
    }
    assertThat(lost).singleElement().asString().contains("status " + status);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 209, 400, 900, 901})
  void otherStatusesOfTheDriverAreNot(int status) {
    try (Device device = gpu.device(lost::add)) {
      assertThatThrownBy(() -> device.check("cuLaunchKernel", status))
          .isInstanceOf(CudaException.class);
    }
    assertThat(lost).isEmpty();
  }

  /** What a kernel did surfaces in whatever is called next. */
  @ParameterizedTest
  @CsvSource({
    "cudnnConvolutionForward, 5000",
    "cudnnConvolutionForward, 5003",
    "cudnnConvolutionForward, 8",
    "cublasGemmEx, 13",
    "cublasGemmEx, 14"
  })
  void aFaultThatSurfacesInALibraryIsFinalIfTheDriverTellsOfIt(String call, int status) {
    try (Device device = gpu.device(lost::add)) {
      gpu.machine().failing("cuStreamSynchronize", 1, ILLEGAL_ADDRESS);
      assertThatThrownBy(() -> device.check(call, status))
          .isInstanceOf(CudaException.class)
          .hasMessageContaining(
              "cuStreamSynchronize, asked after "
                  + call
                  + " returned status "
                  + status
                  + ", returned status 700 (an address outside of the device's memory)");
    }
    assertThat(lost).singleElement().asString().contains("status 700");
  }

  @Test
  void aFailureOfALibraryAloneIsNotFinal() {
    try (Device device = gpu.device(lost::add)) {
      assertThatThrownBy(() -> device.check("cudnnConvolutionForward", 8))
          .hasMessageContaining("cudnnConvolutionForward returned status 8");
    }
    assertThat(lost).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"cudnnConvolutionForward, 3000", "cudnnConvolutionForward, 4004", "cublasGemmEx, 3"})
  void theDriverIsNotAskedWhereTheReasonIsKnown(String call, int status) {
    try (Device device = gpu.device(lost::add)) {
      int before = gpu.machine().calls("cuStreamSynchronize");
      assertThatThrownBy(() -> device.check(call, status)).hasMessageContaining(call);
      assertThat(gpu.machine().calls("cuStreamSynchronize")).isEqualTo(before);
    }
    assertThat(lost).isEmpty();
  }

  @Test
  void nobodyWaitsForWorkThatIsCaptured() {
    try (Device device = gpu.device(lost::add)) {
      int before = gpu.machine().calls("cuStreamSynchronize");
      assertThatThrownBy(() -> device.capture(() -> device.check("cublasGemmEx", 13)))
          .hasMessageContaining("cublasGemmEx returned status 13");
      assertThat(gpu.machine().calls("cuStreamSynchronize")).isEqualTo(before);
      gpu.machine().failing("cuStreamSynchronize", 1, ILLEGAL_ADDRESS);
      assertThatThrownBy(() -> device.check("cublasGemmEx", 13)).hasMessageContaining("700");
    }
  }
}
