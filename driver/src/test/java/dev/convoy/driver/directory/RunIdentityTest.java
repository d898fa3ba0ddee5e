package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.data.DataException;
import dev.convoy.driver.Version;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import dev.convoy.driver.directory.RunIdentity.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunIdentityTest {
  private static final RunIdentity IDENTITY =
      RunIdentity.of(new EffectiveText("full", "full", "seed = 1"))
          .with(Field.IMAGES_LISTED, "aa")
          .with(Field.THREADS, 2);

  @Test
  void everyFieldIsNamedInJson() {
    assertThat(IDENTITY.toJson().toString())
        .isEqualTo(
            "{\"format\":1,\"convoy\":\""
                + Version.NUMBER
                + "\",\"configuration\":"
                + "\"1d932908a5a1ea7082a59f266f199cca41144b2fda7cf3d76fc119ef64130b35\""
                + ",\"images-listed\":\"aa\",\"threads-per-worker\":\"2\"}");
  }

  @Test
  void whatIsWrittenComesBack() {
    RunIdentity all = IDENTITY;
    for (Field field : Field.values()) {
      all = field == Field.CONFIGURATION ? all : all.with(field, "größer " + field);
    }
    assertThat(RunIdentity.parse(all.toJson())).contains(all);
    assertThat(RunIdentity.parse(IDENTITY.toJson())).contains(IDENTITY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "7",
        "[]",
        "{}",
        "{\"format\": 1, \"convoy\": \"0.1.0\"}",
        "{\"format\": 1, \"convoy\": \"0.1.0\", \"configuration\": \"abc\"}"
      })
  void anythingElseIsNoIdentity(String json) throws IOException {
    assertThat(RunIdentity.parse(new ObjectMapper().readTree(json))).isEmpty();
  }

  @Test
  void anIdentityOfAnotherFormIsNone() {
    JsonNode other = IDENTITY.toJson().put("format", 2);
    assertThat(RunIdentity.parse(other)).isEmpty();
    JsonNode number = IDENTITY.toJson().put("images-listed", 3);
    assertThat(RunIdentity.parse(number)).isEmpty();
  }

  @Test
  void theSameGoesOnInSilence() {
    assertThat(IDENTITY.goOnFrom(IDENTITY, "a run")).isEmpty();
    assertThat(IDENTITY.isRefused(IDENTITY)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"TEACHER", "TRANSFERRED", "PARAMETERS"})
  void whatElseARunBeganWithIsSaidWhereItIsAnother(Field field) {
    RunIdentity then = IDENTITY.with(field, "bb");
    assertThatThrownBy(() -> IDENTITY.with(field, "cc").goOnFrom(then, "a run"))
        .isInstanceOfSatisfying(
            ChangedInputException.class, e -> assertThat(e.field()).isEqualTo(field));
  }

  @ParameterizedTest
  @EnumSource(names = {"IMAGES_LISTED", "IMAGES_PACKED", "TEACHER"})
  void otherImagesAreRefusedByName(Field field) {
    RunIdentity then = IDENTITY.with(field, "bb");
    RunIdentity now = IDENTITY.with(field, "cc").with(Field.THREADS, 7);
    assertThat(now.isRefused(then)).isTrue();
    assertThatThrownBy(() -> now.goOnFrom(then, "a run"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot go on with a run: expected the ")
        .hasMessageEndingWith(
            " it began with ("
                + field.key()
                + " = bb), found another (cc). Restore them, or begin anew with --overwrite.");
  }

  @Test
  void theImagesDecideWhereTheirListDiffers() {
    RunIdentity then = IDENTITY.with(Field.IMAGES_PACKED, "dd");
    RunIdentity copied = then.with(Field.IMAGES_LISTED, "bb");
    assertThat(copied.isRefused(then)).isFalse();
    assertThat(copied.goOnFrom(then, "a run"))
        .singleElement()
        .asString()
        .contains("other names, lengths or times than when a run began")
        .endsWith("the images that they hold are the same");
    RunIdentity changed = copied.with(Field.IMAGES_PACKED, "ee");
    assertThatThrownBy(() -> changed.goOnFrom(then, "a run"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("(images-packed = dd), found another (ee)");
  }

  @Test
  void anotherConfigurationIsRefused() {
    RunIdentity now = RunIdentity.of(new EffectiveText("full", "full", "seed = 2"));
    assertThat(now.isRefused(IDENTITY)).isTrue();
    assertThatThrownBy(() -> now.goOnFrom(IDENTITY, "a run"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected the configuration it began with (configuration = 1d932908");
  }

  @ParameterizedTest
  @EnumSource(names = {"THREADS", "INSTRUCTION_SET"})
  void whatChangesTheLastBitsIsSaid(Field field) {
    RunIdentity then = IDENTITY.with(field, "2 of one kind");
    RunIdentity now = IDENTITY.with(field, "3 of another");
    assertThat(now.isRefused(then)).isFalse();
    assertThat(now.goOnFrom(then, "a run"))
        .singleElement()
        .asString()
        .contains(field.key() + " = 2 of one kind there, 3 of another here")
        .endsWith("the last bits of its parameters will differ");
  }

  @Test
  void anotherVersionIsSaidAndItsDigestOfTheConfigurationNotCompared() {
    RunIdentity then =
        RunIdentity.of(new EffectiveText("full", "full", "seed = 2")).with(Field.VERSION, "0.0.9");
    assertThat(IDENTITY.goOnFrom(then, "a run"))
        .singleElement()
        .asString()
        .contains("(convoy = 0.0.9 there, " + Version.NUMBER + " here)");
  }

  @Test
  void whatOneOfBothDoesNotKnowIsNotCompared() {
    assertThat(IDENTITY.goOnFrom(IDENTITY.with(Field.INSTRUCTION_SET, "avx2"), "a run")).isEmpty();
    assertThat(IDENTITY.with(Field.TEACHER, "x").goOnFrom(IDENTITY, "a run")).isEmpty();
  }

  @Test
  void theVersionIsThatOfThePom() throws IOException {
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<version>" + Version.NUMBER + "-SNAPSHOT</version>");
  }
}
