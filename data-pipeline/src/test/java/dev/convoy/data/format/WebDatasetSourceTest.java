package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebDatasetSourceTest {
  private static final ImageShape SHAPE = new ImageShape(4, 4, 3);

  @TempDir private Path directory;

  /** A tar file, entry by entry. */
  static final class Tar {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Tar add(String name, String content) {
      return add(name, content.getBytes(StandardCharsets.UTF_8));
    }

    Tar add(String name, byte[] content) {
      byte[] header = new byte[512];
      put(header, 0, name);
      put(header, 100, "0000644\0");
      put(header, 124, String.format(Locale.ROOT, "%011o", content.length));
      put(header, 136, "00000000000");
      put(header, 148, "        ");
      header[156] = '0';
      put(header, 257, "ustar\00000");
      int sum = IntStream.range(0, 512).map(i -> header[i] & 0xff).sum();
      put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
      out.writeBytes(header);
      out.writeBytes(Arrays.copyOf(content, (content.length + 511) / 512 * 512));
      return this;
    }

    byte[] bytes() {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.writeBytes(out.toByteArray());
      whole.writeBytes(new byte[1024]);
      return whole.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      System.arraycopy(bytes, 0, header, at, bytes.length);
    }
  }

  @Test
  void filesThatAreAlikeUpToTheFirstDotAreAnExample() throws Exception {
    write(
        "a.tar",
        new Tar()
            .add("train/0001.png", flat(10))
            .add("train/0001.cls", "10\n")
            .add("train/0002.cls", "2")
            .add("train/0002.seg.png", flat(20))
            .add("train/readme.txt", "no example"));
    write("b.tar", new Tar().add("x.png", flat(30)).add("x.json", "{\"width\": 4, \"label\": 10}"));
    write(".hidden.tar", new Tar().add("x.png", flat(30)));

    ListedImages listed = source().list();

    assertThat(listed.classNames()).as("in the order of numbers").containsExactly("2", "10");
    Listing listing = listed.listing();
    assertThat(IntStream.range(0, 3).map(listing::label)).containsExactly(1, 0, 1);
    assertThat(listing.location(0)).endsWith("a.tar#0");
    assertThat(listing.location(1)).endsWith("a.tar#6");
    assertThat(listed.passedOver()).contains("passed over 1 examples without an image");
    assertThat(Collected.found(source()).stream().filter(more -> more > 0)).hasSize(3);
    Collected collected = Collected.from(source(), listing);
    assertThat(collected.order).containsExactly(0, 1, 2);
    for (int i = 0; i < 3; i++) {
      byte[] expected = new byte[SHAPE.size()];
      Arrays.fill(expected, (byte) (10 * i + 10));
      assertThat(collected.images.get(i)).isEqualTo(expected);
    }
    assertThat(ImageSources.formatOf(settings("auto", directory), new Configuration()))
        .contains("webdataset");
    assertThat(
            ImageSources.formatOf(
                settings("auto", directory.resolve("a.tar")), new Configuration()))
        .contains("webdataset");
  }

  @Test
  void aTarIsOpenedOnceToBeListedAndOnceForEachPartThatIsRead() throws Exception {
    Map<String, byte[]> files = new TreeMap<>();
    for (String name : List.of("a.tar", "b.tar")) {
      Tar tar = new Tar();
      for (int i = 0; i < 50; i++) {
        tar.add(i + ".png", flat(i)).add(i + ".cls", "" + i % 2);
      }
      files.put(name, tar.bytes());
    }
    MemoryFileSystem.put("/opened", files);
    ImageSource source =
        ImageSources.open(
            settings("webdataset", Path.of("memory:/opened")), MemoryFileSystem.configuration());

    Listing listing = source.list().listing();
    assertThat(MemoryFileSystem.opened()).isEqualTo(Map.of("/opened/a.tar", 1, "/opened/b.tar", 1));

    MemoryFileSystem.put("/opened", files);
    int[] some = IntStream.range(0, 100).filter(i -> i % 3 != 0).toArray();
    Collected collected = Collected.from(source, listing.select(some));
    assertThat(MemoryFileSystem.opened()).isEqualTo(Map.of("/opened/a.tar", 1, "/opened/b.tar", 1));
    for (int i = 0; i < some.length; i++) {
      assertThat(collected.images.get(i)).startsWith((byte) (some[i] % 50));
    }
  }

  @Test
  void namesOfClassesAreSortedAndComeFromSeveralMembers() throws Exception {
    write(
        "a.tar",
        new Tar()
            .add("1.png", flat(1))
            .add("1.json", "{\"class\": \"dog\"}")
            .add("2.png", flat(1))
            .add("2.json", "{\"category\": \"cat\"}")
            .add("3.json", "{\"label\": \"dog\"}")
            .add("3.cls", "cat")
            .add("3.png", flat(1)));

    ListedImages listed = source().list();

    assertThat(listed.classNames()).containsExactly("cat", "dog");
    assertThat(IntStream.range(0, 3).map(listed.listing()::label)).containsExactly(1, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({"1.cls, 'b\u00e4r'", "1.json, '{\"label\": \"b\u00e4r\"}'"})
  void classesThatAreNotUtf8AreRefusedByName(String name, String content) throws Exception {
    write(
        "a.tar",
        new Tar().add("1.png", flat(1)).add(name, content.getBytes(StandardCharsets.ISO_8859_1)));

    assertThatThrownBy(() -> source().list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "Cannot read tar files: expected text in UTF-8, found the byte 0xE4 in line 1, in ")
        .hasMessageContaining("a.tar, " + name + ". Save it as UTF-8");
  }

  @Test
  void aByteOrderMarkIsNoPartOfAClass() throws Exception {
    write(
        "a.tar",
        new Tar()
            .add("1.png", flat(1))
            .add("1.cls", "\uFEFFcat")
            .add("2.png", flat(1))
            .add("2.json", "\uFEFF{\"label\": \"cat\"}")
            .add("3.png", flat(1))
            .add("3.cls", "cat"));

    assertThat(source().list().classNames()).containsExactly("cat");
  }

  @Test
  void damagedImagesAreRejectedByTheirPlace() throws Exception {
    write(
        "a.tar",
        new Tar()
            .add("1.cls", "0")
            .add("1.png", Arrays.copyOf(flat(1), 50))
            .add("2.cls", "0")
            .add("2.jpg", "no image at all, but long enough")
            .add("3.cls", "0")
            .add("3.png", flat(9)));

    ListedImages listed = source().list();
    Collected collected = Collected.from(source(), listed.listing());

    assertThat(collected.rejections).containsOnlyKeys(0, 1);
    assertThat(collected.rejections.get(0)).isEqualTo("the PNG data end too early or are damaged");
    assertThat(collected.images).containsOnlyKeys(2);
  }

  @ParameterizedTest
  @CsvSource({
    "100, 'expected a header with its checksum, found another at byte 0'",
    "800, 'expected a header with its checksum'",
    "700, 'expected a content of '"
  })
  void tarsThatAreDamagedOrCutShortAreRefused(int at, String reason) throws Exception {
    byte[] tar = new Tar().add("1.cls", "0").add("1.png", flat(1)).bytes();
    byte[] damaged = at == 700 ? Arrays.copyOf(tar, 1600) : tar;
    if (at != 700) {
      damaged[at == 800 ? 1024 + 130 : at] ^= 1;
    }
    Files.write(directory.resolve("a.tar"), damaged);

    assertThatThrownBy(() -> source().list())
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read a tar file: ")
        .hasMessageContaining(reason)
        .hasMessageContaining("a.tar");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.txt | 0 | expected a class in .cls, or as label, class or category in .json, found none",
        "1.cls | '' | expected a class in .cls",
        "1.json | '[1]' | expected a class in .cls",
        "1.json | '{' | expected JSON, found a mistake",
        "1.gif | GIF89a | expected one image, found two",
      })
  void examplesWithoutOneClassAndOneImageAreRefused(String name, String content, String reason)
      throws Exception {
    write("a.tar", new Tar().add("1.png", flat(1)).add(name, content));

    assertThatThrownBy(() -> source().list())
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read tar files: ")
        .hasMessageContaining(reason)
        .hasMessageContaining("a.tar, 1");
  }

  @Test
  void tarsOfSeveralUsesInOneDirectoryAreRefused() throws Exception {
    write("imagenet-train-0000.tar", new Tar().add("1.png", flat(1)).add("1.cls", "0"));
    write("train-0000.tar", new Tar().add("1.png", flat(1)).add("1.cls", "0"));
    write("train-0001.tar", new Tar().add("1.png", flat(1)).add("1.cls", "0"));
    assertThat(source().list().listing().size()).isEqualTo(3);
    write("Val_0000.tar", new Tar().add("1.png", flat(1)).add("1.cls", "0"));

    assertThatThrownBy(() -> source().list())
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot read images: expected files of one use, found Val_0000.tar and train-0000.tar,"
                + " named for what images are used for, in "
                + directory
                + ". Move the files of each use into a folder of their own, and name that.");
  }

  @Test
  void aDirectoryWithoutTarsIsRefused() throws Exception {
    Files.write(directory.resolve("a.tar.gz"), new byte[100]);

    assertThatThrownBy(() -> source().list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected files named *.tar, found none");
    assertThatThrownBy(
            () ->
                ImageSources.open(
                        settings("webdataset", directory.resolve("a.tar.gz")), new Configuration())
                    .list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a name that ends in .tar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v7", "ustar", "gnu", "pax"})
  void tarsOfEveryFormatAreRead(String format) throws Exception {
    Path files = directory.resolve("files");
    // In a tar of version 7 a name has at most 99 characters.
    String folder = format.equals("v7") ? "short" : "f".repeat(format.equals("ustar") ? 90 : 200);
    Files.createDirectories(files.resolve(folder));
    for (int i = 0; i < 3; i++) {
      String key = "f".repeat(50) + i;
      Files.write(files.resolve(folder).resolve(key + ".png"), flat(i));
      Files.writeString(files.resolve(folder).resolve(key + ".cls"), "class " + i);
    }
    Path tar = directory.resolve("a.tar");
    Process process =
        new ProcessBuilder(
                "tar",
                "--format=" + format,
                "--sort=name",
                "-cf",
                tar.toString(),
                "-C",
                files.toString(),
                ".")
            .redirectErrorStream(true)
            .start();
    process.getInputStream().readAllBytes();
    assumeTrue(process.waitFor() == 0, "no GNU tar");

    ListedImages listed = source().list();

    assertThat(listed.classNames()).containsExactly("class 0", "class 1", "class 2");
    Collected collected = Collected.from(source(), listed.listing());
    for (int i = 0; i < 3; i++) {
      assertThat(collected.images.get(i)[0]).isEqualTo((byte) listed.listing().label(i));
    }
  }

  private static byte[] flat(int value) throws Exception {
    return EncodedImage.flatPng(4, 4, value, value, value);
  }

  private void write(String name, Tar tar) throws Exception {
    Files.write(directory.resolve(name), tar.bytes());
  }

  private ImageSource source() {
    return ImageSources.open(settings("webdataset", directory), new Configuration());
  }

  private static SourceSettings settings(String format, Path location) {
    return new SourceSettings(
        format,
        location.toString(),
        Role.TRAIN,
        StoredShape.resized(SHAPE),
        new DecodeLimits(10_000, 100_000),
        TableColumns.USUAL,
        null);
  }
}
