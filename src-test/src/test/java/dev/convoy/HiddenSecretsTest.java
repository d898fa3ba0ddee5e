package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HiddenSecretsTest {
  private static final String SECRET = "hunter2hunter2";

  @TempDir private Path directory;

  private String place(String name) {
    return "\"vault://me:" + SECRET + "@host" + directory.resolve(name) + "\"";
  }

  /** Settings of Spark, addresses with passwords, and what Spark itself records of them. */
  @Test
  void noSecretIsInAnythingThatARunLeavesOrSays() throws IOException {
    Path images = ImageFolders.good(directory.resolve("images"));
    ImageFolders.write(images.resolve("dark/broken.png"), ImageFolders.text());
    Path events = Files.createDirectory(directory.resolve("events"));

    Ended ended =
        Command.run(
            "train",
            Runs.experiment("folder.conf"),
            "data.train=" + place("images"),
            "output=" + place("run"),
            "spark.conf.spark.hadoop.fs.vault.impl=" + VaultFileSystem.class.getName(),
            "spark.conf.spark.hadoop.fs.s3a.access.key=" + SECRET,
            "spark.conf.spark.hadoop.fs.s3a.secret.key=" + SECRET,
            "spark.conf.spark.hadoop.fs.azure.account.key.x.dfs.core.windows.net=" + SECRET,
            "spark.conf.spark.executor.extraJavaOptions=\"-Dmy.password=" + SECRET + "\"",
            "spark.conf.spark.my.endpoint=\"https://host/a?sig=" + SECRET + "\"",
            "spark.conf.spark.eventLog.enabled=true",
            "spark.conf.spark.eventLog.dir=\"file:" + events + "\"");

    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    assertThat(ended.messages() + ended.output()).contains("quarantined").doesNotContain(SECRET);
    assertThat(contentOf(events)).singleElement().asString().contains("spark.my.endpoint");
    assertThat(contentOf(directory.resolve("run")))
        .hasSizeGreaterThan(4)
        .anyMatch(text -> text.contains("broken.png"))
        .noneMatch(text -> text.contains(SECRET));
    assertThat(contentOf(events)).noneMatch(text -> text.contains(SECRET));
  }

  private static List<String> contentOf(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).map(HiddenSecretsTest::read).toList();
    }
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aPlaceWithoutItsLibraryIsAMistakeOfTheConfiguration() {
    Ended output =
        Command.run(
            "train",
            Runs.experiment("folder.conf"),
            "data.train=" + directory,
            "output=s3a://bucket/run");
    output.assertRefused(
        "Cannot reach s3a://bucket/run: expected the library of s3a:// on the class path, found"
            + " none. Give it to spark-submit with --packages org.apache.hadoop:hadoop-aws:3.3.4, or"
            + " build Convoy with it: mvn package -Ps3.");
    assertThat(output.complaints()).hasSize(1);
    Ended data =
        Command.run(
            "train",
            Runs.experiment("folder.conf"),
            "output=" + directory.resolve("run"),
            "data.train=abfs://container@account.dfs.core.windows.net/images");
    data.assertRefused("--packages org.apache.hadoop:hadoop-azure:3.3.4.");
    assertThat(data.complaints()).hasSize(1);
  }
}
