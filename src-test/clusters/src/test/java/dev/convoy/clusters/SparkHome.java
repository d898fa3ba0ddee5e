package dev.convoy.clusters;

import dev.convoy.Application;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A Spark distribution as far as these tests need one: {@code bin/spark-submit}, and {@code jars}
 * with the jars that Convoy ships and those for cluster managers, which it does not.
 *
 * @param directory of the distribution
 */
record SparkHome(Path directory) {
  /** Of these, Convoy ships none. */
  private static final List<String> MANAGERS =
      List.of(
          "spark-yarn_",
          "spark-kubernetes_",
          // What the latter needs.
          "kubernetes-",
          "zjsonpatch-",
          "okhttp-",
          "okio-",
          "logging-interceptor-",
          "jackson-dataformat-yaml-",
          "jackson-datatype-jsr310-",
          "snakeyaml-");

  /** Makes one in an empty directory. */
  static SparkHome in(Path directory) {
    try {
      Path jars = Files.createDirectories(directory.resolve("jars"));
      Path shipped = Application.home().resolve("driver/target/application/jars");
      try (Stream<Path> files = Files.list(shipped)) {
        for (Path jar : files.toList()) {
          Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
        }
      }
      for (String entry : System.getProperty("java.class.path").split(":", -1)) {
        Path jar = Path.of(entry);
        if (MANAGERS.stream().anyMatch(jar.getFileName().toString()::startsWith)) {
          Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
        }
      }
      Files.createDirectories(directory.resolve("conf"));
      Path script = Files.createDirectories(directory.resolve("bin")).resolve("spark-submit");
      Files.writeString(
          script,
          """
          #!/bin/sh
          export SPARK_HOME='%1$s' SPARK_SCALA_VERSION=2.12
          exec java %2$s -Xmx512m -XX:TieredStopAtLevel=1 \\
            -cp "${SPARK_CONF_DIR:-%1$s/conf}:${HADOOP_CONF_DIR:-}:%1$s/jars/*" \\
            org.apache.spark.deploy.SparkSubmit "$@"
          """
              .formatted(directory, JavaModuleOptions.defaultModuleOptions()));
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
      return new SparkHome(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its command. */
  Path submit() {
    return directory.resolve("bin/spark-submit");
  }

  /** The jars as a class path. */
  String classPath() {
    return directory.resolve("jars") + "/*";
  }
}
