package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launchers in a checkout of a few files, with a Maven and a Java that only say what happens.
 */
class LauncherTest {
  private static final String SOURCE = "driver/src/main/java/Driver.java";
  private static final String MAVEN =
      """
      #!/bin/sh
      echo "built with $*" >>mvn.log
      while [ -e wait ]; do sleep 0.05; done
      mkdir -p driver/target/application src-test/benchmark/target/benchmark
      sh submit-scripts/fingerprint application >driver/target/application/complete
      sh submit-scripts/fingerprint benchmark >src-test/benchmark/target/benchmark/complete
      """;
  private static final String JAVA =
      """
      #!/bin/sh
      printf '%s\\n' "$@"
      """;
  private static final String ARCHIVER =
      """
      #!/bin/sh
      for option; do
        case $option in *ArchiveClassesAtExit=*) echo classes >"${option#*=}" ;; esac
      done
      """;

  @TempDir Path temporary;
  private Path checkout;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = checkout("checkout");
    script("java/bin/java", JAVA);
    script("maven/mvn", MAVEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"convoy", "bench"})
  void aLinkStartsWhatItLeadsTo(String launcher) throws IOException {
    complete(checkout);
    Path links = Files.createDirectories(temporary.resolve("usr/local/bin"));
    Files.createSymbolicLink(links.resolve("absolute"), script(checkout, launcher));
    Files.createSymbolicLink(
        links.resolve("relative"), Path.of("../../../checkout/submit-scripts", launcher));
    Files.createSymbolicLink(links.resolve("chain"), Path.of("relative"));
    Files.createSymbolicLink(temporary.resolve("bin"), links);
    Files.createSymbolicLink(temporary.resolve("scripts"), checkout.resolve("submit-scripts"));
    for (Path start :
        List.of(
            links.resolve("absolute"),
            links.resolve("relative"),
            links.resolve("chain"),
            temporary.resolve("bin/chain"),
            temporary.resolve("scripts").resolve(launcher))) {
      assertStarts(run(temporary, start.toString(), "doctor"), checkout);
    }
    assertStarts(run(links, "./chain", "doctor"), checkout);
    assertStarts(run(temporary, "usr/local/bin/chain", "doctor"), checkout);
    assertThat(links.resolve("../driver")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"two words", "a#b", "-dash", "-", "pro%20cent", "quo'te", "gr\u00fc\u00dfe"})
  void aCheckoutMayHaveAnyName(String name) throws IOException {
    Path other;
    try {
      other = checkout(name);
    } catch (InvalidPathException e) {
      assumeTrue(false, "the file system's names are not Unicode here");
      return;
    }
    complete(other);
    Files.createSymbolicLink(temporary.resolve("link"), Path.of(name, "submit-scripts/convoy"));
    assertStarts(run(temporary, "./link", "doctor"), other);
    assertStarts(run(temporary, "./" + name + "/submit-scripts/convoy", "doctor"), other);
    assertStarts(run(other.resolve("submit-scripts"), "sh", "convoy", "doctor"), other);
  }

  @ParameterizedTest
  @ValueSource(strings = {"convoy", "bench"})
  void whatIsBuiltOfTheSameContentsIsNotBuiltAgain(String launcher) throws IOException {
    complete(checkout);
    FileTime later = FileTime.fromMillis(System.currentTimeMillis() + 100_000);
    Files.setLastModifiedTime(checkout.resolve(SOURCE), later);
    Files.writeString(checkout.resolve("driver/src/main/java/.Driver.java.swp"), "an editor's");
    Path copy = temporary.resolve("copy");
    assertThat(run(temporary, "cp", "-r", checkout.toString(), copy.toString()).exitCode())
        .isZero();
    assertStarts(run(temporary, script(copy, launcher).toString(), "doctor"), copy);
    assertStarts(run(temporary, script(checkout, launcher).toString(), "doctor"), checkout);
    assertThat(copy.resolve("mvn.log")).doesNotExist();
    assertThat(checkout.resolve("mvn.log")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SOURCE,
        "pom.xml",
        "worker-model/pom.xml",
        "conf/defaults.conf",
        ".mvn/maven.config",
        "data-pipeline/src/main/java/a file with spaces.java"
      })
  void whatIsBuiltOfOtherContentsIsBuiltAnew(String file) throws IOException {
    Path source = checkout.resolve(file);
    Files.createDirectories(source.getParent());
    Files.writeString(source, "before");
    complete(checkout);
    FileTime time = Files.getLastModifiedTime(source);
    Files.writeString(source, "edited");
    Files.setLastModifiedTime(source, time);
    Ended ended = run(temporary, script(checkout, "convoy").toString(), "doctor");
    assertStarts(ended, checkout);
    assertThat(Files.readString(checkout.resolve("mvn.log"))).contains("-pl driver");
  }

  @Test
  void aFileThatIsGoneOrRenamedCounts() throws IOException {
    complete(checkout);
    Files.move(checkout.resolve(SOURCE), checkout.resolve(SOURCE + "x"));
    run(temporary, script(checkout, "bench").toString(), "doctor");
    assertThat(Files.readString(checkout.resolve("mvn.log"))).contains("-Pbenchmark");
  }

  @Test
  void ofTwoLaunchersOneBuildsAndTheOtherWaits() throws IOException {
    Files.createFile(checkout.resolve("wait"));
    Path first = temporary.resolve("first.log");
    Path second = temporary.resolve("second.log");
    Process builder = start(temporary, first, script(checkout, "convoy").toString(), "doctor");
    await(() -> Files.exists(checkout.resolve("mvn.log")));
    Process other = start(temporary, second, script(checkout, "convoy").toString(), "doctor");
    await(() -> read(second).contains("waiting for process " + builder.pid() + " on "));
    Files.delete(checkout.resolve("wait"));
    assertThat(end(builder)).as(read(first)).isZero();
    assertThat(end(other)).as(read(second)).isZero();
    assertThat(Files.readAllLines(checkout.resolve("mvn.log"))).hasSize(1);
    assertThat(Files.isSymbolicLink(checkout.resolve("driver/target/build.lock"))).isFalse();
  }

  @Test
  void theLockOfAProcessThatHasEndedIsTakenOver() throws IOException {
    Process dead = new ProcessBuilder("true").start();
    end(dead);
    Files.createDirectories(checkout.resolve("driver/target"));
    Files.createSymbolicLink(
        checkout.resolve("driver/target/build.lock"), Path.of(machine() + ":" + dead.pid()));
    assertStarts(run(temporary, script(checkout, "convoy").toString(), "doctor"), checkout);
    assertThat(Files.isSymbolicLink(checkout.resolve("driver/target/build.lock"))).isFalse();
  }

  @Test
  void aCheckoutThatMayNotBeWrittenToIsNamed() throws IOException {
    Path target = Files.createDirectories(checkout.resolve("worker-model/target"));
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(Files.isWritable(target), "this user may write everywhere");
    Ended ended = run(temporary, script(checkout, "convoy").toString(), "doctor");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.messages().lines())
        .containsExactly(
            "Cannot build Convoy: expected a checkout that you may write to, found "
                + target.toRealPath()
                + ", to which you may not; and what is built there is missing, or not of these"
                + " sources. Have its owner run submit-scripts/convoy once.");
  }

  @Test
  void aBuildThatFailsLeavesNoLock() throws IOException {
    script("maven/mvn", "#!/bin/sh\necho '[ERROR] no such plugin'\nexit 1\n");
    Ended ended = run(temporary, script(checkout, "convoy").toString(), "doctor");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.messages())
        .contains("[ERROR] no such plugin", "Cannot build Convoy: expected");
    assertThat(Files.isSymbolicLink(checkout.resolve("driver/target/build.lock"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "two words", "quo'te"})
  void classesAreMappedFromAnArchiveThatIsWhole(String name) throws IOException {
    Path other = checkout(name);
    complete(other);
    Path archive = other.toRealPath().resolve("driver/target/application/classes.jsa");
    String option = "-XX:SharedArchiveFile=" + archive;
    assertThat(run(temporary, script(other, "convoy").toString(), "doctor").output().lines())
        .noneMatch(line -> line.startsWith("-XX:SharedArchiveFile"));

    script("java/bin/java", ARCHIVER + "exit 1\n");
    assertThat(run(temporary, script(other, "archive-classes").toString()).exitCode()).isEqualTo(1);
    assertThat(archive.getParent()).isDirectoryNotContaining("glob:**classes*");

    script("java/bin/java", ARCHIVER);
    assertThat(run(temporary, script(other, "archive-classes").toString()).exitCode()).isZero();
    assertThat(archive).hasContent("classes");
    script("java/bin/java", JAVA);
    assertThat(run(temporary, script(other, "convoy").toString(), "doctor").output().lines())
        .contains(option)
        .last()
        .isEqualTo("doctor");
  }

  @ParameterizedTest
  @CsvSource({
    "CONVOY_JAVA_OPTIONS, -Xmx1g, true",
    "CONVOY_JAVA_OPTIONS, -Xmx1g -javaagent:exporter.jar=8080, false",
    "JAVA_TOOL_OPTIONS, -javaagent:exporter.jar, false",
    "JDK_JAVA_OPTIONS, -agentpath:/opt/profiler.so, false",
    "CONVOY_JAVA_OPTIONS, -XX:StartFlightRecording, false"
  })
  void whoLooksAtEveryClassHasThemReadAnew(String variable, String options, boolean areMapped)
      throws IOException {
    complete(checkout);
    Files.writeString(checkout.resolve("driver/target/application/classes.jsa"), "classes");
    assertThat(outputWith(variable, options).contains("-XX:SharedArchiveFile="))
        .isEqualTo(areMapped);
  }

  @ParameterizedTest
  @CsvSource({
    "CONVOY_JAVA_OPTIONS, -Xmx1g, true",
    "CONVOY_JAVA_OPTIONS, -Xmx1g -XX:+UseG1GC, false",
    "JAVA_TOOL_OPTIONS, -XX:+UseZGC, false",
    "CONVOY_JAVA_OPTIONS, -XX:+UseGCOverheadLimit, true"
  })
  void theUsersCollectorIsTheOnlyOne(String variable, String options, boolean isOwn)
      throws IOException {
    complete(checkout);
    assertThat(outputWith(variable, options).lines().anyMatch("-XX:+UseParallelGC"::equals))
        .isEqualTo(isOwn);
  }

  /** What Java is started with where an environment variable has options. */
  private String outputWith(String variable, String options) throws IOException {
    String launcher = script(checkout, "convoy").toString();
    Ended ended = run(temporary, "env", variable + "=" + options, launcher, "doctor");
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    return ended.output();
  }

  @ParameterizedTest
  @CsvSource({"1.8.0_412, false", "11.0.23, false", "17.0.15, true", "17, true", "21.0.2, true"})
  void aJavaThatIsTooOldIsRefused(String version, boolean starts) throws IOException {
    complete(checkout);
    Files.writeString(temporary.resolve("java/release"), "JAVA_VERSION=\"" + version + "\"\n");
    Ended ended = run(temporary, script(checkout, "convoy").toString(), "doctor");
    assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(starts ? 0 : 1);
    if (!starts) {
      assertThat(ended.messages())
          .contains("Cannot start Convoy: expected a JDK 17", "found Java " + version);
    }
  }

  private static void assertStarts(Ended ended, Path expected) throws IOException {
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    String home = expected.toRealPath() + "/";
    assertThat(ended.output().lines()).last().isEqualTo("doctor");
    assertThat(ended.output().lines()).anyMatch(line -> line.startsWith(home));
  }

  @Test
  void closedDescriptorsAreOpenedBeforeJavaTakesThemForFiles() throws IOException {
    complete(checkout);
    script(
        "java/bin/java",
        "#!/bin/sh\n{ true 3<&0; } && { true 3<&1; } && { true 3>&2; } && >\"$PWD/open\"\n");
    String launcher = script(checkout, "convoy").toString();

    run(temporary, "sh", "-c", "exec \"$0\" doctor <&- >&- 2>&-", launcher);

    assertThat(temporary.resolve("open")).exists();
  }

  private Path checkout(String name) throws IOException {
    Path root = temporary.resolve(name);
    for (String file :
        List.of(
            "pom.xml",
            ".mvn/maven.config",
            "conf/defaults.conf",
            "data-pipeline/pom.xml",
            "data-pipeline/src/main/java/Data.java",
            "worker-model/pom.xml",
            "worker-model/src/main/java/Model.java",
            "driver/pom.xml",
            SOURCE,
            "src-test/pom.xml",
            "src-test/benchmark/pom.xml",
            "src-test/benchmark/src/main/java/Bench.java")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.writeString(root.resolve(file), file);
    }
    Path scripts = Files.createDirectories(root.resolve("submit-scripts"));
    for (String script :
        List.of("convoy", "bench", "checkout.sh", "fingerprint", "archive-classes")) {
      Files.copy(
          Application.home().resolve("submit-scripts").resolve(script), scripts.resolve(script));
    }
    return root;
  }

  /** As Maven leaves it. */
  private void complete(Path root) throws IOException {
    for (String built :
        List.of("driver/target/application", "src-test/benchmark/target/benchmark")) {
      String what = built.substring(built.lastIndexOf('/') + 1);
      Files.createDirectories(root.resolve(built));
      Files.writeString(
          root.resolve(built + "/complete"),
          run(root, "sh", "submit-scripts/fingerprint", what).output());
    }
  }

  private static Path script(Path root, String launcher) {
    return root.resolve("submit-scripts").resolve(launcher);
  }

  private void script(String name, String text) throws IOException {
    Path file = temporary.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String machine() throws IOException {
    return run(temporary, "uname", "-n").output().strip();
  }

  private Ended run(Path directory, String... command) throws IOException {
    Path messages = Files.createTempFile(temporary, "messages", ".log");
    ProcessBuilder builder = builder(directory, command).redirectError(messages.toFile());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(end(process), output, read(messages));
  }

  private Process start(Path directory, Path log, String... command) throws IOException {
    return builder(directory, command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private ProcessBuilder builder(Path directory, String... command) {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(List.of(command))).directory(directory.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "CDPATH", temporary + ":.",
                "JAVA_HOME", temporary.resolve("java").toString(),
                "PATH", temporary.resolve("maven") + ":" + System.getenv("PATH")));
    return builder;
  }

  private static int end(Process process) {
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("an end within a minute").isTrue();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for a minute").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
