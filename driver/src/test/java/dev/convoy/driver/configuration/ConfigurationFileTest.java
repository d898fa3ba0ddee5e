package dev.convoy.driver.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFileTest {
  @TempDir Path directory;

  private Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static RunConfiguration read(Path file) {
    return ConfigurationReader.read(file.toString(), List.of());
  }

  private static List<String> problems(String location) {
    return catchThrowableOfType(
            ConfigurationException.class, () -> ConfigurationReader.read(location, List.of()))
        .problems();
  }

  private List<String> problemsOf(String text) throws IOException {
    return problems(write("experiment.conf", text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"base.conf\"",
        "include \"base\"",
        "include \"./base.conf\"",
        "include \"../experiments/base.conf\"",
        "include required(\"base.conf\")",
        "include file(\"base.conf\")",
        "include required( file( \"base.conf\" ) ) # a comment",
        "include   \"deeper/other.conf\""
      })
  void anIncludeIsFoundBesideItsFile(String include) throws IOException {
    write("experiments/base.conf", "training.epochs = 7");
    write("experiments/deeper/other.conf", "include \"../base.conf\"");
    Path file = write("experiments/mine.conf", include + "\nname = mine");
    assertThat(read(file).training().epochs()).isEqualTo(7);
    Path relative = Path.of("").toAbsolutePath().relativize(file);
    assertThat(read(relative).training().epochs()).as("given by a relative path").isEqualTo(7);
    assertThat(ConfigurationReader.read("file://" + file, List.of()).training().epochs())
        .as("on a Hadoop file system")
        .isEqualTo(7);
  }

  @Test
  void anIncludeByItsWholePathIsFound() throws IOException {
    Path base = write("base.conf", "training.epochs = 7");
    assertThat(read(write("mine.conf", "include \"" + base + "\"")).training().epochs())
        .isEqualTo(7);
    assertThat(read(write("mine.conf", "include \"file:" + base + "\"")).training().epochs())
        .isEqualTo(7);
  }

  @Test
  void anIncludeIntoABlockIsOfTheBlock() throws IOException {
    write("training.conf", "epochs = 7\nworkers = ${epochs}");
    RunConfiguration configuration =
        read(write("mine.conf", "training { include \"training.conf\", batch-size = 3 }"));
    assertThat(configuration.training().epochs()).isEqualTo(7);
    assertThat(configuration.training().workers()).isEqualTo(7);
    assertThat(configuration.training().batchSize()).isEqualTo(3);
  }

  @Test
  void aMissingIncludeNamesBothFiles() throws IOException {
    assertThat(problemsOf("name = a\n\ninclude \"missing.conf\""))
        .containsExactly(
            "Cannot read the configuration "
                + directory.resolve("experiment.conf")
                + ": line 3: include missing.conf: expected a file, found none as "
                + directory.resolve("missing.conf"));
    write("base.conf", "include \"missing.conf\"");
    assertThat(problemsOf("include \"base.conf\""))
        .singleElement()
        .asString()
        .startsWith("Cannot read the configuration " + directory.resolve("base.conf") + ": line 1");
  }

  @Test
  void aCircleIsNamed() throws IOException {
    write("base.conf", "include \"experiment.conf\"");
    assertThat(problemsOf("include \"base.conf\""))
        .singleElement()
        .asString()
        .contains("base.conf: line 1: include experiment.conf", "found a circle");
    assertThat(problemsOf("include \"experiment.conf\""))
        .singleElement()
        .asString()
        .contains("found a circle");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include url(\"http://localhost/a.conf\")",
        "include required(url(\"file:///etc/passwd\"))",
        "include classpath(\"convoy/defaults.conf\")",
        "include \"http://localhost/a.conf\""
      })
  void anIncludeFromElsewhereIsRefused(String include) throws IOException {
    assertThat(problemsOf(include))
        .singleElement()
        .asString()
        .contains("expected a file beside it or on a Hadoop file system");
  }

  @Test
  void noIncludeIsReadFromTheCommandLineOrARunsOwnConfiguration() throws IOException {
    Path base = write("base.conf", "epochs = 7");
    String include = "{include \"" + base + "\"}";
    assertThat(
            catchThrowableOfType(
                    ConfigurationException.class,
                    () ->
                        ConfigurationReader.read(
                            write("mine.conf", "").toString(), List.of("training=" + include)))
                .problems())
        .singleElement()
        .asString()
        .contains("expected no include where no file is read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name = a\\ntraining {\\n  epochs = 3\\n | line 2: the { of training is never closed: a } is missing",
        "training {\\n epochs = 3 }\\n}\\n | line 3: this } closes nothing",
        "name = \"a\\nseed = 3 | line 1: the quotation mark of name is not closed in its line",
        "name = a\\nepochs 3\\nseed = 2 | line 2: expected key = value, found epochs 3 without a =",
        "training { epochs 3 } | line 1: expected key = value, found epochs 3 without a =",
        "name = a seed = 3 | line 1: expected one key = value on a line, or a comma between two, found name = a seed = 3",
        "training.epochs =\\nseed = 3 | line 1: training.epochs has no value after the =",
        "training { epochs = } | line 1: epochs has no value after the =",
        "data.train = hdfs://host/a | line 1: expected quotation marks, since there is a :: write data.train = \"hdfs://host/a\"",
        "spark.master = local[2] # here | line 1: expected quotation marks, since there is a [: write spark.master = \"local[2]\"",
        "output = run#1 | line 1: what follows output = run is a comment: write output = \"run#1\"",
        "output = a//b | line 1: what follows output = a is a comment: write output = \"a//b\"",
        "output = user@host | line 1: expected quotation marks, since there is a @: write output = \"user@host\"",
        "name = “a” | line 1: expected \" as quotation marks, found the typographic “",
        "“name” = a | found the typographic “",
        "data.train = '/my/photos' | line 1: expected \" as quotation marks, found ': write data.train = \"/my/photos\"",
        "augment = [\\n{name = random-crop}\\n | line 1: the [ of augment is never closed: a ] is missing",
        "augment = [{name = random-crop}\\n} | expected a ] to close the [ of augment in line 1, found a }",
        "name = ${HOME | line 1: the ${ of name is not closed in its line: a } is missing",
        "= 3 | line 1: expected a key, found none",
        "include base.conf | line 1: expected include \"file\", found include base.conf",
        "output = \"\"\"a\\nb | line 1: the \"\"\" of output is never closed"
      })
  void whatIsNoHoconIsSaidInPlainWordsWithItsLine(String text, String problem) throws IOException {
    assertThat(problemsOf(text.replace("\\n", "\n")))
        .anySatisfy(
            line ->
                assertThat(line).startsWith("Cannot read the configuration ").contains(problem));
  }

  @Test
  void everyProblemOfAFileIsFoundAtOnce() throws IOException {
    assertThat(problemsOf("epochs 3\nname = “a”\noutput = a@b\ntraining {"))
        .hasSizeGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name: a, seed: 3\r\ntraining: { epochs: 2 }\r\n",
        "\uFEFFname = a\ntraining\n{\n\tepochs\t=\t2 // two\n}\nseed=3",
        "# nothing\n{ name = a, seed = 3, training.epochs = 2, }",
        "name = \"a\" # it's “quoted” {\nseed =\n  3\ntraining { epochs = 2, }",
        "{\"name\":\"a\",\"seed\":3,\"training\":{\"epochs\":2,\"early-stopping\":{\"min-delta\":1e-3}}}",
        "name = \"\"\"a\"\"\"\nseed = 3\naugment = [\n  # none\n]\ntraining.epochs = 2",
        "optimizer { learning-rate = 5e+0 }, name = a\nseed = 3\ntraining.epochs = 2"
      })
  void whatIsHoconIsRead(String text) throws IOException {
    RunConfiguration configuration = read(write("experiment.conf", text));
    assertThat(configuration.name()).isEqualTo("a");
    assertThat(configuration.seed()).isEqualTo(3);
    assertThat(configuration.training().epochs()).isEqualTo(2);
  }

  @Test
  void aFileThatIsNotUtf8IsRefused() throws IOException {
    Path file = directory.resolve("experiment.conf");
    Files.write(file, "name = bär".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(problems(file.toString())).singleElement().asString().contains("not in UTF-8");
    Files.write(file, "\uFEFFname = a".getBytes(StandardCharsets.UTF_16LE));
    assertThat(problems(file.toString())).singleElement().asString().contains("one in UTF-16");
  }
}
