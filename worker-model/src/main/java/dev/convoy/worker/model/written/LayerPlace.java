package dev.convoy.worker.model.written;

import dev.convoy.data.Text;
import dev.convoy.worker.model.LayerException;
import dev.convoy.worker.model.NetworkSketch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Where a written layer goes: behind a value of the network. What it adds is called as it is, and
 * its parts after a dot.
 */
final class LayerPlace {
  private final WrittenSketch written;
  private final NetworkSketch sketch;
  private final LayerPosition position;
  private final String name;

  LayerPlace(WrittenSketch written, LayerPosition position, String name) {
    this.written = written;
    this.sketch = written.sketch();
    this.position = position;
    this.name = name;
  }

  /** The extent of the value that is read next. */
  InputType before() {
    return sketch.extent(sketch.last());
  }

  /** The extent of the value that is read next, which has to be an image. */
  InputType.InputTypeConvolutional images() {
    if (before() instanceof InputType.InputTypeConvolutional images) {
      return images;
    }
    throw unfit("expected an image in front of it, found %s", text(before()));
  }

  /** Whether the network's images have one row, along which kernels move. */
  boolean isSeries() {
    return sketch.isSeries();
  }

  /** Adds the layer itself. */
  void then(Layer layer) {
    sketch.then(name, layer);
  }

  /** Adds a part of the layer. */
  void then(String part, Layer layer) {
    sketch.then(partName(part), layer);
  }

  private String partName(String part) {
    return name + "." + part;
  }

  /** Adds parts that all read the same value, and what joins them. */
  void join(GraphVertex vertex, List<Layer> parts) {
    String source = sketch.last();
    List<String> ends = new ArrayList<>();
    for (Layer part : parts) {
      ends.add(partName(String.valueOf(ends.size() + 1)));
      sketch.at(source).then(ends.get(ends.size() - 1), part);
    }
    joinVertices(vertex, ends);
  }

  /** Adds what joins vertices. */
  void joinVertices(GraphVertex vertex, List<String> vertices) {
    sketch.join(name, vertex, vertices.toArray(String[]::new));
  }

  /** Adds a vertex behind the last one. */
  void then(GraphVertex vertex) {
    sketch.join(name, vertex, sketch.last());
  }

  /** Adds branches that begin at the value that is read next, and tells where each ends. */
  List<String> branches(List<Branch> branches) {
    String source = sketch.last();
    List<String> ends = new ArrayList<>();
    for (Branch branch : branches) {
      sketch.at(branch.value().map(value -> written.vertex(value, position)).orElse(source));
      written.add(branch.layers(), position.branch(ends.size()));
      ends.add(sketch.last());
    }
    return ends;
  }

  /**
   * Adds a classifier behind a branch that takes part in training only; the value in front of the
   * layer is read next.
   */
  void classifyBeside(List<Branch> branch, double dropout, double weight) {
    String source = sketch.last();
    sketch.at(branches(branch).get(0)).auxiliary(name, dropout, weight).at(source);
  }

  /** The vertex that is read next. */
  String last() {
    return sketch.last();
  }

  /** The extent of a vertex. */
  InputType extent(String vertex) {
    return sketch.extent(vertex);
  }

  /** The value of an option that has no default. */
  <T> T required(Optional<T> value, String option) {
    return value.orElseThrow(() -> unfit("expected a value of %s, found none", option));
  }

  /** The layer cannot be here. */
  LayerException unfit(String format, Object... values) {
    return position.unfit(format, values);
  }

  /** An extent in words. */
  static String text(InputType extent) {
    return extent instanceof InputType.InputTypeConvolutional images
        ? Text.of(
            "an image of %d × %d × %d", images.getHeight(), images.getWidth(), images.getChannels())
        : Text.of("a vector of %d", extent.arrayElementsPerExample());
  }
}
