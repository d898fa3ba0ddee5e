package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadDataTest {
  private static final int DATA = 3;
  private static final int IDX_IMAGES = 0x0803;
  private static final int IDX_LABELS = 0x0801;

  @TempDir private Path directory;

  @AfterEach
  void sparkIsStopped() {
    assertThat(SparkEnv.get()).isNull();
  }

  @Test
  void aPathWithNothingThereIsNamed() {
    Path missing = directory.resolve("missing");
    assertComplaint(train("data.train=" + missing), missing.toString(), "found nothing");
  }

  @Test
  void aTestPathWithNothingThereIsNamedBeforeTraining() throws IOException {
    Path missing = directory.resolve("missing");
    Ended ended =
        train(
            "data.train=" + ImageFolders.good(directory.resolve("images")), "data.test=" + missing);
    assertComplaint(ended, missing.toString(), "found nothing");
    assertThat(ended.messages()).doesNotContain("epoch 1");
  }

  @Test
  void anEmptyFolderIsNamed() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertComplaint(train("data.train=" + empty), empty.toString(), "found none");
  }

  @Test
  void oneClassIsNotEnough() throws IOException {
    Path images = directory.resolve("images");
    ImageFolders.write(images.resolve("dark/a.png"), ImageFolders.text());
    assertComplaint(train("data.train=" + images), images.toString(), "found only dark");
  }

  @Test
  void imagesThatCannotBeReadAreQuarantinedAndTheRunGoesOn() throws IOException {
    Path images = ImageFolders.good(directory.resolve("images"));
    Map<String, String> reasons = new TreeMap<>();
    addBad(images, "truncated.jpg", ImageFolders.truncatedJpeg(), reasons, "end too early");
    addBad(
        images,
        "text.png",
        ImageFolders.text(),
        reasons,
        "not a JPEG, PNG, BMP, GIF, WebP or TIFF");
    addBad(images, "zero.gif", new byte[0], reasons, "the file is empty");
    addBad(images, "bomb.png", ImageFolders.bomb(), reasons, "20000x20000 pixels");
    RunFiles run = new RunFiles(directory.resolve("run"));

    Ended ended = train(run.argument(), "data.train=" + images);
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    assertThat(ended.messages()).contains("quarantined");
    assertThat(ended.complaints()).isEmpty();
    JsonNode examples = run.summary().path("examples");
    assertThat(examples.path("quarantined").asInt()).isEqualTo(4);
    assertThat(examples.path("train").asInt() + examples.path("validation").asInt()).isEqualTo(16);
    Map<String, String> found = new TreeMap<>();
    for (JsonNode line : run.lines("quarantine.jsonl")) {
      String path = line.path("path").asText();
      assertThat(path).contains(images + "/dark/");
      found.put(path.substring(path.lastIndexOf('/') + 1), line.path("reason").asText());
    }
    assertThat(found).hasSameSizeAs(reasons);
    reasons.forEach((name, reason) -> assertThat(found.get(name)).as(name).contains(reason));

    assertComplaint(
        train(
            "output=" + directory.resolve("strict"),
            "data.train=" + images,
            "data.on-bad-image=fail"),
        "expected none that are bad",
        images.toString(),
        "data.on-bad-image=quarantine");
  }

  @Test
  void aClassWithoutAReadableImageIsNamed() throws IOException {
    Path images = ImageFolders.good(directory.resolve("images"));
    ImageFolders.write(images.resolve("torn/a.png"), ImageFolders.text());
    ImageFolders.write(images.resolve("torn/b.png"), new byte[0]);
    assertComplaint(
        train("data.train=" + images),
        "the class torn",
        images.toString(),
        images + "/torn/",
        "found none");
  }

  @Test
  void idxImagesWithAWrongMagicNumberAreNamed() throws IOException {
    Path idx = idx(IDX_IMAGES + 1, 20 * 12 * 12, 20);
    assertIdxComplaint(idx, "train-images-idx3-ubyte", "magic number 0x00000803");
  }

  @Test
  void shortIdxImagesAreNamed() throws IOException {
    assertIdxComplaint(idx(IDX_IMAGES, 20 * 12 * 12 - 1, 20), "train-images-idx3-ubyte", "2896");
  }

  @Test
  void longIdxImagesAreNamed() throws IOException {
    assertIdxComplaint(idx(IDX_IMAGES, 20 * 12 * 12 + 1, 20), "train-images-idx3-ubyte", "2896");
  }

  @Test
  void anotherNumberOfIdxLabelsThanOfImagesIsNamed() throws IOException {
    assertIdxComplaint(
        idx(IDX_IMAGES, 20 * 12 * 12, 19), "train-labels-idx1-ubyte", "that is 20, found 19");
  }

  @Test
  void damageThatOnlyAnExecutorSeesIsNamedWithoutItsStackTrace() throws IOException {
    Path prepared = directory.resolve("prepared");
    Ended preparation =
        Command.run(
            "prepare",
            Runs.experiment("folder.conf"),
            "output=" + prepared,
            "data.train=" + ImageFolders.good(directory.resolve("images")));
    assertThat(preparation.exitCode()).as(preparation.messages()).isZero();
    Path shard = prepared.resolve("train/part-00000.shard");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length / 2] ^= 1;
    Files.write(shard, bytes);
    assertComplaint(
        train("data.format=shards", "data.train=" + prepared.resolve("train")), shard.toString());
  }

  private static void addBad(
      Path images, String name, byte[] content, Map<String, String> reasons, String reason)
      throws IOException {
    ImageFolders.write(images.resolve("dark/" + name), content);
    reasons.put(name, reason);
  }

  /** Training files of 20 images of 12 x 12 and two classes, or almost. */
  private Path idx(int magic, int pixels, int labels) throws IOException {
    ImageFolders.write(
        directory.resolve("idx/train-images-idx3-ubyte"),
        ByteBuffer.allocate(16 + pixels).putInt(magic).putInt(20).putInt(12).putInt(12).array());
    ByteBuffer file = ByteBuffer.allocate(8 + labels).putInt(IDX_LABELS).putInt(labels);
    for (int i = 0; i < labels; i++) {
      file.put((byte) (i % 2));
    }
    ImageFolders.write(directory.resolve("idx/train-labels-idx1-ubyte"), file.array());
    return directory.resolve("idx");
  }

  private void assertIdxComplaint(Path idx, String file, String found) {
    assertComplaint(
        train("data.format=idx", "data.train=" + idx), idx.resolve(file).toString(), found);
  }

  private Ended train(String... arguments) {
    return Command.run(
        "train", Runs.experiment("folder.conf"), directory.resolve("output"), arguments);
  }

  private static void assertComplaint(Ended ended, String... parts) {
    assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(DATA);
    assertThat(ended.complaints())
        .singleElement()
        .asString()
        .contains(parts)
        .doesNotContain("Exception");
  }
}
