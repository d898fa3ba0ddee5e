package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneClusterTest {
  @Test
  void executorsThatHaveSparkAloneAreBroughtTheRest(@TempDir Path directory) {
    try (Daemon master =
        new Daemon(
            directory,
            "org.apache.spark.deploy.master.Master",
            List.of("--host", "localhost", "--port", "0", "--webui-port", "0"))) {
      String address = master.awaitMessage("spark://localhost:\\d+");
      try (Daemon worker =
          new Daemon(
              directory,
              "org.apache.spark.deploy.worker.Worker",
              List.of(
                  "--host",
                  "localhost",
                  "--webui-port",
                  "0",
                  "--cores",
                  "2",
                  "--memory",
                  "600m",
                  "--work-dir",
                  directory.resolve("work").toString(),
                  address))) {
        worker.awaitMessage("Successfully registered with master");
        RunFiles run = Runs.newRun("standalone");
        Ended ended =
            Application.run(
                "train",
                Runs.experiment("reference.conf"),
                run.argument(),
                "spark.master=\"" + address + "\"",
                "spark.conf.spark.executor.memory=600m",
                "spark.conf.spark.executor.extraJavaOptions=\"-XX:TieredStopAtLevel=1\"",
                "spark.conf.spark.driver.host=localhost");
        assertThat(ended.exitCode()).as(ended.messages()).isZero();
        assertThat(ended.messages()).doesNotContain("lost");
        assertThat(run.parameters()).isEqualTo(Runs.reference().parameters());
      }
    }
  }
}
