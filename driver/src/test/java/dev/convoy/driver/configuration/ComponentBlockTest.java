package dev.convoy.driver.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ComponentBlockTest {
  private static final Config DEFAULTS = ConfigFactory.parseResources("convoy/defaults.conf");

  static Stream<ComponentBlock> blocks() {
    return ComponentBlock.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void defaultsThatStandInDefaultsConfAreThoseOfTheDeclarations(ComponentBlock block) {
    assertThat(block.family().names()).contains(DEFAULTS.getString(block.nameKey()));
    for (Component<?> member : block.family().members()) {
      for (Option<?> option : member.options()) {
        String key = block.key(option.name());
        if (DEFAULTS.hasPath(key)) {
          assertThat(read(option, DEFAULTS.getValue(key).unwrapped()))
              .as("%s of %s", key, member.name())
              .isEqualTo(read(option, option.plainDefault().orElseThrow()));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void anUnknownMemberIsNamedWithTheKnownOnes(ComponentBlock block) {
    List<String> problems = new ArrayList<>();
    Config config = DEFAULTS.withValue(block.nameKey(), ConfigValueFactory.fromAnyRef("nameless"));
    block.read(new Settings(config, problems));
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0))
        .startsWith(block.nameKey() + " = nameless: expected one of ")
        .contains(String.join(", ", block.family().names()));
  }

  @Test
  void aValueThatDoesNotFitAnotherKeysIsNamedAndLeftOut() {
    Config config =
        ConfigFactory.parseString(
            "model = {name = resnet-20, normalization = none, zero-last-scale = on}");
    List<String> problems = new ArrayList<>();
    ComponentSettings read = ComponentBlock.MODEL.read(new Settings(config, problems));
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0))
        .startsWith(
            "model.zero-last-scale = on: expected off, or a normalization with a scale (batch,"
                + " group, instance, layer)");
    assertThat(read).isEqualTo(new ComponentSettings("resnet-20", Map.of("normalization", "none")));
  }

  private static Object read(Option<?> option, Object plain) {
    List<Problem> problems = new ArrayList<>();
    Object value = option.type().read(plain, problems).orElse(null);
    assertThat(problems).isEmpty();
    return value;
  }
}
