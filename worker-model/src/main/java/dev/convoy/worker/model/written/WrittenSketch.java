package dev.convoy.worker.model.written;

import dev.convoy.worker.model.NetworkSketch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A written network that is being made, and the names of its values. */
final class WrittenSketch {
  private final NetworkSketch sketch;
  private final Map<String, String> named = new LinkedHashMap<>(); // to the vertex
  private final Map<String, LayerPosition> results = new LinkedHashMap<>(); // by vertex

  WrittenSketch(NetworkSketch sketch) {
    this.sketch = sketch;
    named.put(NetworkSketch.INPUT, NetworkSketch.INPUT);
  }

  NetworkSketch sketch() {
    return sketch;
  }

  /** Adds layers, the first one behind the sketch's last vertex. */
  void add(List<WrittenLayer> layers, LayerPosition.OfList list) {
    for (int i = 0; i < layers.size(); i++) {
      add(layers.get(i), list.layer(i, layers.get(i).kind()));
    }
  }

  private void add(WrittenLayer layer, LayerPosition position) {
    layer.as().ifPresent(name -> requireFree(name, position));
    layer.from().ifPresent(name -> sketch.at(vertex(name, position)));
    String name = layer.as().orElse(position.number() + "-" + position.kind());
    layer.layer().addTo(new LayerPlace(this, position, name));
    results.put(sketch.last(), position);
    layer.as().ifPresent(as -> named.put(as, sketch.last()));
  }

  private void requireFree(String name, LayerPosition position) {
    if (named.containsKey(name) || name.equals(NetworkSketch.OUTPUT)) {
      throw position.unfit("as = %s, but that is the name of another value", name);
    }
  }

  /** The vertex of a value that was named before. */
  String vertex(String name, LayerPosition position) {
    String vertex = named.get(name);
    if (vertex == null) {
      throw position.unfit(
          "no value before it is called %s: expected one of %s",
          name, String.join(", ", named.keySet()));
    }
    return vertex;
  }

  /** Makes sure that every result goes into another layer, or into the softmax layer. */
  void requireAllRead() {
    results.forEach(
        (vertex, position) -> {
          if (!sketch.isRead(vertex) && !vertex.equals(sketch.last())) {
            throw position.unfit("nothing reads its result");
          }
        });
  }
}
