package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.source.Listing;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class FileVersionsTest {
  /** An object in a store. */
  private static final class Tagged extends FileStatus implements EtagSource {
    private static final long serialVersionUID = 1L;
    private final String tag;

    Tagged(long bytes, long modifiedMillis, String tag) {
      super(bytes, false, 1, 1, modifiedMillis, new Path("s3a://bucket/a"));
      this.tag = tag;
    }

    @Override
    public String getEtag() {
      return tag;
    }
  }

  private static long version(FileStatus file) {
    Listing listing = Listing.ofFiles(new String[] {"a"}, new int[] {0});
    return FileVersions.note(listing, List.of(file)).version(0);
  }

  private static FileStatus local(long bytes, long modifiedMillis) {
    return new FileStatus(bytes, false, 1, 1, modifiedMillis, new Path("/a"));
  }

  @Test
  void aFileIsToldByLengthAndTime() {
    assertThat(version(local(10, 5000))).isEqualTo(version(local(10, 5000)));
    assertThat(version(local(10, 5001))).isNotEqualTo(version(local(10, 5000)));
    assertThat(version(local(11, 5000))).isNotEqualTo(version(local(10, 5000)));
  }

  private static Listing find(String... names) throws IOException {
    return find("memory", MemoryFileSystem.class, names);
  }

  /** Files of MemoryFileSystem as another kind of it answers, whose scheme is its own. */
  private static Listing find(String scheme, Class<? extends FileSystem> files, String... names)
      throws IOException {
    Configuration hadoop = new Configuration(false);
    hadoop.setClass("fs." + scheme + ".impl", files, FileSystem.class);
    return FileVersions.find(
        "images",
        Listing.ofFiles(
            Stream.of(names).map(name -> scheme + ":" + name).toArray(String[]::new),
            new int[names.length]),
        hadoop);
  }

  private static void put(String directory, int count) {
    Map<String, byte[]> files = new HashMap<>();
    for (int i = 0; i < count; i++) {
      files.put(i + ".png", new byte[i]);
    }
    MemoryFileSystem.put(directory, files);
  }

  /** Where folders hold more than the files that are named, and some of these are not there. */
  @Test
  void namedFilesHaveTheVersionsOfTheFilesThatAreThere() throws Exception {
    Map<String, byte[]> files = new HashMap<>();
    for (int i = 0; i < 10; i++) {
      files.put("a/" + i, new byte[i]);
    }
    files.put("b/1", new byte[1]);
    MemoryFileSystem.put("/named", files);
    String[] names =
        Stream.of("a/1", "b/1", "a/2", "a/none", "none/1")
            .map(name -> "/named/" + name)
            .toArray(String[]::new);

    Listing listing = find(names);

    assertThat(IntStream.range(0, 5).mapToLong(listing::version))
        .containsExactly(
            Listing.version(1, 0), Listing.version(1, 0), Listing.version(2, 0), 0L, 0L);
    assertThat(MemoryFileSystem.listed()).as("a").isEqualTo(1);
    assertThat(MemoryFileSystem.asked()).as("b/1 and none/1").isEqualTo(2);
  }

  @Test
  void aFolderOfWhichManyFilesAreNamedIsListedOnce() throws Exception {
    put("/many", 100);
    String[] names =
        IntStream.range(0, 100).mapToObj(i -> "/many/" + i + ".png").toArray(String[]::new);

    Listing listing = find(names);

    for (int i = 0; i < 100; i++) {
      assertThat(listing.version(i)).isEqualTo(Listing.version(i, 0));
    }
    assertThat(MemoryFileSystem.listed()).isEqualTo(1);
    assertThat(MemoryFileSystem.asked()).isZero();
  }

  /** A thousand entries cost what one file does, so that two files cost as much as 2,000. */
  @Test
  void aLargeFolderIsListedNoFurtherThanItsNamedFilesCost() throws Exception {
    Map<String, byte[]> files = new HashMap<>();
    for (int i = 0; i < 2010; i++) {
      files.put(String.format(Locale.ROOT, "%04d.png", i), new byte[i]);
    }
    MemoryFileSystem.put("/large", files);

    Listing listing = find("/large/2008.png", "/large/2009.png", "/large/none.png");
    assertThat(MemoryFileSystem.asked()).as("3,000 entries cost more than there are").isZero();
    Listing fewer = find("/large/2008.png", "/large/2009.png");
    assertThat(MemoryFileSystem.asked()).isEqualTo(2);

    assertThat(MemoryFileSystem.listed()).isEqualTo(2);
    for (Listing each : List.of(listing, fewer)) {
      assertThat(each.version(0)).isEqualTo(Listing.version(2008, 0));
      assertThat(each.version(1)).isEqualTo(Listing.version(2009, 0));
    }
  }

  @Test
  void noFileOfAFolderThatIsNotThereIsAskedFor() throws Exception {
    put("/there", 1);

    Listing listing = find("/typo/0.png", "/typo/1.png", "/typo/2.png");

    assertThat(IntStream.range(0, 3).mapToLong(listing::version)).containsOnly(0L);
    assertThat(MemoryFileSystem.listed()).isEqualTo(1);
    assertThat(MemoryFileSystem.asked()).isZero();
  }

  /** A folder in which 0.png is a link. */
  public static final class WithLink extends MemoryFileSystem {
    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
      FileStatus[] files = super.listStatus(path);
      for (FileStatus file : files) {
        if (file.getPath().getName().equals("0.png")) {
          file.setSymlink(new Path("elsewhere"));
        }
      }
      return files;
    }
  }

  @Test
  void linksAreAskedWhereTheyLead() throws Exception {
    put("/links", 3);

    Listing listing = find("link", WithLink.class, "/links/0.png", "/links/2.png");

    assertThat(IntStream.range(0, 2).mapToLong(listing::version))
        .containsExactly(Listing.version(0, 0), Listing.version(2, 0));
    assertThat(MemoryFileSystem.asked()).isEqualTo(1);
  }

  /** Answers two requests at a time, and fails where the second does not come. */
  public static final class InPairs extends MemoryFileSystem {
    private static final CyclicBarrier PAIR = new CyclicBarrier(2);

    private static void waitForAnother() throws IOException {
      try {
        PAIR.await(20, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new IOException("one request at a time", e);
      }
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
      waitForAnother();
      return super.listStatus(path);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      waitForAnother();
      return super.getFileStatus(path);
    }
  }

  @Test
  void foldersAndSingleFilesAreLookedUpAtOnce() throws Exception {
    Map<String, byte[]> files = new HashMap<>();
    for (int i = 0; i < 8; i++) {
      files.put("one" + i + "/0.png", new byte[i]);
      files.put("two" + i + "/0.png", new byte[10 + i]);
      files.put("two" + i + "/1.png", new byte[20 + i]);
    }
    MemoryFileSystem.put("/folders", files);
    String[] names = files.keySet().toArray(String[]::new);

    Listing listing =
        find(
            "pairs",
            InPairs.class,
            Stream.of(names).map(name -> "/folders/" + name).toArray(String[]::new));

    for (int i = 0; i < names.length; i++) {
      assertThat(listing.version(i))
          .as(names[i])
          .isEqualTo(Listing.version(files.get(names[i]).length, 0));
    }
  }

  /** A connection that ends. */
  public static final class Failing extends MemoryFileSystem {
    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      throw new IOException("Connection reset");
    }
  }

  @Test
  void failuresThatARetryMayMendComeOutAsTheyAre() {
    assertThatThrownBy(() -> find("reset", Failing.class, "/failing/0.png", "/other/1.png"))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("Connection reset")
        .hasNoCause();
  }

  /** As Hadoop's file system of http addresses, which knows neither folders nor lengths. */
  public static final class Addresses extends MemoryFileSystem {
    @Override
    public FileStatus[] listStatus(Path path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileStatus getFileStatus(Path path) {
      return new FileStatus(-1, false, 1, 1, 0, path);
    }
  }

  @Test
  void filesThatCanBeOpenedAloneHaveNoVersions() throws Exception {
    Listing listing = find("address", Addresses.class, "/a/0.png", "/a/1.png", "/b/2.png");

    assertThat(IntStream.range(0, 3).mapToLong(listing::version)).containsOnly(0L);
    assertThat(IntStream.range(0, 3).mapToLong(listing::modifiedMillis)).containsOnly(0L);
  }

  /** A server may list milliseconds, and tell seconds when it is asked for one object. */
  @Test
  void anObjectIsToldByLengthAndTag() {
    long version = version(new Tagged(10, 5000, "9e107d9d372bb6826bd81d3542a419d6"));
    assertThat(version(new Tagged(10, 5872, "9e107d9d372bb6826bd81d3542a419d6")))
        .isEqualTo(version);
    assertThat(version(new Tagged(10, 5000, "e4d909c290d0fb1ca068ffaddf22cbd0")))
        .isNotEqualTo(version);
    assertThat(version(new Tagged(11, 5000, "9e107d9d372bb6826bd81d3542a419d6")))
        .isNotEqualTo(version);
    assertThat(version(new Tagged(10, 5000, null))).isEqualTo(version(local(10, 5000)));
  }
}
