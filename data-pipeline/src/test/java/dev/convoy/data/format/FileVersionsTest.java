package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.source.Listing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
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
            .map(name -> "memory:/named/" + name)
            .toArray(String[]::new);

    Listing listing =
        FileVersions.find(
            "images", Listing.ofFiles(names, new int[5]), MemoryFileSystem.configuration());

    assertThat(IntStream.range(0, 5).mapToLong(listing::version))
        .containsExactly(
            Listing.version(1, 0), Listing.version(1, 0), Listing.version(2, 0), 0L, 0L);
  }

  @Test
  void aFolderOfWhichManyFilesAreNamedIsListedOnce() throws Exception {
    Map<String, byte[]> files = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      files.put(i + ".png", new byte[i]);
    }
    MemoryFileSystem.put("/many", files);
    String[] names =
        IntStream.range(0, 100).mapToObj(i -> "memory:/many/" + i + ".png").toArray(String[]::new);

    Listing listing =
        FileVersions.find(
            "images", Listing.ofFiles(names, new int[100]), MemoryFileSystem.configuration());

    assertThat(listing.version(99)).isEqualTo(Listing.version(99, 0));
    assertThat(MemoryFileSystem.asked()).isZero();
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
