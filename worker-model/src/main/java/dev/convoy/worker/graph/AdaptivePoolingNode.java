package dev.convoy.worker.graph;

import dev.convoy.worker.model.layer.AdaptiveWindows;
import java.util.List;
import java.util.Optional;

/**
 * The largest value or the mean of windows that are not all of one size; no window has padding.
 *
 * @param rows the windows' rows
 * @param columns the windows' columns
 */
public record AdaptivePoolingNode(
    String name,
    List<String> inputs,
    PoolingNode.Kind kind,
    AdaptiveWindows rows,
    AdaptiveWindows columns)
    implements Node {

  /** Whether it takes the largest value. */
  public boolean isMaximum() {
    return kind == PoolingNode.Kind.MAXIMUM;
  }

  @Override
  public AdaptivePoolingNode reading(List<String> others) {
    return new AdaptivePoolingNode(name, others, kind, rows, columns);
  }

  @Override
  public Optional<Window> windowOverImages() {
    return Optional.of(Window.about(rows, columns));
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return Shape.image(arguments.get(0).channels(), rows.count(), columns.count());
  }
}
