package dev.convoy.driver.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueType;
import dev.convoy.driver.configuration.Distributions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SearchSpaceTest {
  private static final String BRANCHES =
      """
      optimizer {
        learning-rate = {log-uniform = [1e-4, 1e-1]}
        l2 = 0.5
        choice = [
          {name = sgd}
          {name = nesterov, momentum = {uniform = [0.8, 0.99]}}
          {
            name = adam
            learning-rate = {log-uniform = [1e-6, 1e-5]}
            beta1 = {choice = [0.9, {uniform = [0.1, 0.2]}]}
            schedule {
              factor = 0.5
              choice = [
                {name = cosine, final-fraction = {uniform = [0, 0.1]}}
                {name = step, factor = {uniform = [0.2, 0.3]}}
              ]
            }
          }
        ]
      }
      """;

  private static List<Sample> samples(String hocon, int count) {
    Sampler sampler = Spaces.sampler(Sampler.Method.RANDOM, Spaces.of(hocon), 3);
    return IntStream.range(0, count).mapToObj(sampler::sample).toList();
  }

  @Test
  void aConfigurationWithoutDistributionsIsEmptyAndComesBackUnchanged() {
    Config written = Spaces.parse("a { b = [1, {c = 2}] }, d = null, e = text");
    SearchSpace space = SearchSpace.of(written);
    assertThat(space.isEmpty()).isTrue();
    assertThat(space.parameters()).isEmpty();
    Sample sample = space.at(new double[0]);
    assertThat(sample.values()).isEmpty();
    assertThat(sample.configuration()).isEqualTo(written);
  }

  @Test
  void aDistributionIsRecognisedByItsKey() {
    assertThat(Distributions.NAMES)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(DistributionKind.values()).map(DistributionKind::key).toList());
    for (String kind :
        List.of("uniform", "log-uniform", "int", "log-uniform-int", "normal", "log-normal")) {
      assertThat(Distributions.isDistribution(Spaces.parse("a {" + kind + " = 1}").getValue("a")))
          .isTrue();
    }
    assertThat(Distributions.isDistribution(Spaces.parse("a {choice = [1]}").getValue("a")))
        .isTrue();
    assertThat(Distributions.isDistribution(Spaces.parse("a {quantum = 1}").getValue("a")))
        .isFalse();
    assertThat(Distributions.isDistribution(Spaces.parse("a = uniform").getValue("a"))).isFalse();
  }

  @Test
  void parametersAreFoundDepthFirstWithTheirPaths() {
    SearchSpace space =
        Spaces.of(
            """
            training.batch-size = {int = [1, 9]}
            augment = [{name = flip}, {name = crop, padding = {int = [1, 4]}}]
            milestones = [{uniform = [0, 1]}, 3, {uniform = [4, 5]}]
            model.dropout = {uniform = [0, 1]}
            "odd key".x = {uniform = [0, 1]}
            """);
    assertThat(space.parameters())
        .extracting(Parameter::key)
        .containsExactly(
            "augment.1.padding",
            "milestones.0",
            "milestones.2",
            "model.dropout",
            "\"odd key\".x",
            "training.batch-size");
    assertThat(space.parameters()).allMatch(parameter -> parameter.name().equals(parameter.key()));
    assertThat(space.isEmpty()).isFalse();
  }

  @Test
  void everyDistributionIsReplacedByItsValueWhereItStood() {
    Sample sample =
        Spaces.of(
                """
                a { b = {uniform = [0, 8]}, kept = 7 }
                list = [1, {x = {int = [1, 4]}, y = 2}, {choice = [a, b]}]
                """)
            .at(new double[] {0.25, 0.99, 0.75});
    assertThat(sample.configuration())
        .isEqualTo(Spaces.parse("a { b = 2.0, kept = 7 }, list = [1, {x = 4, y = 2}, b]"));
    assertThat(sample.values())
        .containsExactly(entry("a.b", 2.0), entry("list.1.x", 4L), entry("list.2", "b"));
  }

  @Test
  void aValueKnowsTheLineThatItsDistributionWasWrittenIn() {
    Sample sample = Spaces.of("\n\na.b = {uniform = [0, 1]}").at(new double[] {0.5});
    assertThat(sample.configuration().getValue("a.b").origin().description())
        .isEqualTo("space.conf: 3");
  }

  @Test
  void optionsAreAnyValueAndHavePlainLabels() {
    SearchSpace space =
        Spaces.of(
            """
            a = {choice = [null, true, text, 3, 0.5]}
            b = {choice = [[1, 2], [], [{name = flip}]]}
            c = {choice = [{name = x, v = 1}, {v = 2}, {name = x, v = 3}]}
            d = {choice = [{strategy = mean}, {strategy = slowmo, momentum = 0.5}]}
            """);
    assertThat(space.parameters().get(0).distribution().categories())
        .contains(List.of("null", "true", "text", "3", "0.5"));
    assertThat(space.parameters().get(1).distribution().categories())
        .contains(List.of("[1,2]", "[]", "[{name:flip}]"));
    assertThat(space.parameters().get(2).distribution().categories())
        .contains(List.of("x-1", "option-2", "x-3"));
    Sample sample = space.at(new double[] {0, 0.9, 0.5, 0.9});
    assertThat(sample.values())
        .containsExactly(
            entry("a", "null"),
            entry("b", "[{name:flip}]"),
            entry("c", "option-2"),
            entry("d", "slowmo"));
    assertThat(sample.configuration().getIsNull("a")).isTrue();
    assertThat(sample.configuration().getObjectList("b").get(0).unwrapped())
        .isEqualTo(Map.of("name", "flip"));
    assertThat(sample.configuration().getInt("c.v")).isEqualTo(2);
  }

  @Test
  void aChosenObjectIsMergedOverItsSiblings() {
    SearchSpace space =
        Spaces.of("o { a = 1, b { c = 2, d = 3 }, choice = [{a = 9, b.c = 8}, {b = null}] }");
    assertThat(space.at(new double[] {0}).configuration())
        .isEqualTo(Spaces.parse("o { a = 9, b { c = 8, d = 3 } }"));
    assertThat(space.at(new double[] {0.5}).configuration())
        .isEqualTo(Spaces.parse("o { a = 1, b = null }"));
  }

  @Test
  void siblingsMayBeChoicesThatOptionsAddTo() {
    SearchSpace space =
        Spaces.of(
            """
            o {
              choice = [{name = a, s.x = 1}, {name = b, s = 5}]
              s { choice = [{name = c, x = 0, y = {int = [1, 2]}}, {name = d}] }
            }
            """);
    assertThat(space.parameters()).extracting(Parameter::key).containsExactly("o", "o.s", "o.s.y");
    assertThat(space.at(new double[] {0, 0, 0}).configuration())
        .isEqualTo(Spaces.parse("o { name = a, s { name = c, x = 1, y = 1 } }"));
    Sample hidden = space.at(new double[] {0.5, 0, 0});
    assertThat(hidden.configuration()).isEqualTo(Spaces.parse("o { name = b, s = 5 }"));
    assertThat(hidden.values()).containsOnlyKeys("o");
  }

  @Test
  void theWholeConfigurationMayBeAChoice() {
    SearchSpace space =
        Spaces.of("seed = 4, choice = [{model.name = a}, {seed = {int = [5, 6]}, model.name = b}]");
    assertThat(space.parameters()).extracting(Parameter::key).containsExactly("choice", "seed");
    assertThat(space.at(new double[] {0, 0}).configuration())
        .isEqualTo(Spaces.parse("seed = 4, model.name = a"));
    assertThat(space.at(new double[] {0.5, 0.9}).configuration())
        .isEqualTo(Spaces.parse("seed = 6, model.name = b"));
  }

  @Test
  void onlyParametersOfTheChosenBranchAreActive() {
    Map<String, Set<String>> columns = new HashMap<>();
    for (Sample sample : samples(BRANCHES, 200)) {
      columns
          .computeIfAbsent((String) sample.values().get("optimizer"), name -> new HashSet<>())
          .addAll(sample.values().keySet());
    }
    assertThat(columns)
        .containsOnly(
            entry("sgd", Set.of("optimizer", "optimizer.learning-rate")),
            entry("nesterov", Set.of("optimizer", "optimizer.learning-rate", "optimizer.momentum")),
            entry(
                "adam",
                Set.of(
                    "optimizer",
                    "optimizer.learning-rate",
                    "optimizer.beta1",
                    "optimizer.beta1.option-2",
                    "optimizer.schedule",
                    "optimizer.schedule.final-fraction",
                    "optimizer.schedule.factor")));
  }

  @Test
  void activeParametersHaveTheBoundsOfTheirBranch() {
    for (Sample sample : samples(BRANCHES, 200)) {
      Config optimizer = sample.configuration().getConfig("optimizer");
      boolean adam = optimizer.getString("name").equals("adam");
      assertThat(optimizer.getDouble("learning-rate"))
          .isBetween(adam ? 1e-6 : 1e-4, adam ? 1e-5 : 1e-1)
          .isEqualTo(sample.values().get("optimizer.learning-rate"));
      assertThat(optimizer.getDouble("l2")).isEqualTo(0.5);
      assertThat(optimizer.hasPath("momentum"))
          .isEqualTo(sample.values().containsKey("optimizer.momentum"));
      assertThat(optimizer.hasPath("choice")).isFalse();
      if (adam) {
        checkAdam(optimizer, sample.values());
      }
    }
  }

  private static void checkAdam(Config optimizer, Map<String, Object> values) {
    if (values.containsKey("optimizer.beta1.option-2")) {
      assertThat(values.get("optimizer.beta1")).isEqualTo("option-2");
      assertThat(optimizer.getDouble("beta1"))
          .isBetween(0.1, 0.2)
          .isEqualTo(values.get("optimizer.beta1.option-2"));
    } else {
      assertThat(optimizer.getDouble("beta1")).isEqualTo(0.9);
    }
    boolean step = optimizer.getString("schedule.name").equals("step");
    assertThat(optimizer.getDouble("schedule.factor"))
        .isBetween(step ? 0.2 : 0.5, step ? 0.3 : 0.5);
    assertThat(values.containsKey("optimizer.schedule.factor")).isEqualTo(step);
    assertThat(values.containsKey("optimizer.schedule.final-fraction")).isEqualTo(!step);
  }

  @Test
  void branchesInListsOpenTheirParameters() {
    String hocon =
        """
        augment = {choice = [
          []
          [{name = crop, padding = {int = [1, 4]}}, {name = flip}]
          [{name = crop, padding = {int = [5, 8]}}]
        ]}
        """;
    SearchSpace space = Spaces.of(hocon);
    assertThat(space.parameters())
        .extracting(Parameter::name)
        .containsExactly("augment", "augment.0.padding", "augment.0.padding");
    Set<Integer> sizes = new HashSet<>();
    for (Sample sample : samples(hocon, 100)) {
      List<? extends Config> augment = sample.configuration().getConfigList("augment");
      sizes.add(augment.size());
      assertThat(sample.values().containsKey("augment.0.padding")).isEqualTo(!augment.isEmpty());
      if (!augment.isEmpty()) {
        long padding = augment.get(0).getLong("padding");
        assertThat(padding).isEqualTo(sample.values().get("augment.0.padding"));
        assertThat(padding).isBetween(augment.size() == 2 ? 1L : 5L, augment.size() == 2 ? 4L : 8L);
      }
    }
    assertThat(sizes).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void aSubstitutionOfADistributionIsItsValueAndNoParameter() {
    SearchSpace space =
        Spaces.of("a = {uniform = [0, 1]}, b = ${a}, c = [${a}, ${defaults}], defaults = 1");
    assertThat(space.parameters()).extracting(Parameter::key).containsExactly("a");
    Config resolved = space.at(new double[] {0.5}).configuration().resolve();
    assertThat(resolved.getDouble("b")).isEqualTo(0.5);
    assertThat(resolved.getDoubleList("c")).containsExactly(0.5, 1.0);
  }

  @Test
  void substitutionsOfDefaultsStayForLater() {
    SearchSpace space = Spaces.of("a = ${default}, b = {choice = [${default}, 7]}");
    Config defaults = Spaces.parse("default = 5");
    for (double unit : new double[] {0, 0.5}) {
      Config resolved =
          space.at(new double[] {unit}).configuration().withFallback(defaults).resolve();
      assertThat(resolved.getInt("a")).isEqualTo(5);
      assertThat(resolved.getInt("b")).isEqualTo(unit == 0 ? 5 : 7);
    }
  }

  @Test
  void argumentsMayBeSubstitutions() {
    SearchSpace space =
        Spaces.of(
            "low = 2, a = {uniform = [${low}, 4]}, b = {choice = ${options}}, options = [1, 2]");
    Sample sample = space.at(new double[] {0.5, 0.5});
    assertThat(sample.values()).containsExactly(entry("a", 3.0), entry("b", 2L));
  }

  @Test
  void anObjectThatAddsToASubstitutionIsSearched() {
    SearchSpace space = Spaces.of("base { x = 1 }, o = ${base} { y = {uniform = [0, 1]} }");
    assertThat(space.parameters()).extracting(Parameter::key).containsExactly("o.y");
    assertThat(space.at(new double[] {0.5}).configuration().resolve().getConfig("o"))
        .isEqualTo(Spaces.parse("x = 1, y = 0.5"));
  }

  @Test
  void aNullInALaterFileTakesADistributionAway() {
    Config written =
        Spaces.parse("a = {log-uniform = [1, 2]}")
            .withFallback(Spaces.parse("a = null"))
            .withFallback(Spaces.parse("a = {uniform = [0, 1]}"));
    assertThat(SearchSpace.of(written).parameters())
        .singleElement()
        .satisfies(parameter -> assertThat(parameter.distribution().isLogarithmic()).isTrue());
    assertThat(Spaces.parse("a = 3").withFallback(Spaces.parse("a = {uniform = [0, 1]}")))
        .satisfies(config -> assertThat(SearchSpace.of(config).isEmpty()).isTrue());
  }

  @Test
  void aPointNeedsACoordinateInTheCubeForEveryDimension() {
    SearchSpace space = Spaces.of("a = {uniform = [0, 1]}");
    assertThatThrownBy(() -> space.at(new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot sample: expected a point of 1 coordinates, found 2.");
    for (double coordinate : new double[] {1, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> space.at(new double[] {coordinate}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot sample: expected coordinates in [0, 1), found " + coordinate + ".");
    }
  }

  @Test
  void valuesCannotBeChanged() {
    Sample sample = Spaces.of("a = {uniform = [0, 1]}").at(new double[] {0.5});
    assertThatThrownBy(() -> sample.values().put("b", 1L))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(sample.configuration().getValue("a").valueType()).isEqualTo(ConfigValueType.NUMBER);
  }
}
