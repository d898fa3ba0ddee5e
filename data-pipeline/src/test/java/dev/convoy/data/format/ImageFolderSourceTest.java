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
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderSourceTest {
  private static final ImageShape SHAPE = new ImageShape(2, 2, 3);

  @TempDir Path directory;

  @Test
  void listsClassesAndFilesInTheOrderOfCodePoints() throws Exception {
    assumeThat(Locations.takesAllNames()).as("the character set of file names is UTF-8").isTrue();
    // A character beyond the basic plane comes last, although its first UTF-16 unit does not.
    for (String name : new String[] {"\uD83D\uDE00", "\uFF21", "b", "B", "a"}) {
      image(name + "/2.png");
      image(name + "/10.png");
    }

    ListedImages listed = source().list();

    assertThat(listed.classNames()).containsExactly("B", "a", "b", "\uFF21", "\uD83D\uDE00");
    assertThat(IntStream.range(0, 10).map(listed.listing()::label))
        .containsExactly(0, 0, 1, 1, 2, 2, 3, 3, 4, 4);
    assertThat(listed.listing().location(0)).endsWith("/B/10.png");
    assertThat(listed.listing().location(1)).endsWith("/B/2.png");
  }

  @Test
  void findsImagesAtAnyDepthAndIgnoresTheRest() throws Exception {
    image("cat/one.JPG");
    image("cat/deep/er/two.jpeg");
    image("dog/three.Png");
    image("dog/four.gif");
    image("dog/five.bmp");
    image("dog/notes.txt");
    image("dog/png");
    image("dog/.hidden.png");
    image("dog/_temporary/six.png");
    image("dog/.cache/seven.png");
    image(".git/eight.png");
    image("_logs/nine.png");
    image("ten.png");

    ListedImages listed = source().list();

    assertThat(listed.classNames()).containsExactly("cat", "dog");
    assertThat(
            IntStream.range(0, listed.listing().size())
                .mapToObj(i -> listed.listing().location(i).replaceAll(".*/", "")))
        .containsExactly("two.jpeg", "one.JPG", "five.bmp", "four.gif", "three.Png");
    assertThat(Collected.found(source())).as("told folder by folder").containsExactly(1, 0, 1, 3);
    assertThat(Collected.found(ImageSources.unlabelled(settings(directory), new Configuration())))
        .containsExactly(1, 1, 3, 0, 1);
  }

  @Test
  void oneImageWithoutAClassIsReadByItself() throws Exception {
    image("a b/1#.png");
    image("a b/2.png");
    Files.createFile(directory.resolve("notes.txt"));
    ImageSource one = unlabelled(directory.resolve("a b/1#.png"));

    assertThat(Collected.from(one, one.list().listing()).images).hasSize(1);
    assertThatThrownBy(() -> unlabelled(directory.resolve("notes.txt")).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a directory, or a file that ends in one of ")
        .hasMessageContaining("found another file, in ");
    assertThatThrownBy(() -> unlabelled(directory.resolve("none")).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a directory or an image, found nothing, in ");
  }

  private ImageSource unlabelled(Path place) {
    return ImageSources.unlabelled(settings(place), new Configuration());
  }

  @Test
  void readsImagesWithBlanksAndPercentSignsInTheirNames() throws Exception {
    image("a/plain.png");
    image("b c/50% off?#1.png");
    ImageSource source = source();

    Collected collected = Collected.from(source, source.list().listing());

    assertThat(collected.images).hasSize(2);
    assertThat(collected.images.get(1)).containsExactly(9, 9, 9, 9, 8, 8, 8, 8, 7, 7, 7, 7);
  }

  @Test
  void readsManyImagesInTheirOrder() throws Exception {
    for (int i = 0; i < 100; i++) {
      Path file = directory.resolve((i % 2 == 0 ? "a/" : "b/") + i + ".png");
      Files.createDirectories(file.getParent());
      Files.write(file, EncodedImage.flatPng(2, 2, i, i, i));
    }
    ImageSource source = source();
    Listing listing = source.list().listing();

    Collected collected = Collected.from(source, listing);

    assertThat(collected.order).isSorted().hasSize(100);
    for (int i = 0; i < 100; i++) {
      String name = listing.location(i).replaceAll(".*/", "");
      assertThat((int) collected.images.get(i)[0])
          .isEqualTo(Integer.parseInt(name.replace(".png", "")));
    }
  }

  @Test
  void anInterruptedReaderStopsAndStaysInterrupted() throws Exception {
    image("a/1.png");
    image("b/2.png");
    ImageSource source = source();
    Listing listing = source.list().listing();
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> Collected.from(source, listing))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("Interrupted while reading images");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void rejectsWhatCannotBeDecodedAndGoesOn() throws Exception {
    image("a/1.png");
    Files.writeString(directory.resolve("a/2.png"), "Dear diary");
    Files.write(directory.resolve("a/3.png"), new byte[0]);
    Files.write(directory.resolve("a/4.png"), new byte[5001]);
    image("b/5.png");
    ImageSource source = source();

    Collected collected = Collected.from(source, source.list().listing());

    assertThat(collected.order).containsExactly(0, 1, 2, 3, 4);
    assertThat(collected.images).containsOnlyKeys(0, 4);
    assertThat(collected.rejections)
        .containsEntry(1, "not a JPEG, PNG, BMP, GIF, WebP or TIFF image")
        .containsEntry(2, "the file is empty")
        .containsEntry(
            3, "the file has 5001 bytes, more than data.max-file-megabytes allows, 5000");
  }

  @Test
  void filesThatVanishAfterListingAreNamed() throws Exception {
    image("a/1.png");
    image("b/2.png");
    ImageSource source = source();
    Listing listing = source.list().listing();
    Files.delete(directory.resolve("b/2.png"));

    assertThatThrownBy(() -> Collected.from(source, listing))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a file, found nothing, in ")
        .hasMessageContaining("b/2.png");
  }

  @Test
  void pathsThatAreNoDirectoryAreNamed() throws Exception {
    image("file.png");

    assertBroken(directory.resolve("none"), "expected a directory, found nothing, in ");
    assertBroken(directory.resolve("file.png"), "expected a directory, found a file, in ");
  }

  @Test
  void fewerThanTwoClassesAreRefused() throws Exception {
    image("lonely.png");
    assertBroken(
        directory,
        "one folder per class and at least two, found none beside 1 images that are in no"
            + " folder, in ");

    image("cat/1.png");
    image(".dog/1.png");
    assertBroken(
        directory,
        "one folder per class and at least two, found only cat beside 1 images"
            + " that are in no folder, in ");
  }

  @Test
  void aClassWhoseNameHasALineBreakIsRefusedByName() throws Exception {
    image("cat/1.png");
    for (String name : new String[] {"two\nlines", "two\rlines"}) {
      image(name + "/1.png");
      assertThatThrownBy(() -> source().list())
          .isInstanceOf(DataException.class)
          .hasMessageContaining("expected class names of one line")
          .hasMessageContaining(
              "found the class \"" + name.replace("\n", "\\n").replace("\r", "\\r") + "\"")
          .hasMessageContaining("Rename it");
      Files.delete(directory.resolve(name).resolve("1.png"));
      Files.delete(directory.resolve(name));
    }
  }

  @Test
  void classesWithoutImagesAreNamed() throws Exception {
    image("cat/1.png");
    image("dog/notes.txt");

    assertBroken(
        directory,
        "expected images (apng, bmp, dib, gif, jfif, jif, jpe, jpeg, jpg, png, tif, tiff, webp) in every class");
    assertBroken(directory, "found none for class dog (passed over 1: 1 .txt), in ");
  }

  private void image(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, EncodedImage.flatPng(2, 2, 9, 8, 7));
  }

  private ImageSource source() {
    return source(directory);
  }

  private static ImageSource source(Path location) {
    return ImageSources.open(settings(location), new Configuration());
  }

  private static SourceSettings settings(Path location) {
    return new SourceSettings(
        "image-folder",
        location.toString(),
        Role.TRAIN,
        StoredShape.resized(SHAPE),
        new DecodeLimits(10_000, 5_000),
        TableColumns.USUAL,
        null);
  }

  private static void assertBroken(Path location, String message) {
    assertThatThrownBy(() -> source(location).list())
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read an image folder: ")
        .hasMessageContaining(message);
  }
}
