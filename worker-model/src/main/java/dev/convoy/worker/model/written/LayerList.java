package dev.convoy.worker.model.written;

import dev.convoy.data.component.Problem;
import dev.convoy.data.component.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How lists of layers are read. */
final class LayerList {
  /** All layers of a network. What does not fit is named with the layer that it belongs to. */
  static final ValueType<List<WrittenLayer>> TYPE =
      new ValueType.Structure<>(LayerList::readAll, "a list of layers { name = …, options }");

  private LayerList() {}

  private static Optional<List<WrittenLayer>> readAll(Object value, List<Problem> problems) {
    List<Problem> within = new ArrayList<>();
    Optional<List<WrittenLayer>> layers = read(value, within);
    for (Problem problem : within) {
      String place =
          LayerPosition.of(problem.path(), value)
              .map(position -> " for " + position.text())
              .orElse("");
      problems.add(new Problem(problem.path(), problem.found(), problem.expected() + place));
    }
    return layers;
  }

  /** The layers of a network, or of one of its branches. */
  static Optional<List<WrittenLayer>> read(Object value, List<Problem> problems) {
    // The kinds are asked for now, not before: branches are options of some of them.
    return value instanceof List<?>
        ? new ValueType.Member<>(LayerKinds.FAMILY).list().read(value, problems)
        : Optional.empty();
  }
}
