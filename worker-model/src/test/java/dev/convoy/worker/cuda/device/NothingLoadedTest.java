package dev.convoy.worker.cuda.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A machine without a driver of NVIDIA's loads nothing for GPUs. */
class NothingLoadedTest {
  /** Asks all that is asked for a task. */
  static final class AskingProcess {
    private AskingProcess() {}

    public static void main(String[] arguments) {
      Gpus gpus = Gpus.ofThisMachine();
      System.out.println(gpus.mayExist() + " " + gpus.at("0") + " " + gpus.usable());
    }
  }

  @Test
  void noBindingIsLoadedWhereThereIsNoDriver() throws Exception {
    assumeThat(Gpus.ofThisMachine().mayExist()).isFalse();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                AskingProcess.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("dev.convoy.worker.cuda.api.InstalledLibraries ")
        .contains("false GpuRefusal")
        .doesNotContain("com.sun.jna")
        .doesNotContain("dev.convoy.worker.cuda.api.Native");
  }
}
