package dev.convoy.driver.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.format.ShardManifest;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.TableColumns;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.directory.DirectoryLock;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prepared images are a whole set of one origin, or are not read. */
class PrepareCommandTest {
  private static final ImageShape SHAPE = new ImageShape(12, 12, 1);
  private static final Configuration HADOOP = new Configuration();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temporary;
  private Path experiment;
  private Path output;

  @BeforeEach
  void writeExperiment() throws IOException {
    experiment = Files.writeString(temporary.resolve("experiment.conf"), "name = test\n");
    output = temporary.resolve("prepared");
  }

  @Test
  void partsOfMoreWorkersDoNotStayBesideThoseOfFewer() throws IOException {
    assertThat(prepare("training.workers=4").exitCode()).isZero();
    assertThat(list(Role.TRAIN).listing().size()).isEqualTo(97);

    CommandRun refused = prepare("training.workers=2");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(refused.err())
        .contains("output = " + output + ": expected an empty directory or what this command has")
        .contains("found train of other settings (such as data.image or training.workers)")
        .contains("throw it away with --overwrite");
    assertThat(list(Role.TRAIN).listing().size()).as("untouched").isEqualTo(97);

    assertThat(prepare("training.workers=2", "--overwrite").exitCode()).isZero();
    assertThat(list(Role.TRAIN).listing().size()).isEqualTo(97);
    assertThat(files("train").keySet())
        .containsExactly("manifest.json", "part-00000.shard", "part-00001.shard");
  }

