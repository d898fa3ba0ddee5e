package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import java.util.HashSet;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** Branches beside each other whose results become one value. */
final class JoiningKind implements LayerKind {
  /** The option that holds the branches. */
  static final String BRANCHES = "of";

  private static final Option<List<Branch>> OF =
      Option.of(
          BRANCHES,
          Branch.TYPE,
          List.of(),
          "two branches or more: the layers of each, [] for the value in front of them as it is, or"
              + " the name of another value");

  static final List<Component<LayerKind>> KINDS =
      List.of(
          kind(
              "concat",
              "the channels of several values behind each other",
              MergeVertex::new,
              JoiningKind::haveOneExtent),
          kind(
              "add",
              "the sum of several values, place by place",
              () -> new ElementWiseVertex(ElementWiseVertex.Op.Add),
              Object::equals),
          kind(
              "maximum",
              "the largest of several values, place by place: behind convolutions, their maxout",
              () -> new ElementWiseVertex(ElementWiseVertex.Op.Max),
              Object::equals));

  private final List<Branch> branches;
  private final Supplier<GraphVertex> vertex;
  private final BiPredicate<InputType, InputType> fit;

  private JoiningKind(
      List<Branch> branches, Supplier<GraphVertex> vertex, BiPredicate<InputType, InputType> fit) {
    this.branches = branches;
    this.vertex = vertex;
    this.fit = fit;
  }

  private static Component<LayerKind> kind(
      String name,
      String meaning,
      Supplier<GraphVertex> vertex,
      BiPredicate<InputType, InputType> fit) {
    return Component.named(name, meaning)
        .with(OF)
        .createdBy(options -> new JoiningKind(options.value(OF), vertex, fit));
  }

  /** Whether values differ in their channels, or their lengths, alone. */
  private static boolean haveOneExtent(InputType first, InputType second) {
    if (first instanceof InputType.InputTypeConvolutional one
        && second instanceof InputType.InputTypeConvolutional other) {
      return one.getHeight() == other.getHeight() && one.getWidth() == other.getWidth();
    }
    return first.getType() == second.getType();
  }

  @Override
  public void addTo(LayerPlace place) {
    if (branches.size() < 2) {
      throw place.unfit("expected two branches or more in %s, found %d", BRANCHES, branches.size());
    }
    List<String> ends = place.branches(branches);
    if (new HashSet<>(ends).size() < ends.size()) {
      throw place.unfit("expected values that differ, found one of them twice");
    }
    InputType first = place.extent(ends.get(0));
    for (String end : ends) {
      if (!fit.test(first, place.extent(end))) {
        throw place.unfit(
            "branches of different extent: %s, and %s",
            LayerPlace.text(first), LayerPlace.text(place.extent(end)));
      }
    }
    place.joinVertices(vertex.get(), ends);
  }
}
