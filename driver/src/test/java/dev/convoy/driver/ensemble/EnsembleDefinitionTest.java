package dev.convoy.driver.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.training.TrainingData;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnsembleDefinitionTest {
  private static EnsembleDefinition definition(String... overrides) {
    return EnsembleDefinition.of(
        new WrittenConfiguration(ConfigFactory.empty(), List.of())
            .with(
                List.of(
                    "data.format=image-folder",
                    "data.train=photographs",
                    "training.epochs=12",
                    "ensemble.members=3"))
            .with(List.of(overrides)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"runs", "snapshots"})
  void membersAndTheirStudentHoldOutTheImagesThatTheEnsembleIsTestedOn(String from) {
    EnsembleDefinition definition = definition("data.test=0.2", "ensemble.from=" + from);
    assertThat(definition.example().data().test())
        .contains(new RunConfiguration.Test.Fraction(0.2));
    RunConfiguration member = definition.memberRun(definition.trial(0), "members/0000");
    RunConfiguration student = definition.student(definition.example(), "distilled");
    for (RunConfiguration run : List.of(member, student)) {
      assertThat(run.data().test()).contains(new RunConfiguration.Test.HeldOut(0.2));
      assertThat(run.data().seed()).isEqualTo(definition.example().data().seed());
      assertThat(TrainingData.Key.of(run).data().train()).isEqualTo("photographs");
    }
  }

  /** Its targets are the ensemble's answers for all training images, once each. */
  @ParameterizedTest
  @ValueSource(
      strings = {"training.repeats=2", "training.resample=bootstrap", "training.resample.member=3"})
  void aDistilledNetworkDrawsNoImagesOfItsOwn(String key) {
    assertThatThrownBy(() -> definition("ensemble.distill={train=on, run={" + key + "}}"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("ensemble.distill.run")
        .hasMessageContaining(
            "no training."
                + (key.contains("repeats") ? "repeats" : "resample")
                + ", since the network learns from every training image once");
  }

  @Test
  void aDistilledNetworkLearnsFromEveryImageOnceWhateverMembersDo() {
    EnsembleDefinition definition =
        definition("training.repeats=4", "training.resample=bootstrap", "ensemble.distill=on");
    RunConfiguration student = definition.student(definition.example(), "distilled");
    assertThat(student.training().repeats()).isEqualTo(1);
    assertThat(student.training().resample()).isEmpty();
  }

  @Test
  void pastingOfAllImagesLeavesNoneToLearnTheCombinationFrom() {
    String[] pasting = {
      "data.validation=null", "training.early-stopping=off", "training.resample.method=pasting"
    };
    assertThatThrownBy(() -> definition(pasting))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected validation images to learn the combination from");
    String[] half = Arrays.copyOf(pasting, 4);
    half[3] = "training.resample.fraction=0.5";
    assertThat(definition(half)).isNotNull();
  }

  @Test
  void membersDoNotReadATestOfItsOwn() {
    EnsembleDefinition definition = definition("data.test=elsewhere");
    assertThat(definition.memberRun(definition.trial(0), "members/0000").data().test()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"off, 1 2 1", "'{train=on, run={training.batch-size=7}}', 1 2 1 7"})
  void theRunsOfAllMembersAndOfTheirStudentAreExamples(String distill, String batchSizes) {
    EnsembleDefinition definition =
        definition(
            "ensemble.variants=[{training.batch-size=1}, {training.batch-size=2}]",
            "ensemble.distill=" + distill);
    assertThat(definition.examples())
        .extracting(example -> Integer.toString(example.training().batchSize()))
        .containsExactly(batchSizes.split(" ", -1));
  }

  @Test
  void theExampleOfTrialsIsOneThatTheSearchAllows() {
    EnsembleDefinition definition =
        definition(
            "ensemble={from=search, search=sweep}",
            "optimizer.learning-rate={uniform=[0.1, 0.2]}",
            "search.where=[\"optimizer.learning-rate > 0.19\"]");
    assertThat(definition.example().optimizer().learningRate()).isGreaterThan(0.19);
  }

  /** Any of them may be among the members. */
  @Test
  void theExamplesOfTrialsAreWhatTheirSearchLeadsTo() {
    EnsembleDefinition definition =
        definition(
            "ensemble={from=search, search=sweep}",
            "training.batch-size={choice=[2, 3, 64]}",
            "search.where=[\"training.batch-size > 2\"]");
    assertThat(definition.examples())
        .extracting(example -> example.training().batchSize())
        .containsOnly(3, 64);
  }

  @Test
  void trialsOfASearchOverSeedsHaveItsOwnSeedInCommon() {
    EnsembleDefinition definition =
        definition(
            "ensemble={from=search, search=sweep}",
            "seed={int=[1, 9]}",
            "data.seed=1",
            "search.seed=17");
    assertThat(definition.settings().seed()).isEqualTo(17);
    assertThat(definition.example().seed()).isBetween(1L, 9L);
  }

  @Test
  void trialsOfAPlainExperimentNeedNoSpace() {
    assertThat(definition("ensemble={from=search, search=sweep}").example().seed())
        .isEqualTo(definition("ensemble={from=search, search=sweep}").settings().seed());
  }
}
