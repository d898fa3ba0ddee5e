package dev.convoy.worker.model.written;

import dev.convoy.data.component.Problem;
import dev.convoy.data.component.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of several values that are joined.
 *
 * @param value the name of a value; empty for the one that is in front of the joint
 * @param layers behind that, maybe none
 */
record Branch(Optional<String> value, List<WrittenLayer> layers) {
  private static final String EXPECTED = "a list of layers, or the name of a value";

  /** A list of branches. */
  static final ValueType<List<Branch>> TYPE =
      new ValueType.Structure<>(Branch::read, "a list of branches, each " + EXPECTED);

  private static Optional<List<Branch>> read(Object value, List<Problem> problems) {
    if (!(value instanceof List<?> given)) {
      return Optional.empty();
    }
    List<Branch> branches = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      List<Problem> within = new ArrayList<>();
      readOne(given.get(i), within).ifPresent(branches::add);
      String place = "[" + i + "]";
      within.forEach(problem -> problems.add(problem.within(place)));
    }
    return Optional.of(List.copyOf(branches));
  }

  private static Optional<Branch> readOne(Object value, List<Problem> problems) {
    if (value instanceof List<?>) {
      return LayerList.read(value, problems).map(layers -> new Branch(Optional.empty(), layers));
    }
    Optional<String> name = ValueNames.TYPE.read(value, new ArrayList<>());
    if (name.isEmpty()) {
      problems.add(new Problem("", value, EXPECTED));
    }
    return name.map(known -> new Branch(Optional.of(known), List.of()));
  }
}
