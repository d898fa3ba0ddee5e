package dev.convoy.driver.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineOverridesTest extends ExperimentFileTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run#1",
        "#",
        "a//b",
        "hdfs://host:8020/a b",
        "007",
        "1e3",
        "1.50",
        "-0",
        "0x10",
        "123456789012345678901234567890",
        "true",
        "off",
        "nullable",
        "a=b",
        "a+=b",
        "$5",
        "$",
        "[1]",
        "a{b}",
        "}",
        "it's",
        "'quoted'",
        "a \"b\" c",
        "back\\slash\\n",
        "ünïcödé 🚢 名前",
        "two\nlines",
        "tab\there",
        "include \"x\"",
        "a:b,c;d?e*f&g^h`i!j@k",
        "trailing\\"
      })
  void aTextIsWhatWasTyped(String text) throws IOException {
    RunConfiguration configuration = read("", "output=" + text, "spark.conf.spark.custom=" + text);
    assertThat(configuration.output()).isEqualTo(text);
    assertThat(configuration.spark().settings()).containsEntry("spark.custom", text);
    RunConfiguration again = ConfigurationReader.readEffective(configuration.text().written());
    assertThat(again.output()).isEqualTo(text);
    assertThat(again.spark()).isEqualTo(configuration.spark());
    assertThat(again.text()).isEqualTo(configuration.text());
  }

  @Test
  void anyTextIsReadBackFromWhatIsWritten() throws IOException {
    String characters = " #/$={}[]\"'\\:,+.*?!@&^`\n\t~-_aZ09éß漢🚢\u00A0\u2028“";
    int[] points = characters.codePoints().toArray();
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      StringBuilder text = new StringBuilder("x");
      for (int length = random.nextInt(12); length > 0; length--) {
        text.appendCodePoint(points[random.nextInt(points.length)]);
      }
      String expected = text.append('x').toString();
      RunConfiguration configuration =
          read("", "output=" + expected, "spark.conf.spark.custom." + i + "=" + expected);
      assertThat(configuration.output()).isEqualTo(expected);
      RunConfiguration again = ConfigurationReader.readEffective(configuration.text().written());
      assertThat(again.output()).isEqualTo(expected);
      assertThat(again.spark().settings()).containsEntry("spark.custom." + i, expected);
    }
  }

  @Test
  void numbersInAFileAreTextsWhereATextIsExpected() throws IOException {
    RunConfiguration configuration =
        read(
            """
            name = 007
            output = 1e3
            data { format = idx, train = 0.10, test = ./007 }
            spark.conf { spark.a = 1.10, spark.b = true, spark.c = 010 }
            spark.master = ${name}
            """);
    assertThat(configuration.name()).isEqualTo("007");
    assertThat(configuration.output()).isEqualTo("1e3");
    assertThat(configuration.data().train()).isEqualTo("0.10");
    assertThat(configuration.spark().master()).contains("007");
    assertThat(configuration.spark().settings())
        .containsEntry("spark.a", "1.10")
        .containsEntry("spark.b", "true")
        .containsEntry("spark.c", "010");
    assertThat(ConfigurationReader.readEffective(configuration.text().written()))
        .isEqualTo(configuration);
  }

  @Test
  void blanksAroundAValueAreDroppedUnlessTheyAreQuoted() throws IOException {
    assertThat(read("", "output = a b ").output()).isEqualTo("a b");
    assertThat(read("", "output=\" a b \"").output()).isEqualTo(" a b ");
  }

  @Test
  void aSubstitutionStandsBetweenTexts() throws IOException {
    assertThat(read("name = n1", "output=runs/${name}#2").output()).isEqualTo("runs/n1#2");
    assertThat(read("", "output=${PATH}/runs").output()).isEqualTo(System.getenv("PATH") + "/runs");
  }

  @Test
  void nullUnsetsATextAndQuotationMarksMakeItOne() throws IOException {
    assertThat(read("output = there", "output=null").output()).isEqualTo("runs/convoy");
    assertThat(read("", "output=\"null\"").output()).isEqualTo("null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.epochs=3#x | training.epochs = \"3#x\": expected a whole number",
        "training.epochs=3//x | training.epochs = \"3//x\": expected a whole number",
        "training.epochs=3f | training.epochs = \"3f\": expected a whole number",
        "training.epochs=0x3 | training.epochs = \"0x3\": expected a whole number",
        "seed=12345678901234567890123 | seed = \"12345678901234567890123\": expected a whole number",
        "model.name=007 | model.name = \"007\": expected one of",
        "output= | output=: expected a value after the =, found none; output=null unsets the key",
        "output=\"a | output=\"a: the quotation mark of output is not closed in its line",
        "output={a} | output={a}: expected key = value, found a without a =",
        "optimizer={name=sgd | optimizer={name=sgd: the { of optimizer is never closed",
        "training.epochs=\"3\" # three | expected no comment after the value",
        "augment+=[] | augment+=[]: expected key.path=value: += is for files",
        ".=3 | .=3: expected a key such as training.epochs",
        "training..epochs=3 | expected a key such as training.epochs",
        "epochs | epochs: expected key.path=value, such as training.epochs=…",
        "epochs:3 | epochs:3: expected key.path=value, such as training.epochs=3",
        "lr:0.1 | lr:0.1: expected key.path=value, such as optimizer.learning-rate=0.1"
      })
  void whatDoesNotFitIsNamedAsItWasTyped(String override, String problem) {
    assertThat(problems("", override))
        .singleElement()
        .asString()
        .contains(problem)
        .endsWith("(command line)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "epochs: | 3 | epochs: 3: expected key.path=value in one argument, such as training.epochs=3",
        "training.epochs | 3 | training.epochs 3: expected key.path=value in one argument, such as training.epochs=3",
        "training.epochs= | 3 | training.epochs= 3: expected key.path=value in one argument, such as training.epochs=3",
        "training.epochs | =3 | training.epochs =3: expected key.path=value in one argument, such as training.epochs=3"
      })
  void aKeyApartFromItsValueIsOneProblem(String key, String value, String problem) {
    assertThat(problems("", key, value, "seed=2")).singleElement().asString().startsWith(problem);
  }

  @Test
  void anEqualsSignBetweenBlanksIsOneProblem() {
    assertThat(problems("", "training.epochs", "=", "3"))
        .singleElement()
        .asString()
        .contains("such as training.epochs=");
  }

  @Test
  void theLastOfTheSameKeyCounts() throws IOException {
    assertThat(read("", "output=a", "output=b").output()).isEqualTo("b");
    assertThat(read("", "spark.conf.\"spark.x.y\"=1", "spark.conf.spark.x.y=2").spark().settings())
        .containsEntry("spark.x.y", "2");
  }

  @Test
  void aKeyWithAValueAndALongerOneAreRefusedInEitherOrder() {
    for (String[] overrides :
        new String[][] {
          {"training.early-stopping=off", "training.early-stopping.patience=3"},
          {"training.early-stopping.patience=3", "training.early-stopping=off"}
        }) {
      assertThat(problems("", overrides))
          .contains(
              "training.early-stopping: expected a value or a block, found both:"
                  + " training.early-stopping (command line) and"
                  + " training.early-stopping.patience (command line)");
    }
  }

  @Test
  void aWordForABlockGoesWithItsOtherKeysInEitherOrder() throws IOException {
    for (String[] overrides :
        new String[][] {
          {"optimizer.schedule=cosine", "optimizer.schedule.cycles=3"},
          {"optimizer.schedule.cycles=3", "optimizer.schedule=cosine"}
        }) {
      var schedule = read("", overrides).optimizer().schedule();
      assertThat(schedule.name()).isEqualTo("cosine");
      assertThat(schedule.options()).containsEntry("cycles", 3);
    }
    var schedule =
        read("optimizer.schedule = cosine", "optimizer.schedule.cycles=3").optimizer().schedule();
    assertThat(schedule.name()).isEqualTo("cosine");
    assertThat(schedule.options()).containsEntry("cycles", 3);
  }
}
