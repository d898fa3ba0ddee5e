package dev.convoy.worker.datainitialization;

import dev.convoy.data.component.Component;
import dev.convoy.worker.model.initialization.Initialization;
import java.util.Optional;

/** Leaves all weights as they were drawn. */
final class NoDataInitialization implements DataInitialization {
  static final Component<DataInitialization> COMPONENT =
      Component.named("off", "weights stay as they were drawn")
          .createdBy(options -> new NoDataInitialization());

  private NoDataInitialization() {}

  @Override
  public Optional<Initialization> start() {
    return Optional.empty();
  }

  @Override
  public Optional<String> adjust(MeasuredLayer layer) {
    return Optional.empty();
  }
}
