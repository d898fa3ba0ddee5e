package dev.convoy.data.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FamilyTest {
  private enum Border {
    ZERO,
    REFLECT
  }

  private static final Option<Double> ANGLE =
      Option.number("angle", 15, Range.openClosed(0, 180), "degrees to either side");
  private static final Option<Integer> COPIES =
      Option.wholeNumber("copies", 1, 1, Integer.MAX_VALUE, "how many");
  private static final Option<Border> BORDER =
      Option.choice(
          "border",
          Border.ZERO,
          border -> border.name().toLowerCase(Locale.ROOT),
          "what moves in from outside");
  private static final Option<Boolean> INVERTED = Option.flag("inverted", false, "backwards");
  private static final Option<List<Integer>> SIZES =
      Option.wholeNumbers("sizes", List.of(3, 4), 1, 9, "sizes in pixels");
  private static final Option<Double> WARM_UP = Option.epochs("warm-up", 0.5, "how long");
  private static final Option<Optional<String>> LABEL =
      Option.optional("label", new ValueType.Text(), "what to call it");

  private static final Component<String> ROTATE =
      Component.named("rotate", "turns about the centre")
          .from("Somebody and others, Turning, 1999")
          .with(ANGLE, COPIES, BORDER, INVERTED, SIZES, WARM_UP, LABEL)
          .createdBy(FamilyTest::rotate);
  private static final Component<String> NOTHING =
      Component.named("nothing", "does nothing").createdBy(options -> "nothing");
  private static final Family<String> CHANGES = Family.of("change", List.of(ROTATE, NOTHING));

  private static final Option<String> INNER =
      Option.member("inner", CHANGES, "nothing", "what is repeated");
  private static final Family<String> OUTER =
      Family.of(
          "repetition",
          List.of(
              Component.named("repeat", "repeats a change")
                  .with(INNER)
                  .createdBy(options -> "repeat " + options.value(INNER))));

  private static String rotate(OptionValues options) {
    return String.join(
        " ",
        "rotate",
        options.value(ANGLE).toString(),
        options.value(COPIES).toString(),
        options.value(BORDER).toString(),
        options.value(INVERTED).toString(),
        options.value(SIZES).toString(),
        options.value(WARM_UP).toString(),
        options.value(LABEL).orElse("unnamed"));
  }

  @Test
  void defaultsHoldWhereNothingIsGiven() {
    assertThat(CHANGES.create(ComponentSettings.defaults("rotate")))
        .isEqualTo("rotate 15.0 1 ZERO false [3, 4] 0.5 unnamed");
  }

  @Test
  void givenValuesAreReadByType() {
    Map<String, Object> given =
        Map.of(
            "angle",
            180,
            "copies",
            3.0,
            "border",
            "reflect",
            "inverted",
            true,
            "sizes",
            List.of(),
            "warm-up",
            "2epochs",
            "label",
            "007");
    assertThat(CHANGES.create(new ComponentSettings("rotate", given)))
        .isEqualTo("rotate 180.0 3 REFLECT true [] 2.0 007");
  }

  @Test
  void nullMeansTheDefault() {
    Map<String, Object> given = Collections.singletonMap("angle", null);
    assertThat(CHANGES.create(new ComponentSettings("rotate", given))).startsWith("rotate 15.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "angle | 0 | a number in (0, 180]",
        "angle | much | a number in (0, 180]",
        "angle | NaN | a number in (0, 180]",
        "copies | 1.5 | a whole number of at least 1",
        "border | edge | one of zero, reflect",
        "inverted | maybe | on or off",
        "sizes | 3 | a list of a whole number from 1 to 9",
        "warm-up | 3 rounds | a number of epochs",
        "size | 3 | an option of rotate (angle, copies, border, inverted, sizes, warm-up, label)"
      })
  void aValueThatDoesNotFitIsNamed(String option, String value, String expected) {
    List<Problem> problems =
        CHANGES.problems(new ComponentSettings("rotate", Map.of(option, value)));
    assertThat(problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).isEqualTo(option);
              assertThat(problem.found()).isEqualTo(value);
              assertThat(problem.expected()).startsWith(expected);
            });
  }

  @Test
  void everyProblemIsFoundAtOnce() {
    Map<String, Object> given = Map.of("angle", -1, "copies", 0, "typo", 1);
    assertThat(CHANGES.problems(new ComponentSettings("rotate", given)))
        .extracting(Problem::path)
        .containsExactlyInAnyOrder("angle", "copies", "typo");
  }

  @Test
  void anUnknownMemberIsNamedWithThoseThatThereAre() {
    assertThat(CHANGES.problems(ComponentSettings.defaults("rotat")))
        .containsExactly(new Problem("name", "rotat", "one of nothing, rotate"));
    assertThatThrownBy(() -> CHANGES.create(ComponentSettings.defaults("rotat")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make change rotat: name = rotat: expected one of nothing, rotate.");
    assertThatThrownBy(() -> CHANGES.member("rotat"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot find change rotat: expected one of nothing, rotate.");
  }

  @Test
  void aComponentWithinIsGivenByItsNameOrAsABlock() {
    ComponentSettings byName = new ComponentSettings("repeat", Map.of("inner", "rotate"));
    ComponentSettings asBlock =
        new ComponentSettings("repeat", Map.of("inner", Map.of("name", "rotate", "angle", 7)));
    assertThat(OUTER.create(ComponentSettings.defaults("repeat"))).isEqualTo("repeat nothing");
    assertThat(OUTER.create(byName)).startsWith("repeat rotate 15.0");
    assertThat(OUTER.create(asBlock)).startsWith("repeat rotate 7.0");
  }

  @Test
  void problemsWithinAreToldWithTheirPlace() {
    ComponentSettings settings =
        new ComponentSettings(
            "repeat", Map.of("inner", Map.of("name", "rotate", "sizes", List.of(1, 10))));
    assertThat(OUTER.problems(settings))
        .containsExactly(new Problem("inner.sizes[1]", 10, "a whole number from 1 to 9"));
    assertThat(OUTER.problems(new ComponentSettings("repeat", Map.of("inner", 3))))
        .containsExactly(
            new Problem("inner", 3, "{ name = …, options } with one of nothing, rotate"));
  }

  @Test
  void declarationsThatContradictThemselvesAreRefused() {
    assertThatThrownBy(() -> Option.probability("chance", 2, "how often"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot declare option chance = 2.0: expected a number in [0, 1] as the default.");
    assertThatThrownBy(() -> Family.of("change", List.of(NOTHING, NOTHING)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot list changes: two are called nothing.");
    assertThatThrownBy(
            () -> Component.named("twice", "").with(ANGLE, ANGLE).createdBy(options -> ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot declare twice: two options share a name.");
    Component<Double> forgetful =
        Component.named("forgetful", "").createdBy(options -> options.value(ANGLE));
    Family<Double> family = Family.of("value", List.of(forgetful));
    assertThatThrownBy(() -> family.create(ComponentSettings.defaults("forgetful")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found angle, which its declaration lacks");
  }

  @Test
  void aDeclarationIsExtendedByMoreOptions() {
    Option<String> mark = Option.of("mark", new ValueType.Text(), "!", "what stands behind it");
    Component<String> marked =
        ROTATE.extended(
            "marked-rotate",
            List.of(mark),
            (rotated, options) -> rotated.length() + options.value(mark));
    assertThat(marked.paper()).isEqualTo(ROTATE.paper());
    assertThat(marked.options()).startsWith(ANGLE, COPIES).endsWith(LABEL, mark);
    Family<String> family = Family.of("change", List.of(marked));
    int length = CHANGES.create(ComponentSettings.defaults("rotate")).length();
    assertThat(
            family.create(new ComponentSettings("marked-rotate", Map.of("angle", 20, "mark", "?"))))
        .isEqualTo(length + "?");
    assertThatThrownBy(() -> ROTATE.extended("twice", List.of(ANGLE), (made, options) -> made))
        .hasMessage("Cannot declare twice: two options share a name.");
  }

  @Test
  void aValueThatDoesNotFitAnotherOptionsIsNamed() {
    Component<String> turn =
        Component.named("turn", "turns")
            .with(ANGLE, INVERTED)
            .requiring(
                INVERTED,
                options -> !options.value(INVERTED) || options.value(ANGLE) < 90,
                "false, or an angle below 90")
            .createdBy(options -> "turn");
    Component<String> extended =
        turn.extended("other-turn", List.of(COPIES), (made, options) -> made);
    Family<String> family = Family.of("change", List.of(turn, extended));
    for (String name : family.names()) {
      assertThat(
              family.problems(new ComponentSettings(name, Map.of("angle", 100, "inverted", true))))
          .containsExactly(new Problem("inverted", true, "false, or an angle below 90"));
      assertThat(family.problems(new ComponentSettings(name, Map.of("angle", 100)))).isEmpty();
      assertThat(family.problems(new ComponentSettings(name, Map.of("inverted", true)))).isEmpty();
      assertThat(
              family.problems(new ComponentSettings(name, Map.of("angle", 200, "inverted", true))))
          .extracting(Problem::path)
          .containsExactly("angle");
    }
  }

  @Test
  void aStructureThatSaysNothingIsAProblemAsAWhole() {
    ValueType<Integer> pair =
        new ValueType.Structure<>(
            (value, problems) -> {
              if (!(value instanceof List<?> list)) {
                return Optional.empty();
              }
              if (list.size() != 2) {
                problems.add(new Problem("[" + list.size() + "]", list, "two"));
              }
              return Optional.of(list.size());
            },
            "a pair");
    List<Problem> problems = new ArrayList<>();
    assertThat(pair.read(List.of(1, 2), problems)).contains(2);
    assertThat(problems).isEmpty();
    assertThat(pair.read("pair", problems)).isEmpty();
    assertThat(pair.read(List.of(1), problems)).isEmpty();
    assertThat(problems)
        .containsExactly(new Problem("", "pair", "a pair"), new Problem("[1]", List.of(1), "two"));
  }

  @Test
  void rangesSayWhatTheyHold() {
    List<Range> ranges =
        Arrays.asList(
            Range.ALL,
            Range.above(0),
            Range.atLeast(1),
            Range.closed(0, 1),
            Range.closedOpen(0, 1),
            Range.open(0, 1));
    assertThat(ranges.stream().map(Range::toString))
        .containsExactly("", "above 0", "of at least 1", "in [0, 1]", "in [0, 1)", "in (0, 1)");
    assertThat(ranges.stream().map(range -> range.contains(0)))
        .containsExactly(true, false, false, true, true, false);
    assertThat(ranges.stream().map(range -> range.contains(1)))
        .containsExactly(true, true, true, true, false, false);
    assertThat(ranges.stream().map(range -> range.contains(Double.POSITIVE_INFINITY)))
        .containsOnly(false);
  }
}
