package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmitTest {
  @Test
  void sparkSubmitTrainsTheSameParameters(@TempDir Path directory) throws IOException {
    RunFiles run = Runs.newRun("submitted");
    try (Application application =
        Application.start(
            Map.of(
                "SPARK_SUBMIT",
                sparkSubmit(directory).toString(),
                "CONVOY_SUBMIT_OPTIONS",
                "--master local[2]"),
            "train",
            Runs.experiment("reference.conf"),
            run.argument(),
            "spark.master=null")) {
      Ended ended = application.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
    }
    assertThat(run.parameters()).isEqualTo(Runs.reference().parameters());
  }

  /** What bin/spark-submit of a Spark distribution comes to, with the jars that Convoy ships. */
  private static Path sparkSubmit(Path directory) throws IOException {
    Path script = directory.resolve("spark-submit");
    Files.writeString(
        script,
        """
        #!/bin/sh
        exec java %s -Xmx512m -XX:TieredStopAtLevel=1 -cp '%s/*' org.apache.spark.deploy.SparkSubmit "$@"
        """
            .formatted(
                org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptions(),
                Application.home().resolve("driver/target/application/jars")));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }
}
