package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.cluster.Diagnosis.Finding;
import dev.convoy.driver.cluster.Diagnosis.State;
import dev.convoy.worker.cuda.device.DescribedMachine;
import dev.convoy.worker.cuda.device.Gpus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GpuDiagnosisTest {
  private final DescribedMachine machine = new DescribedMachine();

  private List<Finding> findings() {
    return GpuDiagnosis.of(new Gpus(machine, address -> Optional.empty()));
  }

  @Test
  void aMachineWithoutADriverHasOneLine() {
    machine.withoutDriver();
    assertThat(findings())
        .containsExactly(new Finding("GPU", State.RIGHT, "none; training runs on the CPU", ""));
  }

  @Test
  void everyCardSaysWhatItCanDoOrWhyItCannot() {
    machine.card("Ampere", "0000:01:00.0", 8, 6).card("Volta", "0000:02:00.0", 7, 0);
    machine.card("Kepler", "0000:03:00.0", 3, 5);
    assertThat(findings())
        .containsExactly(
            new Finding(
                "GPU libraries", State.RIGHT, "driver for CUDA 12.4, cuBLAS 12.4.1, cuDNN 9.1", ""),
            new Finding(
                "GPU",
                State.RIGHT,
                "Ampere at 0000:01:00.0, compute capability 8.6, 8192 MiB; computes in float32,"
                    + " tf32, bfloat16",
                ""),
            new Finding(
                "GPU",
                State.RIGHT,
                "Volta at 0000:02:00.0, compute capability 7.0, 8192 MiB; computes in float32",
                ""),
            new Finding(
                "GPU",
                State.DOUBTFUL,
                "Kepler at 0000:03:00.0, compute capability 3.5, 8192 MiB",
                "Kepler: its compute capability is 3.5: expected 5.0 or later, which Convoy's"
                    + " kernels are for. There is nothing to install."));
  }

  @Test
  void whatMayBeMissingIsDoubtful() {
    machine.card("Ampere", "0000:01:00.0", 8, 6).warning("NVRTC is missing. Install it.");
    assertThat(findings())
        .contains(
            new Finding(
                "GPU libraries",
                State.DOUBTFUL,
                "something is missing",
                "NVRTC is missing. Install it."))
        .hasSize(3);
  }

  @Test
  void aMissingLibraryIsSaidOnceWithWhatToDo() {
    machine.card("Ampere", "0000:01:00.0", 8, 6).dnnProblem("cuDNN is missing. Install it.");
    assertThat(findings())
        .containsExactly(
            new Finding(
                "GPU libraries",
                State.DOUBTFUL,
                "not usable; training runs on the CPU",
                "cuDNN is missing. Install it."),
            new Finding(
                "GPU",
                State.DOUBTFUL,
                "Ampere at 0000:01:00.0, compute capability 8.6, 8192 MiB",
                ""));
  }
}
