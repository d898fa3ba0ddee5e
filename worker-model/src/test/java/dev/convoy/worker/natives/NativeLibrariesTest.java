package dev.convoy.worker.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
  @TempDir private Path directory;

  /** What an executor does first. */
  static final class Executor {
    private Executor() {}

    public static void main(String[] arguments) {
      NativeLibraries.load();
      System.out.println(InstructionSet.inUse());
    }
  }

  @Test
  void processesThatStartAtOnceShareOneCopy() throws Exception {
    String expected = InstructionSet.inUse() + "\n";
    List<Process> executors = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      executors.add(start(i));
    }
    for (int i = 0; i < executors.size(); i++) {
      assertThat(executors.get(i).waitFor()).as(output(i)).isZero();
      assertThat(output(i)).endsWith(expected);
    }
    long all = NativeJars.onClassPath().size();
    assertThat(unpacked()).isBetween(all / 2, all * 5 / 4);

    // What a process leaves that is killed while it unpacks.
    Path library = largest();
    long length = Files.size(library);
    try (FileChannel torn = FileChannel.open(library, StandardOpenOption.WRITE)) {
      torn.truncate(length / 2);
    }
    Files.delete(directory.resolve("cache/convoy.complete"));
    assertThat(start(2).waitFor()).as(output(2)).isZero();
    assertThat(library).hasSize(length);
  }

  private Process start(int number) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx200m",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.bytedeco.javacpp.cachedir=" + directory.resolve("cache"),
            "-cp",
            System.getProperty("java.class.path"),
            Executor.class.getName())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output-" + number).toFile())
        .start();
  }

  private String output(int number) throws IOException {
    return Files.readString(directory.resolve("output-" + number));
  }

  private long unpacked() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("cache"))) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  private Path largest() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("cache"))) {
      return files
          .filter(Files::isRegularFile)
          .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
          .orElseThrow();
    }
  }
}
