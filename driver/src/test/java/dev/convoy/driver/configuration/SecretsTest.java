package dev.convoy.driver.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest extends ExperimentFileTest {
  private static final String VALUE = "hunter2";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.hadoop.fs.s3a.secret.key",
        "spark.hadoop.fs.s3a.access.key",
        "spark.hadoop.fs.s3a.session.token",
        "spark.ssl.keyStorePassword",
        "spark.executorEnv.AWS_SECRET_ACCESS_KEY",
        "spark.hadoop.fs.azure.account.key.store.blob.core.windows.net",
        "spark.authenticate.secret"
      })
  void whatLooksLikeASecretIsInNoFile(String key) throws IOException {
    RunConfiguration configuration = read("spark.conf." + key + " = " + VALUE);
    assertThat(configuration.spark().settings()).containsEntry(key, VALUE);
    assertThat(configuration.text().written())
        .doesNotContain(VALUE)
        .contains("*********(redacted)");
    assertThat(configuration.text().identity()).doesNotContain(VALUE);
  }

  /** The quick look knows the names by parts of them. */
  @Test
  void noNameOfASecretIsOverlooked() {
    for (String name : Secrets.NAMES.split("\\|", -1)) {
      // One of the characters that may stand at a place, of each.
      String written = name.replaceAll("\\[(.)[^]]*][?]?", "$1");
      String text = "output = \"runs/my" + written.toUpperCase(Locale.ROOT) + "=" + VALUE + "\"";
      assertThat(Secrets.canBeIn(ConfigFactory.empty(), text)).as(written).isTrue();
    }
  }

  @Test
  void theUsersPatternCountsAsWellAndSoDoesAValue() throws IOException {
    String written =
        read("""
                spark.conf {
                  spark.redaction.regex = "(?i)pin"
                  spark.my.pin = hunter2
                  spark.my.password = hunter2
                  spark.executor.extraJavaOptions = "-Dmy.password=hunter2"
                  spark.executor.memory = 8g
                }
                """)
            .text()
            .written();
    assertThat(written).doesNotContain(VALUE).contains("8g", "(?i)pin");
  }

  @Test
  void aSecretOfTheEnvironmentIsTakenFromThereAgain() throws IOException {
    RunConfiguration configuration = read("spark.conf.spark.my.secret = ${?PATH}");
    assertThat(configuration.spark().settings())
        .containsEntry("spark.my.secret", System.getenv("PATH"));
    assertThat(configuration.text().written()).contains("\"spark.my.secret\"=${PATH}");
    WrittenConfiguration held =
        WrittenConfiguration.held(configuration.text().written(), directory.toString());
    assertThat(ConfigurationReader.of(held).spark()).isEqualTo(configuration.spark());
  }

  @Test
  void aSecretThatIsInNoFileIsToBeGivenAgain() throws IOException {
    String written = read("spark.conf.spark.my.secret = hunter2").text().written();
    WrittenConfiguration held = WrittenConfiguration.held(written, directory.toString());
    assertThat(
            catchThrowableOfType(ConfigurationException.class, () -> ConfigurationReader.of(held))
                .problems())
        .containsExactly(
            "spark.conf.spark.my.secret: expected its value, which is secret and therefore in no"
                + " file of a run: give it again, spark.conf.spark.my.secret=…, or export the"
                + " environment variable that it came from");
    assertThat(
            ConfigurationReader.of(held.with(List.of("spark.conf.spark.my.secret=new")))
                .spark()
                .settings())
        .containsEntry("spark.my.secret", "new");
    String unset = written.replace("\"*********(redacted)\"", "${CONVOY_NO_SUCH_VARIABLE}");
    WrittenConfiguration withoutVariable = WrittenConfiguration.held(unset, directory.toString());
    assertThat(
            catchThrowableOfType(
                    ConfigurationException.class, () -> ConfigurationReader.of(withoutVariable))
                .problems())
        .singleElement()
        .asString()
        .startsWith("spark.conf.spark.my.secret: expected its value");
  }

  @Test
  void anotherSecretIsTheSameRun() throws IOException {
    EffectiveText first =
        read("data { format = idx, train = \"ftp://me:one@host/a\" }", "spark.conf.a.token=1")
            .text();
    EffectiveText second =
        read("data { format = idx, train = \"ftp://me:two@host/a\" }", "spark.conf.a.token=2")
            .text();
    assertThat(second.identity()).isEqualTo(first.identity()).doesNotContain("two");
    assertThat(first.full()).contains("me:one@host");
    assertThat(first.written()).contains("ftp://me:*********(redacted)@host/a");
    assertThat(ConfigurationReader.readEffective(first.written()).text().identity())
        .isEqualTo(first.identity());
  }

  @Test
  void messagesDoNotTellSecrets() {
    assertThat(problems("spark.conf.my.password = [hunter2]").toString()).doesNotContain(VALUE);
    assertThat(problems("", "spark.conf.my.password=\"hunter2").toString()).doesNotContain(VALUE);
    assertThat(problems("", "spark.conf.my.password", "hunter2").toString()).doesNotContain(VALUE);
    assertThat(problems("", "data.format=ftp://me:hunter2@host/").toString())
        .doesNotContain(VALUE)
        .contains("ftp://me:");
    assertThat(Secrets.withoutPasswords("Cannot read ftp://me:hunter2@host/a: none"))
        .isEqualTo("Cannot read ftp://me:*********(redacted)@host/a: none");
    assertThat(Secrets.withoutPasswords("k8s://https://host:6443 and me@host"))
        .isEqualTo("k8s://https://host:6443 and me@host");
  }

  @Test
  void tokensAndSignaturesInUrlsAndSettingsInTextAreHidden() {
    assertThat(Secrets.withoutPasswords("Cannot read https://host/a?x=1&sig=hunter2&se=3: none"))
        .isEqualTo("Cannot read https://host/a?x=1&sig=*********(redacted)&se=3: none");
    assertThat(Secrets.withoutPasswords("https://host/a?X-Amz-Security-Token=hunter2"))
        .doesNotContain(VALUE);
    assertThat(Secrets.withoutPasswords("Unknown option: --my.password=hunter2 --epochs=3"))
        .isEqualTo("Unknown option: --my.password=*********(redacted) --epochs=3");
    assertThat(Secrets.withoutPasswords("-Dfs.s3a.secret.key=\"hunter2 hunter2\" -Dx=1"))
        .isEqualTo("-Dfs.s3a.secret.key=*********(redacted) -Dx=1");
    for (String harmless :
        List.of(
            "give it again, spark.conf.spark.my.secret=…, or",
            "\"spark.my.secret\"=${PATH}",
            "the tokens of text: a = b",
            "https://host/a?page=3")) {
      assertThat(Secrets.withoutPasswords(harmless)).isEqualTo(harmless);
    }
  }

  /** Spark hides a setting of which the name or the value fits. */
  @Test
  void sparkIsToldWhatToHideBesideWhatTheUserSays() {
    for (String users : List.of("", "(?i)pin")) {
      Pattern redaction = Pattern.compile(Secrets.redaction(users));
      for (String secret :
          List.of(
              "spark.hadoop.fs.s3a.secret.key",
              "spark.hadoop.fs.s3a.access.key",
              "spark.hadoop.fs.azure.account.key.x",
              "spark.ssl.keyStorePassword",
              "convoy train data.train=ftp://me:hunter2@host/a",
              "https://host/a?sig=hunter2")) {
        assertThat(redaction.matcher(secret).find()).as(secret).isTrue();
      }
      assertThat(redaction.matcher("spark.executor.memory").find()).isFalse();
      assertThat(redaction.matcher("my.PIN").find()).isEqualTo(!users.isEmpty());
    }
  }
}
