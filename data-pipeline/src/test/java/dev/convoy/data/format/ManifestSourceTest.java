package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.image.EncodedImage;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestSourceTest {
  private static final ImageShape SHAPE = new ImageShape(2, 2, 1);

  @TempDir Path directory;

  @Test
  void keepsTheOrderOfLinesAndSortsClasses() throws Exception {
    ListedImages listed = list("path,label\nx.png,dog\ny.png,cat\n\nz.png , dog\n");

    assertThat(listed.classNames()).containsExactly("cat", "dog");
    assertThat(IntStream.range(0, 3).map(listed.listing()::label)).containsExactly(1, 0, 1);
    assertThat(listed.listing().location(2)).isEqualTo(directory + "/z.png");
  }

  @Test
  void wholeNumbersAreSortedAsNumbers() throws Exception {
    assertThat(list("path,label\na,10\nb,9\nc,-1\n").classNames()).containsExactly("-1", "9", "10");
    assertThat(list("path,label\na,10\nb,9\nc,x\n").classNames()).containsExactly("10", "9", "x");
  }

  @Test
  void columnsMayComeInAnyOrderWithOthersBetween() throws Exception {
    ListedImages listed = list("\uFEFFlabel,\"who, when\",path\ndog,me,\"a, b.png\"\n");

    assertThat(listed.classNames()).containsExactly("dog");
    assertThat(listed.listing().location(0)).isEqualTo(directory + "/a, b.png");
  }

  @Test
  void absolutePathsAndUrisStayWhatTheyAre() throws Exception {
    ListedImages listed = list("path,label\n/data/a.png,x\nhdfs://host/b.png,y\n");

    assertThat(listed.listing().location(0)).isEqualTo("/data/a.png");
    assertThat(listed.listing().location(1)).isEqualTo("hdfs://host/b.png");
  }

  @Test
  void readsTheImages() throws Exception {
    Files.createDirectories(directory.resolve("images"));
    Files.write(directory.resolve("images/1.png"), EncodedImage.flatPng(2, 2, 5, 5, 5));
    Files.writeString(directory.resolve("images/2.png"), "Dear diary");
    Listing listing = list("path,label\nimages/1.png,a\nimages/2.png,b\n").listing();

    Collected collected = Collected.from(source(), listing);

    assertThat(collected.images.get(0)).containsExactly(5, 5, 5, 5);
    assertThat(collected.rejections).containsEntry(1, "not a JPEG, PNG, BMP or GIF image");
  }

  @Test
  void missingImagesAreNamed() throws Exception {
    Listing listing = list("path,label\nnone.png,a\n").listing();

    assertThatThrownBy(() -> Collected.from(source(), listing))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot read an image: expected a file, found none, in ")
        .hasMessageContaining("none.png");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file,label;a,b|expected the columns path and label in line 1, found file,label",
        "path,label;a.png,x;b.png|expected 2 values in line 3, found 1 values",
        "path,label;a.png,x;b.png,y,z|expected 2 values in line 3, found 3 values",
        "path,label;,x|expected a path in line 2, found nothing",
        "path,label;a.png,x;b.png,|expected a label in line 3, found nothing",
        "path,label;a:b.png,x|expected a path in line 2, found a:b.png",
        "path,label;\"a\"b,x|found a mistake",
        "path,path,label;a,b,c|found a mistake",
        "path,label|expected at least one image, found none",
      })
  void mistakesAreNamedWithTheirLine(String lines, String message) {
    assertThatThrownBy(() -> list(lines.replace(';', '\n')))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read a manifest: expected ")
        .hasMessageContaining(message)
        .hasMessageContaining("manifest.csv");
  }

  @Test
  void missingManifestsAndDirectoriesAreNamed() throws Exception {
    assertThatThrownBy(() -> source().list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a CSV file, found nothing, in ")
        .hasMessageContaining("manifest.csv");
    Files.createDirectories(directory.resolve("manifest.csv"));
    assertThatThrownBy(() -> source().list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a CSV file, found a directory, in ");
  }

  private ListedImages list(String text) throws IOException {
    Files.writeString(directory.resolve("manifest.csv"), text);
    return source().list();
  }

  private ImageSource source() {
    return ImageSources.open(
        new SourceSettings(
            "manifest",
            directory.resolve("manifest.csv").toString(),
            Role.TRAIN,
            SHAPE,
            new DecodeLimits(10_000, 5_000),
            null),
        new Configuration());
  }
}
