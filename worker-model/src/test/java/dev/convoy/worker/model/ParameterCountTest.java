package dev.convoy.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.component.ComponentSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParameterCountTest {
  private static final InputShape INPUT = new InputShape(32, 32, 3, 10);

  @Test
  void itIsThatOfTheNetwork() {
    for (String name : SmallModels.representatives()) {
      ComponentSettings settings = SmallModels.narrow(name);
      InputShape input = SmallModels.input(name, 3, 10);
      assertThat((long) Models.parameterCount(settings, input))
          .as(name)
          .isEqualTo(Models.create(settings, input, 1).numParams());
    }
  }

  @Test
  void aNetworkOfMoreThanAnArrayHoldsIsRefused() {
    assertThatThrownBy(() -> Models.parameterCount(perceptron(65536, 65536), INPUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a layer of 4295032832 parameters");
    assertThatThrownBy(() -> Models.parameterCount(perceptron(40000, 40000, 40000), INPUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a network of more than 2,147,483,647 parameters");
  }

  private static ComponentSettings perceptron(Integer... hidden) {
    return new ComponentSettings("mlp", Map.of("hidden", List.of(hidden)));
  }
}
