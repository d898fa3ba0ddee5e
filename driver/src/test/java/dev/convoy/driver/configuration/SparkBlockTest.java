package dev.convoy.driver.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparkBlockTest extends ExperimentFileTest {
  private static final Map<String, String> BOTH =
      Map.of("spark.authenticate", "true", "spark.authenticate.enableSaslEncryption", "yes");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.conf.spark.authenticate = true\n"
            + "spark.conf.spark.authenticate.enableSaslEncryption = yes",
        "spark.conf.spark.authenticate.enableSaslEncryption = yes\n"
            + "spark.conf.spark.authenticate = true",
        "spark { conf { spark { authenticate = true\n"
            + " authenticate { enableSaslEncryption = yes } } } }",
        "spark.conf { \"spark.authenticate\" { enableSaslEncryption = yes },"
            + " spark.authenticate = true }",
        "spark { \"conf\" : { \"spark.authenticate.enableSaslEncryption\" : \"yes\","
            + " \"spark.authenticate\" : true } }",
        "{ \"spark\": { \"conf\": { \"spark\": { \"authenticate\": true,"
            + " \"authenticate.enableSaslEncryption\": yes } } } }"
      })
  void aSettingAndALongerOneBothStay(String file) throws IOException {
    RunConfiguration configuration = read(file);
    assertThat(configuration.spark().settings()).isEqualTo(BOTH);
    RunConfiguration again = ConfigurationReader.readEffective(configuration.text().written());
    assertThat(again).isEqualTo(configuration);
    assertThat(again.text()).isEqualTo(configuration.text());
  }

  @Test
  void theyStayAcrossFilesAndTheCommandLine() throws IOException {
    String shorter = "spark.conf.spark.authenticate=true";
    String longer = "spark.conf.spark.authenticate.enableSaslEncryption=yes";
    assertThat(read("", shorter, longer).spark().settings()).isEqualTo(BOTH);
    assertThat(read("", longer, shorter).spark().settings()).isEqualTo(BOTH);
    assertThat(read(shorter, longer).spark().settings()).isEqualTo(BOTH);
    assertThat(read(longer, shorter).spark().settings()).isEqualTo(BOTH);
    Files.writeString(directory.resolve("base.conf"), longer);
    assertThat(read("include \"base.conf\"\n" + shorter).spark().settings()).isEqualTo(BOTH);
    Files.writeString(directory.resolve("settings.conf"), "spark.authenticate = true");
    assertThat(read("spark { conf { include \"settings.conf\" } }\n" + longer).spark().settings())
        .isEqualTo(BOTH);
    assertThat(
            read(
                    "",
                    "spark.conf={spark.authenticate=true, spark.authenticate.enableSaslEncryption=yes}")
                .spark()
                .settings())
        .isEqualTo(BOTH);
  }

  @Test
  void theLaterOfTwoWaysToWriteASettingCounts() throws IOException {
    assertThat(
            read(
                    "spark.conf.spark.x.y = 1\nspark { conf { \"spark.x\" { y = 2 } } }",
                    "spark.conf.\"spark.x\".y=3")
                .spark()
                .settings())
        .isEqualTo(Map.of("spark.x.y", "3"));
    assertThat(read("spark.conf.spark.x.y = 1", "spark.conf.spark.x.y=null").spark().settings())
        .isEmpty();
  }

  @Test
  void aSettingCanBeReferredTo() throws IOException {
    assertThat(
            read("""
                    spark.conf.spark.executor.memory = 8g
                    spark.conf.spark.driver.memory = ${spark.conf.spark.executor.memory}
                    """)
                .spark()
                .settings())
        .containsEntry("spark.driver.memory", "8g");
  }

  @Test
  void aSettingThatIsNoTextIsRefused() {
    assertThat(problems("spark.conf.spark.x = [1, 2]"))
        .singleElement()
        .asString()
        .contains("spark.conf.spark.x = [1,2]: expected text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "training.early-stopping = off\ntraining.early-stopping.patience = 3",
        "training.early-stopping { patience = 3 }\ntraining.early-stopping = off",
        "training { early-stopping = off\nearly-stopping { patience = 3 } }"
      })
  void elsewhereAKeyWithAValueAndABlockIsRefused(String file) {
    assertThat(problems(file))
        .singleElement()
        .asString()
        .contains("line ", "training.early-stopping: expected a value or a block, found both");
  }

  @Test
  void settingsAmongOverridesAreKnownWithoutTheRest() {
    assertThat(
            WrittenConfiguration.ofOverrides(
                    List.of(
                        "spark.conf.spark.hadoop.fs.s3a.endpoint=http://localhost:9000",
                        "seed=3",
                        "spark.conf.spark.hadoop.fs.s3a.path.style.access=true"))
                .sparkSettings())
        .containsExactly(
            entry("spark.hadoop.fs.s3a.endpoint", "http://localhost:9000"),
            entry("spark.hadoop.fs.s3a.path.style.access", "true"));
    assertThat(WrittenConfiguration.ofOverrides(List.of("seed=3")).sparkSettings()).isEmpty();
  }

  @Test
  void aWordForABlockInAnIncludedFileGoesWithItsOtherKeys() throws IOException {
    Files.writeString(directory.resolve("base.conf"), "optimizer { schedule = cosine }");
    var schedule =
        read("include \"base.conf\"\noptimizer.schedule.cycles = 2").optimizer().schedule();
    assertThat(schedule.name()).isEqualTo("cosine");
    assertThat(schedule.options()).containsEntry("cycles", 2);
  }
}
