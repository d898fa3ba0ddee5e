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
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.TableColumns;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void aColumnOfWeightsSaysHowMuchAnImageCounts() throws Exception {
    Listing listing = list("path,label,Weight\na.png,x,2.5\nb.png,y,0\nc.png,y,1\n").listing();

    assertThat(listing.weight(0)).isEqualTo(2.5f);
    assertThat(listing.weight(1)).isZero();
    assertThat(listing.select(new int[] {0, 2}).weight(1)).isEqualTo(1);
    assertThat(listing.fingerprint())
        .isNotEqualTo(list("path,label\na.png,x\nb.png,y\nc.png,y\n").listing().fingerprint());
    for (String wrong : new String[] {"-1", "much", "", "NaN"}) {
      assertThatThrownBy(() -> list("path,label,weight\na.png,x," + wrong + "\n"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(
              "expected a number in [0, 1000000] for the weight in line 2, found " + wrong);
    }
  }

  @Test
  void namedColumnsAreNumbersInTheirOrderAndLabelsAreNotNeeded() throws Exception {
    String text = "age,path,height\n31,a.png,1.5\n-2e1,b.png,0\n";
    ListedImages listed = numbers(text, "height", "age");
    assertThat(listed.classNames()).containsExactly("height", "age");
    assertThat(listed.listing().numbers(0)).containsExactly(1.5f, 31);
    assertThat(listed.listing().numbers(1)).containsExactly(0, -20);
    assertThat(listed.listing().label(1)).isZero();
    assertThat(listed.relabel(List.of("height", "age"))).isSameAs(listed);
    assertThatThrownBy(() -> listed.relabel(List.of("age", "height")))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot use images: expected the numbers or classes [age, height], found the numbers"
                + " [height, age].");
    assertThatThrownBy(() -> numbers(text, "weight"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected the column weight in line 1, found age,path,height");
    for (String wrong : new String[] {"old", "", "NaN", "Infinity"}) {
      assertThatThrownBy(() -> numbers("path,age\na.png," + wrong + "\n", "age"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(
              "expected a number for age in line 2, found "
                  + (wrong.isEmpty() ? "nothing" : wrong));
    }
    assertThatThrownBy(() -> numbers("path,age\na.png,1\na.png,2\n", "age"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("found a.png, which line 2 names");
  }

  private ListedImages numbers(String text, String... columns) throws IOException {
    Path manifest = Files.writeString(directory.resolve("numbers.csv"), text);
    return ImageSources.open(
            new SourceSettings(
                "manifest",
                manifest.toString(),
                Role.TRAIN,
                StoredShape.resized(SHAPE),
                new DecodeLimits(1, 1),
                new TableColumns(null, null, List.of(columns)),
                null),
            new Configuration(false))
        .list();
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
    assertThat(collected.rejections)
        .containsEntry(1, "not a JPEG, PNG, BMP, GIF, WebP or TIFF image");
  }

  @Test
  void anImageThatIsReplacedUnderItsNameChangesTheFingerprintAndIsNamed() throws Exception {
    Path image = Files.write(directory.resolve("a.png"), EncodedImage.flatPng(2, 2, 5, 5, 5));
    Path other = Files.write(directory.resolve("b.png"), EncodedImage.flatPng(2, 2, 6, 6, 6));
    String lines = "path,label\na.png,x\nb.png,y\nnone.png,y\n";
    Listing before = list(lines).listing();

    assertThat(before.modifiedMillis(0)).isEqualTo(Files.getLastModifiedTime(image).toMillis());
    assertThat(before.modifiedMillis(2)).as("not there").isZero();
    assertThat(list(lines).listing().fingerprint()).isEqualTo(before.fingerprint());

    Files.setLastModifiedTime(other, FileTime.fromMillis(before.modifiedMillis(1) + 2000));
    assertThat(list(lines).listing().fingerprint()).isNotEqualTo(before.fingerprint());
    assertThat(FileVersions.changed(before, new Configuration())).containsExactly(other.toString());
  }

  /** As on executors, which are started elsewhere than the driver. */
  @ParameterizedTest
  @ValueSource(strings = {"manifest", "auto"})
  void relativePlacesBeginWhereTheDriverWasStarted(String format) throws Exception {
    Files.createDirectories(directory.resolve("data"));
    Files.write(directory.resolve("data/1.png"), EncodedImage.flatPng(2, 2, 5, 5, 5));
    Files.writeString(directory.resolve("data/m.csv"), "path,label\n1.png,a\n");
    Configuration executor = new Configuration();
    executor.set(Locations.WORKING_DIRECTORY, directory.toString());
    Listing listing = Listing.ofFiles(new String[] {"data/1.png"}, new int[1]);
    SourceSettings settings =
        new SourceSettings(
            format,
            "data/m.csv",
            Role.TRAIN,
            StoredShape.resized(SHAPE),
            new DecodeLimits(10_000, 5_000),
            TableColumns.USUAL,
            null);

    Collected collected = Collected.from(ImageSources.open(settings, executor), listing);

    assertThat(collected.images.get(0)).containsExactly(5, 5, 5, 5);
  }

  @Test
  void missingImagesAreNamed() throws Exception {
    Listing listing = list("path,label\nnone.png,a\n").listing();

    assertThatThrownBy(() -> Collected.from(source(), listing))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot read an image: expected a file, found nothing, in ")
        .hasMessageContaining("none.png");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file,kind;a,b|expected the columns path and label in line 1, found file,kind",
        "a.png,cat;b.png,dog|expected the columns path and label in line 1, found a.png,cat",
        "file,path,label;a,b,c|expected one column for the path and one for the label in line 1",
        "path,label;a.png,x;b.png|expected 2 values in line 3, found 1 values",
        "path,label;a.png,x;b.png,y,z|expected 2 values in line 3, found 3 values",
        "path,label;,x|expected a path in line 2, found nothing",
        "path,label;a.png,x;b.png,|expected a label in line 3, found nothing",
        "path,label;a.png,x;b.png,x;./a.png,y|no other line names in line 4, found ./a.png of"
            + " class y, which line 2 names as of class x",
        "path,label;d/a.png,x;d/e/../a.png,x|found d/e/../a.png of class x, which line 2 names",
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

  @Test
  void anImageIsTheSameByItsWholePathAndByItsUri() {
    for (String same : List.of(directory + "/a.png", "file:" + directory + "/a.png")) {
      assertThatThrownBy(() -> list("path,label\na.png,x\n" + same + ",x\n"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("found " + same + " of class x, which line 2 names as of class x");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Path,Label;a.png,x",
        "FILENAME,Class;a.png,x",
        "file_name;class name|a.png;x",
        "label\timage-path|x\ta.png",
        "\uFEFFpath;label|a.png;x"
      })
  void usualNamesOfColumnsAndDelimitersAreTaken(String lines) throws Exception {
    String text = lines.contains("|") ? lines.replace('|', '\n') : lines.replace(';', '\n');
    ListedImages listed = list(text);

    assertThat(listed.classNames()).containsExactly("x");
    assertThat(listed.listing().location(0)).isEqualTo(directory + "/a.png");
  }

  @Test
  void textThatIsNotUtf8IsRefusedWithItsLine() throws Exception {
    byte[] latin1 = "path,label\na.png,x\nb.png,b\u00e4r\n".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(directory.resolve("manifest.csv"), latin1);
    assertThatThrownBy(() -> source().list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "Cannot read a manifest: expected text in UTF-8, found the byte 0xE4 in line 3, in ")
        .hasMessageContaining("manifest.csv. Save it as UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
  void utf16IsNamed(String encoding) throws Exception {
    Files.write(
        directory.resolve("manifest.csv"),
        "path,label\na.png,x\n".getBytes(Charset.forName(encoding)));
    assertThatThrownBy(() -> source().list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected text in UTF-8, found UTF-16, in ")
        .hasMessageContaining("iconv -f UTF-16 -t UTF-8");
  }

  @Test
  void aManifestThatMayNotBeReadIsNotSaidToBeMissing() throws Exception {
    Path manifest = directory.resolve("manifest.csv");
    Files.writeString(manifest, "path,label\n");
    Files.setPosixFilePermissions(manifest, Set.of());
    assumeThat(Files.isReadable(manifest)).as("root reads everything").isFalse();
    assertThatThrownBy(() -> source().list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "expected a CSV file, found no permission to read it, in " + manifest);
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
            StoredShape.resized(SHAPE),
            new DecodeLimits(10_000, 5_000),
            TableColumns.USUAL,
            null),
        new Configuration());
  }
}
