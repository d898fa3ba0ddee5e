package dev.convoy.worker.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryFolderTest {
  private static final long MORE_THAN_ANY_DISK = 1L << 60;

  @TempDir private Path directory;
  private final List<Path> loadedFrom = new ArrayList<>();

  @Test
  void theFirstPlaceThatCanBeUsedIsTaken() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    LibraryFolder.load(
        List.of(() -> Files.createDirectories(file.resolve("folder")), folder("b"), folder("c")),
        jars(1),
        loadedFrom::add);
    assertThat(loadedFrom).containsExactly(directory.resolve("b"));
    assertThat(directory.resolve("c")).doesNotExist();
  }

  @Test
  void withoutAPlaceItSaysWhyOfEach() {
    assertThatThrownBy(
            () ->
                LibraryFolder.load(
                    List.of(
                        () -> {
                          throw new IOException("there is no home directory");
                        },
                        folder("full")),
                    jars(MORE_THAN_ANY_DISK),
                    loadedFrom::add))
        .isInstanceOf(NativeLibrariesException.class)
        .hasMessageMatching(
            "Cannot unpack the native libraries: expected a folder to write \\d+ MiB to, found none:"
                + " there is no home directory; .*/full has \\d+ MiB left\\. Make room, or name"
                + " another with -Dorg.bytedeco.javacpp.cachedir=… in CONVOY_JAVA_OPTIONS, and for a"
                + " cluster in spark.executor.extraJavaOptions\\.");
    assertThat(loadedFrom).isEmpty();
  }

  @Test
  void whatIsCompleteNeedsNoRoom() {
    LibraryFolder.load(List.of(folder("a")), jars(1), loadedFrom::add);
    LibraryFolder.load(List.of(folder("a")), jars(MORE_THAN_ANY_DISK), loadedFrom::add);
    assertThat(loadedFrom).hasSize(2);
  }

  @Test
  void whatWasUnpackedFromOtherJarsOrNotToTheEndIsNotComplete() throws IOException {
    LibraryFolder.load(List.of(folder("a")), jars(1), loadedFrom::add);
    NativeJars others = new NativeJars(new TreeMap<>(Map.of("others.jar", MORE_THAN_ANY_DISK)));
    assertThatThrownBy(() -> LibraryFolder.load(List.of(folder("a")), others, loadedFrom::add))
        .hasMessageContaining("MiB left");

    Path completion = directory.resolve("a/convoy.complete");
    for (String torn : new String[] {"", Files.readString(completion).substring(3)}) {
      Files.writeString(completion, torn);
      assertThatThrownBy(
              () ->
                  LibraryFolder.load(
                      List.of(folder("a")), jars(MORE_THAN_ANY_DISK), loadedFrom::add))
          .hasMessageContaining("MiB left");
    }
    assertThat(loadedFrom).hasSize(1);
  }

  private LibraryFolder.Place folder(String name) {
    return () -> Files.createDirectories(directory.resolve(name));
  }

  private static NativeJars jars(long size) {
    return new NativeJars(new TreeMap<>(Map.of("natives.jar", size)));
  }
}
