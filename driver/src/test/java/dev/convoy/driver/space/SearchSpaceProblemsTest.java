package dev.convoy.driver.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import dev.convoy.driver.configuration.ConfigurationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchSpaceProblemsTest {
  private static List<String> problems(String hocon) {
    return catchThrowableOfType(ConfigurationException.class, () -> Spaces.of(hocon)).problems();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{uniform:[]} | uniform = [low, high] with two numbers",
        "{uniform:[1]} | uniform = [low, high] with two numbers",
        "{uniform:[1,2,3]} | uniform = [low, high] with two numbers",
        "{uniform:3} | uniform = [low, high] with two numbers",
        "{uniform:[a,2]} | uniform = [low, high] with two numbers",
        "{uniform:[1,null]} | uniform = [low, high] with two numbers",
        "{uniform:[0,1e999]} | uniform = [low, high] with two numbers",
        "{uniform:[2,1]} | uniform = [low, high] with low below high",
        "{uniform:[1,1]} | uniform = [low, high] with low below high",
        "{uniform:[-1e308,1e308]}"
            + " | uniform = [low, high] with a difference that a double can hold",
        "{uniform:[0,1],other:2} | no other keys than quantum beside uniform, found other",
        "{min:0,uniform:[0,1]} | no other keys than quantum beside uniform, found min",
        "{quantum:0,uniform:[0,1]} | a quantum above 0",
        "{quantum:-1,uniform:[0,1]} | a quantum above 0",
        "{quantum:a,uniform:[0,1]} | a number as quantum",
        "{quantum:2,uniform:[0,1]} | a quantum with a multiple in the range, and no wider than it",
        "{quantum:0.5,uniform:[0.1,0.4]}"
            + " | a quantum with a multiple in the range, and no wider than it",
        "{quantum:0.25,uniform:[0.3,0.4]}"
            + " | a quantum with a multiple in the range, and no wider than it",
        "{quantum:1e-17,uniform:[0,1]} | a quantum of at least 2^-51 of the largest value",
        "{log-uniform:[0,1]} | log-uniform = [low, high] with low above 0, for its logarithm",
        "{log-uniform:[-1,1]} | log-uniform = [low, high] with low above 0, for its logarithm",
        "{log-uniform:[2,1]} | log-uniform = [low, high] with low below high",
        "{int:[1,2.5]} | int = [low, high] with whole numbers of at most 2^51",
        "{int:[1,1e16]} | int = [low, high] with whole numbers of at most 2^51",
        "{int:[3,2]} | int = [low, high] with low below high",
        "{int:[1,2],quantum:1} | no other key beside int, found quantum",
        "{log-uniform-int:[0,5]}"
            + " | log-uniform-int = [low, high] with low of at least 1, for its logarithm",
        "{log-uniform-int:[5,5]} | log-uniform-int = [low, high] with low below high",
        "{log-uniform-int:[1,5],max:3} | no other key beside log-uniform-int, found max",
        "{normal:[0,0]} | normal = [mean, deviation] with a deviation above 0",
        "{normal:[0,-1]} | normal = [mean, deviation] with a deviation above 0",
        "{normal:[0]} | normal = [mean, deviation] with two numbers",
        "{max:1,min:2,normal:[0,1]} | min below max",
        "{min:a,normal:[0,1]} | a number as min",
        "{max:51,min:50,normal:[0,1]} | min and max between which values fall",
        "{normal:[0,1],weights:[1]}"
            + " | no other keys than max, min, quantum beside normal, found weights",
        "{log-normal:[1000,1]} | log-normal = [mean, deviation] with values that a double can hold",
        "{log-normal:[0,1],min:0} | min and max above 0, for their logarithms",
        "{choice:[]} | choice = [option, option, …] with an option or more",
        "{choice:3} | choice = [option, option, …] with an option or more",
        "{choice:[1,2,1]} | options that differ, found 1 twice",
        "{choice:[{a:1},{a:1}]} | options that differ, found {a:1} twice",
        "{choice:[1,2],other:3}"
            + " | no other keys than weights beside a choice of other than objects, found other",
        "{choice:[{a:1},2],other:3}"
            + " | no other keys than weights beside a choice of other than objects, found other",
        "{int:[1,2],uniform:[1,2]} | one distribution, found uniform and int",
        "{choice:[{a:1}],normal:[1,2]} | one distribution, found normal and choice",
      })
  void everyBadDistributionSaysWhatWasExpected(String found, String expected) {
    assertThat(problems("a.b = " + found))
        .singleElement()
        .asString()
        .startsWith("a.b = {")
        .endsWith("}: expected " + expected + " (space.conf: 1)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[1]", "[1,2,3]", "[2,-1]", "[0,0]", "[a,b]", "[1,null]", "3", "[1,1e999]"})
  void badWeightsSayWhatWasExpected(String weights) {
    assertThat(problems("a = {choice:[x,y],weights:" + weights + "}"))
        .singleElement()
        .asString()
        .startsWith("a = {choice:[x,y],weights:")
        .endsWith(
            ": expected weights that are a number for each of the 2 options, none below 0,"
                + " some above 0 (space.conf: 1)");
  }

  @Test
  void aProblemShowsWhatWasFound() {
    assertThat(problems("a.b { uniform = [2, 1] }"))
        .containsExactly(
            "a.b = {uniform:[2,1]}: expected uniform = [low, high] with low below high"
                + " (space.conf: 1)");
  }

  @Test
  void allProblemsAreFoundAtOnceAlsoInBranchesAndLists() {
    assertThat(
            problems(
                """
                a = {uniform = [2, 1], quantun = 3}
                b = [1, {log-uniform = [0, 1]}]
                c { x = {int = [1]}, choice = [{y = {normal = [0, 0]}}, {choice = []}] }
                """))
        .satisfiesExactlyInAnyOrder(
            problem -> assertThat(problem).startsWith("a = ").contains("found quantun"),
            problem -> assertThat(problem).startsWith("a = ").contains("low below high"),
            problem -> assertThat(problem).startsWith("b.1 = ").endsWith("(space.conf: 2)"),
            problem -> assertThat(problem).startsWith("c.x = ").contains("two numbers"),
            problem -> assertThat(problem).startsWith("c.y = ").contains("deviation above 0"),
            problem -> assertThat(problem).startsWith("c = {choice:[]}").contains("or more"),
            problem ->
                assertThat(problem)
                    .startsWith("c = ")
                    .contains("beside a choice of other than objects, found x"));
  }

  @Test
  void theWholeConfigurationCanOnlyBeAChoiceOfObjects() {
    assertThat(problems("uniform = [1, 2]"))
        .containsExactly(
            "the configuration = {uniform:[1,2]}: expected keys with values, found uniform without"
                + " one (space.conf: 1)");
    assertThat(problems("choice = [1, 2]"))
        .containsExactly(
            "the configuration = {choice:[1,2]}: expected objects as options, to be the"
                + " configuration (space.conf: 1)");
  }

  @Test
  void aProblemOfTheCommandLineSaysSo() {
    var options = ConfigParseOptions.defaults().setOriginDescription("command line");
    var written = ConfigFactory.parseString("a = {uniform = [1, 0]}", options);
    assertThat(
            catchThrowableOfType(ConfigurationException.class, () -> SearchSpace.of(written))
                .problems())
        .singleElement()
        .asString()
        .endsWith("(command line)");
  }

  @Test
  void argumentsThatOnlyDefaultsKnowAreAProblem() {
    assertThat(problems("a = {uniform = [0, ${unknown}]}"))
        .containsExactly(
            "a = {uniform:[0,${unknown}]}: expected substitutions of keys in this file"
                + " (space.conf: 1)");
  }

  @Test
  void substitutionsInACircleAreAProblem() {
    assertThat(problems("a = ${b}, b = ${a}, c = {uniform = [0, 1]}"))
        .singleElement()
        .asString()
        .startsWith(
            "Cannot read the search space: expected substitutions that can be resolved, found ");
  }
}
