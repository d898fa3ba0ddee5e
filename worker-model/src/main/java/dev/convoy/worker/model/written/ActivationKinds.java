package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.worker.model.ActivationFunction;
import java.util.List;

/** Every function of single values as a layer of its own. */
final class ActivationKinds {
  static final List<Component<LayerKind>> KINDS =
      ActivationFunction.FAMILY.members().stream()
          .filter(member -> !member.name().equals(ActivationFunction.NONE))
          .map(ActivationKinds::kind)
          .toList();

  private ActivationKinds() {}

  private static Component<LayerKind> kind(Component<? extends ActivationFunction> member) {
    return member.extended(
        member.name(),
        List.of(),
        (function, options) -> place -> place.then(function.layer(place.before())));
  }
}
