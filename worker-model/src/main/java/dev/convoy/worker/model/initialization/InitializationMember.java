package dev.convoy.worker.model.initialization;

import dev.convoy.data.component.Component;
import java.util.Optional;
import java.util.function.Function;
import org.deeplearning4j.nn.weights.IWeightInit;

/**
 * A member of the family, which is found by its name in configurations and by what layers have for
 * it.
 *
 * @param component its declaration
 * @param reader the initialisation that has a scheme of Deeplearning4j; empty if it is another's
 */
record InitializationMember(
    Component<Initialization> component,
    Function<IWeightInit, Optional<? extends Initialization>> reader) {

  /** A member without options. */
  static InitializationMember of(Component.Builder declaration, Initialization only) {
    return new InitializationMember(
        declaration.createdBy(options -> only),
        scheme -> only.scheme().equals(scheme) ? Optional.of(only) : Optional.empty());
  }
}
