package dev.convoy.driver.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.driver.trial.TrialHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchDefinitionTest {
  private static SearchDefinition definition(String... overrides) {
    List<String> all = new ArrayList<>(List.of("optimizer.learning-rate={uniform=[0.1, 0.2]}"));
    all.addAll(List.of(overrides));
    return SearchDefinition.of(
        new WrittenConfiguration(ConfigFactory.empty(), List.of()).with(all));
  }

  @ParameterizedTest
  @CsvSource({
    "loguniform, log-uniform",
    "log_uniform, log-uniform",
    "log-unifrom, log-uniform",
    "LogUniform, log-uniform",
    "unifrom, uniform",
    "quniform, uniform",
    "randint, int",
    "choices, choice",
    "categorical, choice",
    "gaussian, normal",
    "lognormal, log-normal"
  })
  void anUnknownDistributionIsNamedWithTheNearest(String written, String meant) {
    for (String key : List.of("optimizer.learning-rate", "training.batch-size", "model.dropout")) {
      ConfigurationException refused =
          catchThrowableOfType(
              ConfigurationException.class, () -> definition(key + "={" + written + "=[1, 2]}"));
      assertThat(refused.problems())
          .singleElement()
          .asString()
          .startsWith(key + " = {")
          .contains(
              "expected a value, or a distribution (choice, int, log-normal, log-uniform,"
                  + " log-uniform-int, normal, uniform), found "
                  + written
                  + "; did you mean "
                  + meant
                  + "?");
    }
  }

  @Test
  void whatIsWrittenOfASearchNeverOverwritesWhenItIsReadAgain() {
    SearchDefinition definition =
        definition("overwrite=true", "optimizer.learning-rate={log-uniform=[0.01, 0.1]}");
    assertThat(definition.text().full()).contains("overwrite=true");
    assertThat(definition.text().written()).contains("overwrite=false");
  }

  @Test
  void trialsHoldOutTheImagesThatTheWinnerIsTestedOn() {
    SearchDefinition definition =
        definition(
            "data.format=image-folder",
            "data.train=photographs",
            "data.test=0.2",
            "optimizer.learning-rate={log-uniform=[0.01, 0.1]}");
    RunConfiguration trial =
        definition.trialRun(
            definition.trial(0, new TrialHistory(EarlyStopping.Metric.VALIDATION_LOSS)),
            "trials/0000",
            OptionalInt.empty());
    assertThat(trial.data().test()).contains(new RunConfiguration.Test.HeldOut(0.2));
    assertThat(definition.example().data().test())
        .contains(new RunConfiguration.Test.Fraction(0.2));
    assertThat(TrainingData.Key.of(trial)).isEqualTo(TrainingData.Key.of(definition.example()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed", "data.seed"})
  void aTestThatDiffersBetweenTrialsIsRefused(String seed) {
    String[] settings = {
      "data.format=image-folder",
      "data.train=photographs",
      "search.seed=1",
      seed + "={int=[1, 9]}",
      "data.test=0.2"
    };
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> definition(settings));
    assertThat(refused.problems())
        .containsExactly(
            "data.seed: expected one value for all trials, since it decides which fraction of the"
                + " images data.test holds out, found a distribution");
    settings[4] = "data.test=elsewhere";
    assertThat(definition(settings)).isNotNull();
  }

  @Test
  void aRateThatFollowsValidationImagesCannotBeRefittedWithoutThem() {
    String plateau = "training.reduce-on-plateau.factor=0.5";
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> definition(plateau));
    assertThat(refused.problems())
        .singleElement()
        .asString()
        .startsWith("search.refit = on: expected as-is or off with training.reduce-on-plateau");
    assertThat(definition(plateau, "search.refit=as-is")).isNotNull();
  }

  @Test
  void aRefitOnAllImagesLeavesNoneOutOfTheBag() {
    SearchDefinition definition =
        definition("data.validation=out-of-bag", "training.resample.method=bootstrap");
    RunConfiguration refit =
        definition.refit(
            definition.best(
                definition.trial(0, new TrialHistory(EarlyStopping.Metric.VALIDATION_LOSS)), 1),
            "refit",
            3);
    assertThat(refit.training().resample()).isEmpty();
    assertThat(refit.data().validation()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "none, 7, 1",
    "asha, 7, 1",
    "halving, 27, 27",
    "halving, 30, 24",
    "hyperband, 27, 12"
  })
  void anExtensionBeginsAnotherBracket(String rule, int trials, int least) {
    SearchDefinition definition =
        definition(
            "training.epochs=27",
            "search.trials=100",
            "search.early-termination={rule=" + rule + "}");
    assertThat(definition.leastExtension(trials)).hasValue(least);
  }

  @Test
  void aGridThatWasSearchedWholeCannotBeExtended() {
    SearchDefinition definition =
        definition(
            "optimizer.learning-rate={choice=[0.1, 0.2, 0.3]}",
            "search.sampling=grid",
            "search.trials=2");
    assertThat(definition.leastExtension(2)).hasValue(1);
    assertThat(definition.leastExtension(3)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "search.trials=5, true",
    "search.trials=3, false",
    "search.max-minutes=10, false",
    "search.max-epochs=10, false",
    "search.target=0.9, false",
    "search.refit=off, true",
    "search.keep-models=9, false"
  })
  void aSearchThatHasEndedGoesOnOnlyWithMore(String changed, boolean goesOn) {
    SearchDefinition ended = definition("search.trials=4");
    assertThat(definition("search.trials=4", changed).settings().goOnFrom(ended.settings()))
        .isEqualTo(goesOn);
  }

  @Test
  void aSearchThatHasReachedItsTargetGoesOnToAHarderOne() {
    SearchDefinition ended = definition("search.trials=4", "search.target=0.8");
    assertThat(
            definition("search.trials=4", "search.target=0.7")
                .settings()
                .goOnFrom(ended.settings()))
        .isTrue();
  }

  @Test
  void anObjectLikeNoDistributionIsNamedAsItIs() {
    ConfigurationException refused =
        catchThrowableOfType(
            ConfigurationException.class, () -> definition("optimizer.momentum={a=1, b=2}"));
    assertThat(refused.problems())
        .singleElement()
        .asString()
        .contains("found a, b (")
        .doesNotContain("did you mean");
  }

  @ParameterizedTest
  @CsvSource({
    "one-cycle, asha, 1, 30, 20",
    "one-cycle, hyperband, 1, 30, 20",
    "one-cycle, median, 5, 30, 20",
    "cosine, asha, 1, 30, 15",
    "cosine, halving, 4, 30, 15"
  })
  void comparingTrialsBeforeTheRateHasFallenIsWarnedOf(
      String schedule, String rule, int minEpochs, int epochs, int later) {
    assertThat(warning(schedule, rule, minEpochs, epochs))
        .contains("optimizer.schedule = " + schedule)
        .contains("search.early-termination = " + rule)
        .contains("search.early-termination.min-epochs to " + later + " or more");
  }

  @ParameterizedTest
  @CsvSource({
    "constant, asha, 1, 30",
    "step, asha, 1, 30",
    "one-cycle, none, 1, 30",
    "one-cycle, median, 20, 30",
    "one-cycle, asha, 20, 30",
    "cosine, median, 15, 30",
    "cosine, asha, 1, 1"
  })
  void noWarningWhereItIsHarmless(String schedule, String rule, int minEpochs, int epochs) {
    assertThat(warning(schedule, rule, minEpochs, epochs)).isEmpty();
  }

  @Test
  void aCosineThatHardlyFallsOrHasCyclesUntilTheComparisonIsHarmless() {
    assertThat(
            definition(
                    "optimizer.schedule={name=cosine, final-fraction=0.9}",
                    "search.early-termination=asha")
                .warning())
        .isEmpty();
    assertThat(
            definition(
                    "optimizer.schedule={name=cosine, cycles=3}",
                    "training.epochs=9",
                    "search.early-termination={rule=asha, min-epochs=3}")
                .warning())
        .isEmpty();
  }

  private static String warning(String schedule, String rule, int minEpochs, int epochs) {
    return definition(
            "optimizer.schedule=" + schedule,
            "training.epochs=" + epochs,
            "search.trials=200",
            "search.early-termination={rule=" + rule + ", min-epochs=" + minEpochs + "}")
        .warning()
        .orElse("");
  }

  @Test
  void theRunsThatAreTriedOutHaveTheWorkersOfATrial() {
    SearchDefinition definition = definition("training.workers=3", "search.workers-per-trial=2");
    assertThat(definition.examples())
        .extracting(example -> example.training().workers())
        .containsOnly(2);
    assertThat(definition.maxWorkers()).isEqualTo(2);
  }

  @Test
  void accuracyIsRefusedWhereNumbersAreLearned() {
    String[] settings = {
      "data.format=manifest",
      "data.train=faces.csv",
      "data.columns.numbers=[age]",
      "loss=mse",
      "training.early-stopping.metric=validation-loss",
      "search.metric=validation-accuracy"
    };
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> definition(settings));
    assertThat(refused.problems())
        .containsExactly(
            "search.metric = validation-accuracy: expected validation-loss where"
                + " data.columns.numbers are learned");
    settings[5] = "search.metric=validation-loss";
    assertThat(definition(settings)).isNotNull();
  }
}
