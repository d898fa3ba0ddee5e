package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.worker.cuda.device.GpuUse;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExecutorDevicesTest {
  private static final String[] ONE = {"executor 1 on a", "H100, cuDNN 9.1", ""};
  private static final String[] TWO = {"executor 2 on a", "H100, cuDNN 9.1", ""};
  private static final String[] OTHER = {"executor 3 on b", "A100, cuDNN 9.1", ""};
  private static final String[] NONE = {"executor 4 on c", "CPU", "cuDNN is missing."};

  private static ExecutorDevices of(GpuUse use, String[]... answers) {
    return ExecutorDevices.of(List.of(answers), use);
  }

  @Test
  void executorsOfOneKindAreOneLine() {
    ExecutorDevices devices = of(GpuUse.REQUIRED, TWO, ONE, ONE);
    assertThat(devices.hasGpus()).isTrue();
    assertThat(devices.kinds()).isEqualTo("H100, cuDNN 9.1");
    assertThat(devices.notes())
        .containsExactly("GPU: H100, cuDNN 9.1 (executor 1 on a, executor 2 on a)");
  }

  @Test
  void anExecutorWithoutAUsableGpuIsSaidWithItsReason() {
    ExecutorDevices devices = of(GpuUse.AUTO, NONE, ONE, OTHER);
    assertThat(devices.kinds()).isEqualTo("A100, cuDNN 9.1; CPU; H100, cuDNN 9.1");
    assertThat(devices.notes())
        .containsExactly(
            "GPU: A100, cuDNN 9.1 (executor 3 on b); CPU (executor 4 on c); H100, cuDNN 9.1"
                + " (executor 1 on a)",
            "note: computing on the CPU and not on a GPU. executor 4 on c: cuDNN is missing.",
            "note: the executors compute on devices of different kinds, so that the result depends"
                + " on which of them trains what, and does not repeat");
  }

  @Test
  void whereGpusAreRequiredAnExecutorWithoutOneEndsTheRun() {
    assertThatThrownBy(() -> of(GpuUse.REQUIRED, ONE, NONE))
        .isInstanceOf(UnsuitableClusterException.class)
        .hasMessage(
            "accelerator.gpu = required: expected a GPU for every worker, found executors without"
                + " one. executor 4 on c: cuDNN is missing. With accelerator.gpu = auto they"
                + " compute on the CPU.");
  }

  @Test
  void cpusAloneNeedNoWord() {
    assertThat(ExecutorDevices.CPUS.notes()).isEmpty();
    assertThat(ExecutorDevices.CPUS.hasGpus()).isFalse();
    assertThat(ExecutorDevices.CPUS.kinds()).isEqualTo("CPU");
  }
}
