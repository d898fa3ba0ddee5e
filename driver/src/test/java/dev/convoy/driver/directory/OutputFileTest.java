package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.convoy.driver.configuration.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OutputFileTest {
  private static final Configuration HADOOP = new Configuration(false);
  private static final String CONTENT = "a,1\nb,2\n";

  @TempDir Path temporary;

  @Test
  void aRegularFileIsReplacedAsAWhole() throws IOException {
    Path file = temporary.resolve("out.csv");
    write(file.toString());
    assertThat(file).hasContent(CONTENT);
    assertThatThrownBy(
            () ->
                at(file.toString())
                    .write(
                        out -> {
                          out.write(1);
                          throw new IOException("the model is gone");
                        }))
        .isInstanceOf(OutputException.class)
        .hasMessage("Cannot write " + file + ": the model is gone.");
    assertThat(file).hasContent(CONTENT);
    assertThat(names()).containsExactly("out.csv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"12:30.csv", "größer.csv", "a b#c%20.csv", "-", "a:b"})
  void everyNameIsPossible(String name) throws IOException {
    boolean takesAllNames = "UTF-8".equals(System.getProperty("sun.jnu.encoding"));
    assumeThat(takesAllNames || name.matches("\\p{ASCII}*")).isTrue();
    write(temporary.resolve(name).toString());
    assertThat(names()).containsExactly(name);
  }

  @Test
  void aLinkStaysAndItsFileIsReplaced() throws IOException {
    Path real = Files.createDirectories(temporary.resolve("real")).resolve("out.csv");
    Path link = Files.createSymbolicLink(temporary.resolve("link.csv"), Path.of("real/out.csv"));
    Path second = Files.createSymbolicLink(temporary.resolve("second.csv"), link);
    write(second.toString());
    assertThat(Files.isSymbolicLink(second)).isTrue();
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(real).hasContent(CONTENT);
  }

  @Test
  void linksInACircleAreNamed() throws IOException {
    Path first = temporary.resolve("first");
    Files.createSymbolicLink(first, temporary.resolve("second"));
    Files.createSymbolicLink(temporary.resolve("second"), first);
    assertRefused(first.toString(), "symbolic links that go in a circle");
  }

  @Test
  void aNamedPipeIsWrittenThrough() throws Exception {
    Path pipe = temporary.resolve("pipe");
    assumeThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Callable<String> reader = () -> Files.readString(pipe);
      Future<String> read = threads.submit(reader);
      write(pipe.toString());
      assertThat(read.get()).isEqualTo(CONTENT);
      assertThat(Files.readAttributes(pipe, "*").get("isOther")).isEqualTo(true);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void nothingBecomesOfADevice() throws IOException {
    Path device = Path.of("/dev/null");
    assumeThat(device).exists();
    write("/dev/null");
    assertThat(Files.readAttributes(device, "*").get("isOther")).isEqualTo(true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
  void standardOutputHasManyNames(String name) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      write(name);
    } finally {
      System.setOut(before);
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(CONTENT);
  }

  @Test
  void aDescriptorThatIsNotOpenForWritingIsRefused() throws IOException {
    assumeThat(Path.of("/proc/self/fdinfo")).exists();
    assertRefused("/dev/fd/987", "no descriptor that is open for writing");
    Path file = Files.writeString(temporary.resolve("read"), "mine");
    try (InputStream in = Files.newInputStream(file);
        Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      List<Path> descriptors = open.filter(path -> leadsTo(path, file)).toList();
      assertThat(descriptors).isNotEmpty();
      assertRefused("/dev/fd/" + descriptors.get(0).getFileName(), "no descriptor");
      assertThat(in.read()).isEqualTo('m');
    }
  }

  private static boolean leadsTo(Path descriptor, Path file) {
    try {
      return Files.isSameFile(descriptor, file);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whatCannotBeWrittenIsNamedAtOnce() throws IOException {
    assertRefused(temporary.toString(), "a directory");
    assertRefused(temporary + "/no/out.csv", "no directory " + temporary + "/no");
    Path file = Files.writeString(temporary.resolve("file"), "mine");
    assertRefused(file + "/out.csv", "no directory " + file);
    assertThat(file).hasContent("mine");
  }

  @Test
  void aFileWithoutPermissionIsRefused() throws IOException {
    Path file = Files.writeString(temporary.resolve("read-only.csv"), "mine");
    assumeThat(file.toFile().setWritable(false)).isTrue();
    assumeThat(Files.isWritable(file)).as("root may write everything").isFalse();
    assertRefused(file.toString(), "one without permission to write");
  }

  @Test
  void itIsKnownWhichFileItWouldReplace() throws IOException {
    Path file = Files.writeString(temporary.resolve("model.zip"), "mine");
    Path link = Files.createSymbolicLink(temporary.resolve("link"), file);
    assertThat(at(link.toString()).replaces(file.toString())).isTrue();
    assertThat(at(file.toString()).replaces("file:" + link)).isTrue();
    assertThat(at(temporary + "/other").replaces(file.toString())).isFalse();
    assertThat(at("-").replaces(file.toString())).isFalse();
  }

  private static OutputFile at(String location) {
    return OutputFile.at(location, "--output", HADOOP);
  }

  private static void write(String location) {
    at(location).write(out -> out.write(CONTENT.getBytes(StandardCharsets.UTF_8)));
  }

  private static void assertRefused(String location, String found) {
    assertThatThrownBy(() -> at(location))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "--output " + location + ": expected a file that can be written, found " + found);
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }
}
