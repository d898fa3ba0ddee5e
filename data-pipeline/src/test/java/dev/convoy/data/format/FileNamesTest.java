package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.image.EncodedImage;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.TableColumns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every name that a POSIX file system allows is a name of a file, a class and a place. */
class FileNamesTest {
  private static final ImageShape SHAPE = new ImageShape(2, 2, 1);

  @TempDir Path directory;

  @BeforeEach
  void thisProcessTakesAllNames() {
    assumeThat(Locations.takesAllNames()).as("the character set of file names is UTF-8").isTrue();
  }

  static Stream<String> names() {
    return Stream.of(
        "12:30",
        "a:1",
        "hdfs:x",
        "C:",
        "with blanks  ",
        " begins with one",
        "%41",
        "100%",
        "#1",
        "a?b=c&d",
        "*",
        "{a,b}",
        "[x]",
        "a\\b",
        "-rf",
        "~",
        "~user",
        "..name",
        "...",
        "two\nlines",
        "tab\tand\rreturn",
        "\"quoted\"",
        "'quoted'",
        "a;b,c|d",
        "\u007f\u0001",
        "\u00e9",
        "e\u0301",
        "\u65e5\u672c\u8a9e",
        "\uD83D\uDE00",
        "\u2028",
        "x".repeat(251));
  }

  @ParameterizedTest
  @MethodSource("names")
  void imagesAreFoundAndReadUnderAnyName(String name) throws Exception {
    assumeThat(Directories.isHidden(name)).isFalse();
    image(directory.resolve("data/a/" + name + ".png"), 1);
    image(directory.resolve("data/b/plain.png"), 2);

    assertReads(source("image-folder", directory.resolve("data")), "a", "b");
  }

  @ParameterizedTest
  @MethodSource("names")
  void classesMayHaveAnyNameOfOneLine(String name) throws Exception {
    assumeThat(Directories.isHidden(name)).isFalse();
    assumeThat(name).doesNotContain("\n", "\r");
    image(directory.resolve("data/" + name + "/deep:er/1.png"), 1);
    image(directory.resolve("data/\uD83D\uDE01 last/2.png"), 2);

    assertReads(source("image-folder", directory.resolve("data")), name, "\uD83D\uDE01 last");
  }

  @ParameterizedTest
  @MethodSource("names")
  void placesMayHaveAnyName(String name) throws Exception {
    Path place = directory.resolve(name);
    image(place.resolve("a/1.png"), 1);
    image(place.resolve("b/2.png"), 2);

    assertReads(source("image-folder", place), "a", "b");
    assertThat(Locations.path(Locations.path(name).toString())).isEqualTo(Locations.path(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void manifestsNameImagesAndClassesOfAnyName(String name) throws Exception {
    String label = name.replaceAll("[\n\r]", " ");
    image(directory.resolve(name + ".png"), 1);
    image(directory.resolve("folder/" + name + "/other.png"), 2);
    Files.writeString(
        directory.resolve("manifest.csv"),
        "path,label\n"
            + quoted(name + ".png")
            + ","
            + quoted(label)
            + "\n"
            + quoted("folder/" + name + "/other.png")
            + ",\uD83D\uDE01 last\n");

    assertReads(source("manifest", directory.resolve("manifest.csv")), label, "\uD83D\uDE01 last");
  }

  @Test
  void decomposedAndComposedLettersAreTwoClasses() throws Exception {
    image(directory.resolve("data/\u00e9/1.png"), 2);
    image(directory.resolve("data/e\u0301/1.png"), 1);

    assertReads(source("image-folder", directory.resolve("data")), "e\u0301", "\u00e9");
  }

  @Test
  void namesInAnotherEncodingAreRefusedAndCounted() throws Exception {
    image(directory.resolve("data/a/1.png"), 1);
    image(directory.resolve("data/b/2.png"), 2);
    // printf writes bytes that no text of Java can name.
    Process process =
        new ProcessBuilder("sh", "-c", "touch \"$(printf 'data/a/b\\344r.png')\" data/a/x.png")
            .directory(directory.toFile())
            .start();
    assumeThat(process.waitFor()).isZero();

    assertThatThrownBy(() -> source("image-folder", directory.resolve("data")).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected names in UTF-8, found 1 name, b\uFFFDr.png, in ")
        .hasMessageContaining("data/a, in another encoding. Rename: convmv does.");
  }

  private void assertReads(ImageSource source, String... classes) throws IOException {
    ListedImages listed = source.list();
    assertThat(listed.classNames()).containsExactly(classes);
    Collected collected = Collected.from(source, listed.listing());
    assertThat(collected.images.values().stream().map(pixels -> (int) pixels[0]))
        .containsExactlyElementsOf(List.of(1, 2));
  }

  private static String quoted(String value) {
    return '"' + value.replace("\"", "\"\"") + '"';
  }

  private static void image(Path file, int grey) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, EncodedImage.flatPng(2, 2, grey, grey, grey));
  }

  private static ImageSource source(String format, Path place) {
    assertThat(place.toString().getBytes(StandardCharsets.UTF_8)).doesNotContain(0);
    return ImageSources.open(
        new SourceSettings(
            format,
            place.toString(),
            Role.TRAIN,
            StoredShape.resized(SHAPE),
            new DecodeLimits(10_000, 5_000),
            TableColumns.USUAL,
            null),
        new Configuration());
  }
}
