package dev.convoy.driver.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import dev.convoy.driver.configuration.ConfigurationException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConstraintsTest {
  private static final Config EFFECTIVE =
      Spaces.parse(
          """
          seed = 7
          optimizer { name = adam, learning-rate = 0.01, learning = 5, clip-norm = null }
          training { batch-size = 64, workers = 6, shuffle = true }
          model { hidden = [100, 50] }
          """);
  private static final Set<String> KEYS =
      Set.of(
          "seed",
          "optimizer.name",
          "optimizer.learning",
          "optimizer.learning-rate",
          "optimizer.clip-norm",
          "training.batch-size",
          "training.workers",
          "training.shuffle",
          "model.hidden",
          "model.hidden.1",
          "model.dropout");

  private static boolean holds(String expression) {
    return Constraints.of(List.of(expression), KEYS).hold(EFFECTIVE);
  }

  private static List<String> problems(String... expressions) {
    return catchThrowableOfType(
            ConfigurationException.class, () -> Constraints.of(List.of(expressions), KEYS))
        .problems();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      value = {
        "optimizer.learning-rate * training.batch-size < 32 => true",
        "optimizer.learning-rate * training.batch-size < 0.64 => false",
        "optimizer.learning-rate * training.batch-size <= 0.64 => true",
        "optimizer.name != 'adam' || optimizer.learning-rate <= 0.01 => true",
        "optimizer.name != 'adam' || optimizer.learning-rate <= 1e-3 => false",
        "optimizer.name == 'sgd' => false",
        "optimizer.name =~ ['sgd', 'adam'] => true",
        "optimizer.name =~ 'optimizer.*' => false",
        "optimizer.name == \"adam\" && training.shuffle => true",
        "not training.shuffle or seed eq 7 => true",
        "!(seed > 7) => true",
        "optimizer.clip-norm == null || optimizer.clip-norm < 5 => true",
        "model.dropout == null => true",
        "model.hidden.1 == 50 => true",
        "size(model.hidden) == 2 => true",
        "training.batch-size % 8 == 0 => true",
        "training.batch-size-4 == 60 => true",
        "training.batch-size - training.workers == 58 => true",
        "training.batch-size-training.workers == 58 => true",
        "optimizer.learning-rate < 1 => true",
        "optimizer.learning == 5 => true",
        "training.batch-size/training.workers > 10.6 => true",
        "1/3 > 0 => true",
        "(seed > 5 ? 'a' : 'b') == 'a' => true"
      })
  void expressionsOverKeysHoldOrNot(String expression, boolean expected) {
    assertThat(holds(expression)).isEqualTo(expected);
  }

  @Test
  void allConstraintsMustHold() {
    assertThat(Constraints.of(List.of(), KEYS).hold(EFFECTIVE)).isTrue();
    assertThat(Constraints.of(List.of("seed > 1", "seed < 9"), KEYS).hold(EFFECTIVE)).isTrue();
    assertThat(Constraints.of(List.of("seed > 1", "seed < 7"), KEYS).hold(EFFECTIVE)).isFalse();
  }

  @Test
  void everyUnknownKeyIsNamedWithTheNearestKnownOne() {
    assertThat(
            problems(
                "optimizer.lerning-rate < 1 && sede > 0",
                "seed > 0",
                "optimizer.learning-rate-decay < 1",
                "somethingAltogetherDifferent > 1"))
        .containsExactly(
            "search.where = \"optimizer.lerning-rate < 1 && sede > 0\": expected known keys,"
                + " found optimizer.lerning-rate; did you mean optimizer.learning-rate?",
            "search.where = \"optimizer.lerning-rate < 1 && sede > 0\": expected known keys,"
                + " found sede; did you mean seed?",
            "search.where = \"optimizer.learning-rate-decay < 1\": expected known keys, found"
                + " optimizer.learning-rate-decay; did you mean optimizer.learning-rate?",
            "search.where = \"somethingAltogetherDifferent > 1\": expected known keys, found"
                + " somethingAltogetherDifferent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed >", "seed > (1", "seed < = 2", "seed > 1 &&", "'open == seed", ""})
  void whatCannotBeReadIsNamed(String expression) {
    assertThat(problems(expression))
        .singleElement()
        .asString()
        .startsWith(
            "search.where = \"" + expression + "\": expected an expression that can be read, found")
        .doesNotContain("key0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "seed = 3",
        "seed += 3",
        "seed++ > 3",
        "training.batch-size = 1",
        "while (true) {}",
        "for (x : 1) {}",
        "var x = 3",
        "new('java.lang.String') == seed",
        "new java.io.File('x') == seed",
        "optimizer.name.length() > 2",
        "optimizer.name.class == seed",
        "(optimizer.name).class == seed",
        "'x'.getClass() == seed",
        "seed -> seed",
        "() -> true",
        "function(x) { true }",
        "#pragma jexl.import java.lang",
        "@silent seed > 1",
        "$0 > 1",
        "seed > 1; seed < 2",
        "`${seed}` == 'x'"
      })
  void expressionsCannotDoAnythingButCalculate(String expression) {
    assertThat(problems(expression)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"optimizer.name['class'] != null", "'x'['bytes'] != null"})
  void expressionsSeeNoJava(String expression) {
    Constraints constraints = Constraints.of(List.of(expression), KEYS);
    assertThatThrownBy(() -> constraints.hold(EFFECTIVE))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected a value for this sample");
  }

  @Test
  void whatHasNoValueForASampleIsAProblem() {
    assertThatThrownBy(() -> holds("optimizer.clip-norm < 5"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "search.where = \"optimizer.clip-norm < 5\": expected a value for this sample, found"
                + " optimizer.clip-norm = null");
    assertThatThrownBy(() -> holds("optimizer.name < 5"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageEndingWith("found optimizer.name = adam");
    assertThatThrownBy(() -> holds("seed / (seed - 7) < 5"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageEndingWith("found seed = 7");
  }

  @Test
  void whatIsNeitherTrueNorFalseIsAProblem() {
    assertThatThrownBy(() -> holds("seed + 1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("search.where = \"seed + 1\": expected true or false, found 8");
  }
}
