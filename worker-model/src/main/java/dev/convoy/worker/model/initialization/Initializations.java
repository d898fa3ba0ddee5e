package dev.convoy.worker.model.initialization;

import dev.convoy.data.component.Family;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.weights.IWeightInit;

/** The family of initialisations. */
public final class Initializations {
  /** Every initialisation. A new one is its own file and one more line here. */
  private static final List<InitializationMember> MEMBERS =
      List.of(
          HeInitialization.NORMAL,
          HeInitialization.FAN_OUT,
          LeCunInitialization.NORMAL,
          LeCunInitialization.UNIFORM,
          GlorotInitialization.NORMAL,
          GlorotInitialization.UNIFORM,
          NormalInitialization.MEMBER,
          OrthogonalInitialization.MEMBER);

  /** The same by their names. */
  public static final Family<Initialization> FAMILY =
      Family.of("initialization", MEMBERS.stream().map(InitializationMember::component).toList());

  private Initializations() {}

  /** The initialisation that has the scheme of a layer; empty if none has. */
  public static Optional<Initialization> of(IWeightInit scheme) {
    for (InitializationMember member : MEMBERS) {
      Optional<? extends Initialization> found = member.reader().apply(scheme);
      if (found.isPresent()) {
        return Optional.of(found.get());
      }
    }
    return Optional.empty();
  }
}
