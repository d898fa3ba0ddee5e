package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.image.EncodedImage;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.TableColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is passed over in class folders, and links in them. */
class PassedOverTest {
  @TempDir Path directory;
  private Path root;

  @BeforeEach
  void twoClasses() throws IOException {
    root = Files.createDirectory(directory.resolve("data"));
    image("cat/1.png");
    image("cat/deep/2.png");
    image("dog/3.png");
  }

  @Test
  void nothingIsSaidWhereEverythingIsUsed() throws Exception {
    assertThat(list().passedOver()).isEmpty();
    assertThat(list().listing().size()).isEqualTo(3);
  }

  @Test
  void filesThatAreNotUsedAreCountedByTheirSuffixes() throws Exception {
    for (String name : new String[] {"a.heic", "b.HEIC", "deep/c.avif", "notes.txt", "README"}) {
      Files.writeString(root.resolve("cat").resolve(name), "");
    }
    Files.writeString(root.resolve("dog/.DS_Store"), "");
    Files.createDirectory(root.resolve(".git"));
    image("top.png");

    ListedImages listed = list();

    assertThat(listed.listing().size()).isEqualTo(3);
    assertThat(listed.passedOver())
        .contains(
            "passed over 8: 2 .heic, 1 .avif, 1 .txt, 1 with other names, 1 outside the class"
                + " folders, 2 hidden; convert images to JPEG, PNG, BMP, GIF, WebP or TIFF to use"
                + " them");
  }

  /** Cameras that are set to Adobe RGB begin the names of photographs so. */
  @Test
  void anImageWhoseNameBeginsWithAnUnderlineIsOne() throws Exception {
    image("cat/_DSC0001.JPG");
    image("cat/._DSC0001.JPG");
    image("cat/_thumbnails/1.png");
    image("_sorted/1.png");
    Files.writeString(root.resolve("dog/_SUCCESS"), "");

    ListedImages listed = list();

    assertThat(listed.classNames()).containsExactly("cat", "dog");
    assertThat(listed.listing().size()).isEqualTo(4);
    assertThat(listed.listing().file(1)).endsWith("cat/_DSC0001.JPG");
    assertThat(listed.passedOver()).contains("passed over 4: 4 hidden");
  }

  @Test
  void suffixesAreTakenInEitherCaseAndInAllTheirSpellings() throws Exception {
    for (String suffix : new String[] {"JPG", "jpe", "JFIF", "Png", "dib"}) {
      image("cat/x." + suffix);
    }
    assertThat(list().listing().size()).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "../..", "../../..", "deep", "deep/../deep/.", "../cat"})
  void aLinkToAFolderThatIsReadAnywayDoesNotMultiplyImages(String target) throws Exception {
    Files.createSymbolicLink(root.resolve("cat/link"), Path.of(target));

    ListedImages listed = list();

    assertThat(listed.classNames()).containsExactly("cat", "dog");
    assertThat(listed.listing().size()).isEqualTo(3);
    assertThat(listed.passedOver())
        .contains("passed over 1: 1 links to folders that are read already");
  }

  @Test
  void linksThatLeadInACircleEnd() throws Exception {
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere/one"));
    Files.createSymbolicLink(elsewhere.resolve("two"), directory.resolve("elsewhere"));
    Files.createSymbolicLink(root.resolve("cat/a"), elsewhere);
    Files.write(elsewhere.resolve("4.png"), EncodedImage.flatPng(2, 2, 1, 1, 1));

    assertThat(list().listing().size()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cat/more", "puppy"})
  void aFolderInTwoClassesIsRefused(String link) throws Exception {
    Files.createSymbolicLink(root.resolve(link), root.resolve("dog"));

    assertThatThrownBy(this::list)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected every folder in one class, found one in both ")
        .hasMessageContaining("dog")
        .hasMessageEndingWith("Remove the symbolic link.");
  }

  @Test
  void classFoldersAndImagesMayBeLinksToOtherPlaces() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("birds"));
    Files.write(outside.resolve("5.png"), EncodedImage.flatPng(2, 2, 1, 1, 1));
    Files.createSymbolicLink(root.resolve("bird"), outside);
    Files.createSymbolicLink(root.resolve("dog/linked.png"), outside.resolve("5.png"));
    Files.createLink(root.resolve("cat/hard.png"), outside.resolve("5.png"));

    ListedImages listed = list();

    assertThat(listed.classNames()).containsExactly("bird", "cat", "dog");
    assertThat(listed.listing().size()).isEqualTo(6);
  }

  @Test
  void anImageThatIsALinkToNothingIsRefused() throws Exception {
    Files.createSymbolicLink(root.resolve("cat/4.png"), Path.of("gone.png"));
    Files.createSymbolicLink(root.resolve("cat/.lock"), Path.of("gone"));

    assertThatThrownBy(this::list)
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot read an image folder: expected a file, found a symbolic link to gone.png, which"
                + " is not there, in file:"
                + root
                + "/cat/4.png. Mend or remove the link.");
  }

  @Test
  void aClassWithOnlyOtherFilesSaysWhatTheyAre() throws Exception {
    Files.createDirectory(root.resolve("bird"));
    Files.writeString(root.resolve("bird/1.heic"), "");

    assertThatThrownBy(this::list)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("found none for class bird (passed over 1: 1 .heic; convert");
  }

  @Test
  void imagesWithoutClassFoldersAreNamedAsSuch() throws Exception {
    root = Files.createDirectory(directory.resolve("flat"));
    image("1.png");
    image("2.png");

    assertThatThrownBy(this::list)
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "expected one folder per class and at least two, found none beside 2 images that are in"
                + " no folder, in ");
  }

  private void image(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, EncodedImage.flatPng(2, 2, 1, 1, 1));
  }

  private ListedImages list() throws IOException {
    return ImageSources.open(
            new SourceSettings(
                "image-folder",
                root.toString(),
                Role.TRAIN,
                StoredShape.resized(new ImageShape(2, 2, 1)),
                new DecodeLimits(10_000, 5_000),
                TableColumns.USUAL,
                null),
            new Configuration())
        .list();
  }
}
