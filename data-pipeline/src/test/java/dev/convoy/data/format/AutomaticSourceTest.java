package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.image.EncodedImage;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.TableColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AutomaticSourceTest {
  @TempDir Path directory;

  @Test
  void aFolderPerClassIsRead() throws Exception {
    image("a/1.png");
    image("b/2.png");
    ImageSource source = source(directory);

    assertThat(source.list().classNames()).containsExactly("a", "b");
    assertThat(Collected.from(source, source.list().listing()).images).hasSize(2);
  }

  @Test
  void aCsvFileIsAManifest() throws Exception {
    image("a/1.png");
    Path manifest = directory.resolve("list.CSV");
    Files.writeString(manifest, "path,label\na/1.png,x\n");

    assertThat(source(manifest).list().classNames()).containsExactly("x");
    assertThat(Collected.found(source(manifest))).containsExactly(1);
  }

  /** That the source of the format reads it is shown by its complaint about an empty file. */
  @ParameterizedTest
  @CsvSource({
    "train-images-idx3-ubyte,IDX",
    "train-labels.idx1-ubyte.gz,IDX",
    "data_batch_1.bin,CIFAR-10",
    "part-00000.shard,prepare",
    "photo.jpg,Cannot read an image folder: expected one folder per class and at least two"
  })
  void filesWithTheNamesOfAFormatAreReadAsIt(String name, String complaint) throws Exception {
    Files.createFile(directory.resolve(name));

    assertThatThrownBy(() -> source(directory).list())
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read ")
        .hasMessageContaining(complaint);
  }

  @Test
  void whatIsNoneOfThemIsNamed() throws Exception {
    Files.createFile(directory.resolve("archive.zip"));

    assertThatThrownBy(() -> source(directory).list())
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot tell the format of images: expected one folder per class")
        .hasMessageContaining("found a directory of 1 other file, in ");
    assertThatThrownBy(() -> source(directory.resolve("archive.zip")).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("found a file, in ");
    assertThatThrownBy(() -> source(directory.resolve("none")).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("found nothing, in ");
  }

  @Test
  void anEmptyDirectoryIsCalledEmpty() {
    assertThatThrownBy(() -> source(directory).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("found an empty directory, in ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "image-folder"})
  void foldersThatAreNamedForTheirUseAreNoClasses(String format) throws Exception {
    image("test/a/1.png");
    image("Train/a/1.png");

    assertThatThrownBy(() -> source(format, directory).list())
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read images: expected one folder per class, found ")
        .hasMessageContaining(
            "named for what images are used for, in " + directory + ". Name the folder that")
        .hasMessageContaining("such as " + directory.resolve("Train") + ", for each");
    image("tram/1.png");
    assertThat(source(format, directory).list().classNames())
        .containsExactly("Train", "test", "tram");
  }

  private void image(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, EncodedImage.flatPng(2, 2, 1, 1, 1));
  }

  private static ImageSource source(Path place) {
    return source("auto", place);
  }

  private static ImageSource source(String format, Path place) {
    return ImageSources.open(
        new SourceSettings(
            format,
            place.toString(),
            Role.TRAIN,
            StoredShape.resized(new ImageShape(2, 2, 1)),
            new DecodeLimits(10_000, 5_000),
            TableColumns.USUAL,
            null),
        new Configuration());
  }
}
