package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.convoy.data.DataException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "/data/a,/data/a",
    "//data//a/,/data/a",
    "a:b,./a:b",
    "hdfs://host:8020/a:b/%41#1?,hdfs://host:8020/a:b/%41#1?",
    "s3a://bucket/key,s3a://bucket/key",
    "file:/a b,file:/a b",
    "file:///a:b,file:/a:b",
    "/a/./b/../c,/a/c",
  })
  void textsBecomePaths(String text, String path) {
    assertThat(Locations.path(text).toString()).isEqualTo(path);
    assertThat(Locations.path(path)).isEqualTo(Locations.path(text));
  }

  @Test
  void textsThatNameNoPlaceAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Locations.path(""))
        .withMessage(
            "Cannot use \"\" as a place: expected a path, or a URI such as hdfs://host/path, found"
                + " nothing. Correct it");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Locations.path("a\0b"))
        .withMessageContaining("found a NUL character");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nosuch://host/x|found no file system of the scheme nosuch://, for nosuch://host/x. Check"
            + " the scheme",
        "hdfs://no-such-host.invalid/x|found no host no-such-host.invalid, for hdfs://no-such",
      })
  void placesThatCannotBeReachedSayWhy(String place, String message) {
    assertThatThrownBy(() -> Directories.list("images", Locations.path(place), new Configuration()))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read images: expected ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("Exception");
  }

  @ParameterizedTest
  @CsvSource({
    "s3a, hadoop-aws:3, ', or build Convoy with it: mvn package -Ps3.'",
    "abfs, hadoop-azure:3, .",
    "abfss, hadoop-azure:3, .",
    "gs, gcs-connector:hadoop3, .",
  })
  void aFileSystemWhoseLibraryIsMissingSaysWhichItIs(String scheme, String library, String end) {
    org.apache.hadoop.fs.Path place = Locations.path(scheme + "://bucket/x");
    for (ThrowingCallable reach :
        List.<ThrowingCallable>of(
            () -> Directories.list("images", place, new Configuration()),
            () -> Locations.newFileSystem(place, new Configuration()))) {
      assertThatThrownBy(reach)
          .isInstanceOf(MissingLibraryException.class)
          .hasMessageStartingWith(
              "Cannot reach %s://bucket/x: expected the library of %s:// on the class path, found"
                  + " none. Give it to spark-submit with --packages ",
              scheme, scheme)
          .hasMessageContaining(library)
          .hasMessageEndingWith(end)
          .hasMessageNotContaining("Exception");
    }
  }

  /** Such as hadoop-aws without the software of Amazon that it calls. */
  @Test
  void aLibraryWithoutItsOwnLibrariesSaysWhichItIs() {
    assertThat(
            MissingLibraryException.reasonOf(
                Locations.path("s3a://bucket/x"),
                new NoClassDefFoundError("com/amazonaws/SdkBaseException")))
        .get()
        .asString()
        .contains(
            "found it without what it needs itself, com/amazonaws/SdkBaseException. Give it to"
                + " spark-submit with --packages org.apache.hadoop:hadoop-aws:");
  }

  @Test
  void aServiceThatDoesNotAnswerIsNamed() throws IOException {
    IOException failure = new IOException("Call failed", new ConnectException("refused"));
    assertThat(
            Locations.unreachable(
                "images", "a directory", Locations.path("hdfs://host:8020/x"), failure))
        .hasMessageContaining("found nobody who answers at host:8020, for hdfs://host:8020/x.");
  }

  /** As local files, HDFS and Hadoop's shell say so. */
  @Test
  void aRefusedPermissionIsNotAMissingFile() throws IOException {
    for (IOException failure :
        List.of(
            new IOException("Call failed", new AccessDeniedException("/x")),
            new AccessControlException("user=me, access=READ"),
            new IOException("/x (Permission denied)"))) {
      assertThat(Locations.unreachable("text", "a file", Locations.path("hdfs://h/x"), failure))
          .hasMessage(
              "Cannot read text: expected a file, found no permission to read it, in hdfs://h/x."
                  + " Let this user read it and pass through the folders above it.");
    }
  }

  @Test
  void failuresWithoutABetterWordStayAsTheyCame() {
    IOException failure = new IOException("the disk made a noise");
    assertThatThrownBy(
            () -> Locations.unreachable("images", "a file", Locations.path("/x"), failure))
        .isSameAs(failure);
  }

  @Test
  void nothingADirectoryAndABrokenLinkAreToldApart() throws IOException {
    Files.createSymbolicLink(directory.resolve("link"), Path.of("gone"));
    Files.createDirectory(directory.resolve("folder"));
    assertUnreadable("none", "found nothing, in ");
    assertUnreadable("link", "found a symbolic link to gone, which is not there, in ");
    assertUnreadable("folder", "found a directory, in ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"locked/file", "unreadable"})
  void noPermissionIsNotNothing(String name) throws IOException {
    Path folder = Files.createDirectory(directory.resolve("locked"));
    Files.createFile(folder.resolve("file"));
    Files.createFile(directory.resolve("unreadable"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(
        directory.resolve("unreadable"), PosixFilePermissions.fromString("---------"));
    try {
      assumeThat(Files.isReadable(folder)).as("root reads everything").isFalse();
      assertUnreadable(name, "found no permission to read it, in ");
    } finally {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private void assertUnreadable(String name, String message) {
    assertThatThrownBy(
            () ->
                TextFile.read(
                    "text",
                    "a file",
                    Locations.path(directory.resolve(name).toString()),
                    new Configuration()))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read text: expected a file, " + message)
        .hasMessageContaining(directory + "/" + name);
  }
}