  @Test
  void otherToolsReadWhatIsPrepared() throws Exception {
    Process python =
        new ProcessBuilder("python3", "-c", "import numpy").redirectErrorStream(true).start();
    assumeTrue(python.waitFor() == 0, "there is no python3 with NumPy here");
    assertThat(prepare("training.workers=3").exitCode()).isZero();
    Process reader =
        new ProcessBuilder(
                "python3", "../docs/examples/read_prepared.py", output.resolve("train").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    JsonNode read = JSON.readTree(reader.getInputStream().readAllBytes());
    assertThat(reader.waitFor()).isZero();
    for (ShardManifest.ClassCount of : manifest(Role.TRAIN).orElseThrow().classes()) {
      assertThat(read.path("classes").path(of.name()).asLong()).isEqualTo(of.examples());
    }
    ImageSource source = source(Role.TRAIN);
    try (Shard shard =
        ShardPacker.pack(
            source.list().listing(),
            3,
            StoredShape.resized(SHAPE),
            source,
            new MemoryBudget(1 << 20),
            temporary)) {
      Normalization expected = Normalization.of(shard.statistics());
      assertThat(manifest(Role.TRAIN).orElseThrow().normalization()).isEqualTo(expected);
      assertThat(read.at("/mean/0").asDouble()).isCloseTo(expected.mean()[0], Offset.offset(1e-6));
      assertThat(read.at("/deviation/0").asDouble())
          .isCloseTo(expected.deviation()[0], Offset.offset(1e-6));
    }
  }

  @Test
  void whatIsInterruptedIsNotReadAndTheSameCommandGoesOnFromIt() throws IOException {
    assertThat(prepare("training.workers=4").exitCode()).isZero();
    Map<String, byte[]> train = files("train");
    Map<String, byte[]> test = files("test");
    ShardManifest whole = manifest(Role.TRAIN).orElseThrow();
    // Two parts named, one torn, one missing, another attempt's file; the test not begun.
    write(
        Role.TRAIN,
        new ShardManifest(
            false, whole.origin(), whole.store(), whole.classes(), whole.parts().subList(0, 2)));
    Files.write(path("part-00002.shard"), new byte[100]);
    Files.delete(path("part-00003.shard"));
    Files.write(path(".part-00003.local-1.7.tmp"), new byte[100]);
    for (String name : test.keySet()) {
      Files.delete(output.resolve("test").resolve(name));
    }
    FileTime kept = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(path("part-00000.shard"), kept);

    assertThatThrownBy(() -> list(Role.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("an incomplete set")
        .hasMessageContaining("give the same command again");

    assertThat(prepare("training.workers=4").exitCode()).isZero();
    assertSame(files("train"), train);
    assertSame(files("test"), test);
    assertThat(Files.getLastModifiedTime(path("part-00000.shard")))
        .as("a part that is whole is not made again")
        .isEqualTo(kept);
  }

  @Test
  void aDamagedPartIsMadeAgainByTheSameCommand() throws IOException {
    assertThat(prepare().exitCode()).isZero();
    Map<String, byte[]> whole = files("train");
    byte[] bytes = Files.readAllBytes(path("part-00001.shard"));
    bytes[bytes.length - 100] ^= 1;
    Files.write(path("part-00001.shard"), bytes);

    CommandRun trained =
        run(
            "train",
            "output=" + temporary.resolve("run"),
            "data.format=shards",
            "data.train=" + output.resolve("train"));
    assertThat(trained.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(trained.err()).contains("expected the checksum", "part-00001.shard");

    assertThat(prepare().exitCode()).isZero();
    assertSame(files("train"), whole);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"notes.txt", "train/notes.txt", "train/part-1.shard", "test/more/a.shard"})
  void foreignFilesAreRefusedByName(String name) throws IOException {
    Path foreign = output.resolve(name);
    Files.createDirectories(foreign.getParent());
    Files.writeString(foreign, "mine\n");
    CommandRun refused = prepare("--overwrite");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(refused.err()).contains(name.replace("/a.shard", "") + " in it");
    assertThat(foreign).hasContent("mine");
  }

  @Test
  void whatAnEarlierVersionHasPreparedIsReplacedOnRequest() throws IOException {
    Files.createDirectories(output.resolve("train"));
    Files.writeString(path("labels.txt"), "a\nb\n");
    Files.write(path("part-00007.shard"), new byte[10]);
    CommandRun refused = prepare();
    assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(refused.err()).contains("train without a manifest.json, of an earlier version");
    assertThatThrownBy(() -> list(Role.TRAIN)).hasMessageContaining("prepare the images again");

    assertThat(prepare("--overwrite").exitCode()).isZero();
    assertThat(list(Role.TRAIN).listing().size()).isEqualTo(97);
    assertThat(path("labels.txt")).doesNotExist();
    assertThat(path("part-00007.shard")).doesNotExist();
  }

  @Test
  void aSecondProcessIsSentAway() {
    try (DirectoryLock lock = DirectoryLock.acquire(output.toString(), HADOOP, "prepare")) {
      CommandRun refused = prepare();
      assertThat(refused.exitCode()).isEqualTo(ExitCode.IN_USE);
      assertThat(refused.err()).contains("another convoy is at work there");
      lock.checkHeld();
    }
  }

  @Test
  void everyImageThatCannotBeReadIsListed() throws IOException {
    Path images = temporary.resolve("images");
    for (int i = 0; i < 5; i++) {
      write(images.resolve("dark/" + i + ".png"), i);
      write(images.resolve("light/" + i + ".png"), 100 + i);
      Files.writeString(images.resolve("dark/bad-" + i + ".png"), "no image");
    }
    String[] source = {"data.format=image-folder", "data.train=" + images, "data.test=null"};

    CommandRun strict = prepare(with(source, "data.on-bad-image=fail"));
    assertThat(strict.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(strict.err())
        .contains("Cannot read 5 training images", "dark/bad-0.png", "dark/bad-2.png", "2 more");
    assertThat(quarantined()).hasSize(5);
    assertThat(manifest(Role.TRAIN).orElseThrow().complete()).isFalse();

    CommandRun lenient = prepare(source);
    assertThat(lenient.exitCode()).isZero();
    assertThat(lenient.err()).contains("wrote 10 train images to", "left out 5");
    assertThat(quarantined()).hasSize(5);
    assertThat(list(Role.TRAIN).listing().size()).isEqualTo(10);
    assertThat(list(Role.TRAIN).classNames()).containsExactly("dark", "light");
    assertThat(prepare(source).exitCode()).isZero();
    assertThat(quarantined()).as("kept with the parts").hasSize(5);

    write(images.resolve("dark/another.png"), 77);
    CommandRun changed = prepare(source);
    assertThat(changed.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(changed.err()).contains("train of other images (their names, lengths or times");
  }

  @Test
  void aTestThatIsAFractionIsPreparedApartFromTheTrainingImages() throws IOException {
    Path images = temporary.resolve("images");
    for (int i = 0; i < 8; i++) {
      write(images.resolve("dark/" + i + ".png"), i);
      write(images.resolve("light/" + i + ".png"), 100 + i);
    }
    assertThat(
            prepare("data.format=image-folder", "data.train=" + images, "data.test=0.25")
                .exitCode())
        .isZero();
    assertThat(list(Role.TRAIN).listing().classCounts(2)).containsExactly(6, 6);
    assertThat(list(Role.TEST).listing().classCounts(2)).containsExactly(2, 2);
  }

  @Test
  void whatIsReadIsNotOverwritten() throws IOException {
    assertThat(prepare().exitCode()).isZero();
    CommandRun refused =
        prepare("data.format=shards", "data.train=" + output.resolve("train"), "--overwrite");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(refused.err()).contains("expected a directory apart from the images that are read");
    assertThat(list(Role.TRAIN).listing().size()).isEqualTo(97);
  }

  @Test
  void aFullDiskIsNamedAndLeavesNoSetThatReadsAsWhole() throws Exception {
    Files.createDirectories(output);
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", "size=256k", "convoy-test", output.toString()),
        "needs the right to mount a file system of limited size");
    try {
      CommandRun full = prepare("data.synthetic.train-examples=4000");
      assertThat(full.exitCode()).isEqualTo(ExitCode.OTHER);
      assertThat(full.err())
          .contains("Cannot prepare images in file:" + output.resolve("train"))
          .contains("give the same command again");
      assertThatThrownBy(() -> list(Role.TRAIN)).hasMessageContaining("an incomplete set");

      assertThat(succeeds("mount", "-o", "remount,size=8m", output.toString())).isTrue();
      assertThat(prepare("data.synthetic.train-examples=4000").exitCode()).isZero();
      assertThat(list(Role.TRAIN).listing().size()).isEqualTo(4000);
      assertThat(files("train")).hasSize(3);
    } finally {
      succeeds("umount", output.toString());
    }
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private Path path(String name) {
    return output.resolve("train").resolve(name);
  }

  private Optional<ShardManifest> manifest(Role role) throws IOException {
    return ShardManifest.read(
        new org.apache.hadoop.fs.Path(output.resolve(role.folder()).toString()), HADOOP);
  }

  private void write(Role role, ShardManifest manifest) throws IOException {
    try (OutputStream out =
        Files.newOutputStream(output.resolve(role.folder()).resolve("manifest.json"))) {
      manifest.write(out);
    }
  }

  private List<JsonNode> quarantined() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(output.resolve("quarantine.jsonl"))) {
      lines.add(JSON.readTree(line));
      assertThat(lines.get(lines.size() - 1).path("path").asText()).contains("/dark/bad-");
      assertThat(lines.get(lines.size() - 1).path("reason").asText()).contains("not a JPEG");
    }
    return lines;
  }

  private static void write(Path file, int grey) throws IOException {
    BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 144; i++) {
      image.getRaster().setSample(i % 12, i / 12, 0, (grey + 3 * i) % 256);
    }
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  private ImageSource source(Role role) {
    return ImageSources.open(
        new SourceSettings(
            "shards",
            output.resolve(role.folder()).toString(),
            role,
            StoredShape.resized(SHAPE),
            new DecodeLimits(1, 1),
            TableColumns.USUAL,
            null),
        HADOOP);
  }

  private ListedImages list(Role role) {
    try {
      return source(role).list();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, byte[]> files(String folder) throws IOException {
    Map<String, byte[]> content = new TreeMap<>();
    try (Stream<Path> files = Files.list(output.resolve(folder))) {
      for (Path file : files.toList()) {
        content.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return content;
  }

  private static void assertSame(Map<String, byte[]> found, Map<String, byte[]> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, bytes) -> assertThat(found.get(name)).as(name).isEqualTo(bytes));
  }

  private static String[] with(String[] some, String... others) {
    return Stream.concat(Stream.of(some), Stream.of(others)).toArray(String[]::new);
  }

  private CommandRun prepare(String... arguments) {
    return run("prepare", with(new String[] {"output=" + output}, arguments));
  }

  private CommandRun run(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command, experiment.toString()));
    all.addAll(Experiments.SMALL);
    all.addAll(List.of(arguments));
    return CommandRun.of(all);
  }
}
